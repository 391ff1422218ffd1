using System.Reflection;
using System.Runtime.Loader;

namespace CnnTools.Runs;

/// <summary>
/// Loads CnnTools.Csv, the one assembly that knows CsvHelper, with a CsvHelper of its own: in a private load context that
/// answers for nobody else, so that other modules in the process keep theirs, older or newer, loaded before or after.
/// </summary>
public static class CsvBridge
{
    private const string Bridge = "CnnTools.Csv";
    private const string Library = "CsvHelper";
    private static readonly Lock Loading = new();
    private static ICsvCodec? _codec;

    /// <summary>The codec in the folder csv beside this assembly, loaded on first use.</summary>
    /// <exception cref="CnnException">One of its files is missing or cannot be loaded.</exception>
    public static ICsvCodec Codec
    {
        get
        {
            lock (Loading)
            {
                return _codec ??= Load(DefaultFolder);
            }
        }
    }

    /// <summary>Loads a codec from a folder into a context of its own.</summary>
    /// <exception cref="CnnException">One of its files is missing or cannot be loaded.</exception>
    public static ICsvCodec Load(string folder)
    {
        foreach (string name in (string[])[Bridge, Library])
        {
            if (!File.Exists(FileOf(folder, name)))
            {
                throw Errors.CsvBridgeUnavailable(FileOf(folder, name), "the file is missing");
            }
        }

        try
        {
            Assembly assembly = new PrivateContext(folder).LoadFromAssemblyPath(FileOf(folder, Bridge));
            Type type = assembly.GetType("CnnTools.Csv.CsvCodec", throwOnError: true)!;
            return (ICsvCodec)Activator.CreateInstance(type)!;
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or TypeLoadException
            or InvalidCastException or MissingMethodException or TargetInvocationException)
        {
            throw Errors.CsvBridgeUnavailable(
                FileOf(folder, Bridge), (exception.InnerException ?? exception).Message, exception);
        }
    }

    private static string DefaultFolder
    {
        get
        {
            string core = typeof(CsvBridge).Assembly.Location;
            return Path.Combine(core.Length > 0 ? Path.GetDirectoryName(core)! : AppContext.BaseDirectory, "csv");
        }
    }

    private static string FileOf(string folder, string assembly) => Path.GetFullPath(Path.Combine(folder, assembly + ".dll"));

    private sealed class PrivateContext(string folder) : AssemblyLoadContext(Bridge)
    {
        /// <summary>This very Core, our own libraries from the folder; the rest is the runtime's.</summary>
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Assembly core = typeof(CsvBridge).Assembly;
            if (assemblyName.Name == core.GetName().Name)
            {
                return core;
            }

            // Null would hand the question to the default context, where another module's CsvHelper may be.
            string path = FileOf(folder, assemblyName.Name!);
            return assemblyName.Name is Library || File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
