using System.Reflection;
using System.Runtime.Loader;

namespace CnnTools;

/// <summary>
/// An assembly of ours that knows libraries of others, in a folder with copies of them. It is loaded in a private load
/// context that answers for nobody else, so that other modules in the process keep theirs, older or newer, loaded before or
/// after. It shares this very Core.
/// </summary>
/// <param name="folder">Its folder; a relative path begins beside Core.</param>
/// <param name="name">The assembly's, without the extension.</param>
/// <param name="libraries">The assemblies it cannot do without, which must be in the folder too.</param>
/// <param name="errorId">The id of the error if it cannot be loaded.</param>
public sealed class PrivateAssembly(string folder, string name, string[] libraries, string errorId)
{
    private static readonly Assembly Core = typeof(PrivateAssembly).Assembly;
    private readonly string _folder = Path.GetFullPath(folder, HomeOfCore);

    /// <summary>A new object of a type with a public constructor without parameters.</summary>
    /// <exception cref="CnnException">One of the files is missing or cannot be loaded.</exception>
    public T Create<T>(string type) => Load<T>(type, Activator.CreateInstance);

    /// <summary>What a public static method without parameters gives. Its own errors pass unchanged.</summary>
    /// <exception cref="CnnException">One of the files is missing or cannot be loaded.</exception>
    public T Call<T>(string type, string method) => Load<T>(
        type,
        found => (found.GetMethod(method, []) ?? throw new MissingMethodException(type, method))
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, null, null));

    private T Load<T>(string type, Func<Type, object?> make)
    {
        foreach (string assembly in (string[])[name, .. libraries])
        {
            if (!File.Exists(FileOf(assembly)))
            {
                throw Errors.AssemblyUnavailable(errorId, FileOf(assembly), "the file is missing");
            }
        }

        try
        {
            Assembly assembly = new Context(name, _folder).LoadFromAssemblyPath(FileOf(name));
            return (T)make(assembly.GetType(type, throwOnError: true)!)!;
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or TypeLoadException
            or InvalidCastException or MissingMethodException or TargetInvocationException)
        {
            throw Errors.AssemblyUnavailable(
                errorId, FileOf(name), (exception.InnerException ?? exception).Message, exception);
        }
    }

    private static string HomeOfCore =>
        Core.Location is { Length: > 0 } path ? Path.GetDirectoryName(path)! : AppContext.BaseDirectory;

    private string FileOf(string assembly) => Path.Combine(_folder, assembly + ".dll");

    private sealed class Context(string name, string folder) : AssemblyLoadContext(name)
    {
        /// <summary>This very Core, what lies in the folder; the rest is the runtime's.</summary>
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            string path = Path.Combine(folder, assemblyName.Name + ".dll");
            return assemblyName.Name == Core.GetName().Name ? Core : File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }

        /// <summary>A native library of the folder, named as its file or as the platform spells that; else the system's.</summary>
        protected override nint LoadUnmanagedDll(string unmanagedDllName)
        {
            string spelled = OperatingSystem.IsWindows() ? $"{unmanagedDllName}.dll"
                : OperatingSystem.IsMacOS() ? $"lib{unmanagedDllName}.dylib"
                : $"lib{unmanagedDllName}.so";
            string? path = ((string[])[unmanagedDllName, spelled])
                .Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
            return path is null ? 0 : LoadUnmanagedDllFromPath(path);
        }
    }
}
