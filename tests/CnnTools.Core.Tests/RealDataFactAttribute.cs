using System.Runtime.CompilerServices;

namespace CnnTools.Tests;

/// <summary>
/// A test on real data: skipped where they are absent. The data are beside the repository, in ../shared/data, or
/// where $CNNTOOLS_TEST_DATA says.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    private const string Variable = "CNNTOOLS_TEST_DATA";

    /// <param name="folder">A folder, or a file, in the data folder: "mnist".</param>
    public RealDataFactAttribute(string folder)
    {
        Folder = folder;
        if (!Path.Exists(Path.Combine(Root, folder)))
        {
            Skip = $"Needs '{Path.Combine(Root, folder)}'; ${Variable} names another data folder.";
        }
    }

    public string Folder { get; }

    /// <summary>The data folder; it need not exist.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : BesideRepository();

    private static string BesideRepository([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "shared", "data"));
}
