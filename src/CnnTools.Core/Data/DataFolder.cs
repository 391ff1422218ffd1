namespace CnnTools.Data;

/// <summary>The folder where data sets are looked for.</summary>
public static class DataFolder
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "CNNTOOLS_DATA";

    /// <summary>
    /// The path given, else the environment variable, else "cnntools" in the user's cache folder. It need not exist.
    /// </summary>
    public static string Resolve(string? dataPath)
    {
        string? folder = string.IsNullOrEmpty(dataPath) ? Environment.GetEnvironmentVariable(Variable) : dataPath;
        try
        {
            return Path.GetFullPath(string.IsNullOrEmpty(folder) ? Path.Combine(UserCache(), "cnntools") : folder);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or IOException)
        {
            throw Errors.InvalidArgument("DataPath", folder, "the path of a folder");
        }
    }

    /// <summary>The environment variable's folder in full; null where it is not set.</summary>
    internal static string? Preferred =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)) ? null : Resolve(null);

    private static string UserCache()
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsMacOS())
        {
            return Path.Combine(home, "Library", "Caches");
        }

        // The XDG Base Directory Specification has relative paths ignored.
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        return Path.IsPathFullyQualified(cache ?? "") ? cache! : Path.Combine(home, ".cache");
    }
}
