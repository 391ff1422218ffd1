using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Loader;
using CnnTools.Runs;
using CnnTools.Tests.Data;

namespace CnnTools.Tests.Runs;

/// <summary>Our CsvHelper next to those that other modules in the process bring.</summary>
public sealed class CsvBridgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Beside => Path.Combine(AppContext.BaseDirectory, "csv");

    [Fact]
    public void Others_get_their_own_CsvHelper_older_or_newer_before_or_after()
    {
        // In one test, since what the default context has loaded stays.
        Assert.Equal("a,b\n", CsvBridge.Codec.FormatRow(["a", "b"]));
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, a => a.GetName().Name is "CsvHelper" or "CnnTools.Csv");

        // Newer than ours and in the default context, as Import-Module loads it.
        Assembly newer = AssemblyLoadContext.Default.LoadFromAssemblyPath(MakeCsvHelper(new Version(999, 0, 0, 0)));
        Assembly older = new AssemblyLoadContext("another module").LoadFromAssemblyPath(MakeCsvHelper(new Version(1, 0, 0, 0)));
        Assert.Same(newer, Assembly.Load(new AssemblyName("CsvHelper")));
        Assert.NotSame(newer, older);

        ICsvCodec after = CsvBridge.Load(Beside);
        foreach (ICsvCodec codec in (ICsvCodec[])[CsvBridge.Codec, after])
        {
            Assert.Equal("a,b\n", codec.FormatRow(["a", "b"]));
            AssemblyLoadContext ours = AssemblyLoadContext.GetLoadContext(codec.GetType().Assembly)!;
            Assert.Equal("CnnTools.Csv", ours.Name);
            Assembly used = Assert.Single(ours.Assemblies, a => a.GetName().Name == "CsvHelper");
            Assert.StartsWith(Beside, used.Location, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Core_is_shared_with_the_bridge() =>
        Assert.DoesNotContain(
            AssemblyLoadContext.All.SelectMany(context => context.Assemblies),
            a => a.GetName().Name == "CnnTools.Core" && a != typeof(CsvBridge).Assembly);

    [Theory]
    [InlineData("CnnTools.Csv.dll")]
    [InlineData("CsvHelper.dll")]
    public void A_missing_file_is_an_error_that_names_it(string missing)
    {
        foreach (string file in Directory.GetFiles(Beside, "*.dll").Where(f => Path.GetFileName(f) != missing))
        {
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        }

        CnnException exception = Assert.Throws<CnnException>(() => CsvBridge.Load(_folder.Path));
        Assert.Equal("CsvBridgeUnavailable", exception.Id);
        Assert.Contains(Path.Combine(_folder.Path, missing), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_is_an_error_of_ours()
    {
        _folder.Write("CnnTools.Csv.dll", [1, 2, 3]);
        _folder.Write("CsvHelper.dll", [1, 2, 3]);
        Assert.Equal("CsvBridgeUnavailable", Assert.Throws<CnnException>(() => CsvBridge.Load(_folder.Path)).Id);
    }

    /// <summary>An assembly of that name with nothing in it.</summary>
    private static string MakeCsvHelper(Version version)
    {
        // Not in the folder of the test: Windows does not delete what is loaded.
        string path = Path.Combine(Directory.CreateTempSubdirectory("cnntools-test-").FullName, "CsvHelper.dll");
        PersistedAssemblyBuilder assembly = new(new AssemblyName("CsvHelper") { Version = version }, typeof(object).Assembly);
        assembly.DefineDynamicModule("CsvHelper").DefineType("CsvHelper.CsvWriter", TypeAttributes.Public).CreateType();
        assembly.Save(path);
        return path;
    }
}
