using System.Security;
using System.Text.RegularExpressions;

namespace CnnTools.Runs;

/// <summary>Where a file is or is to be written, checked before anything is touched.</summary>
internal static partial class FilePlace
{
    /// <summary>What the file system throws; everything else is an error of ours.</summary>
    public static bool IsFileError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException;

    /// <summary>What is wrong with a file that is named beside: the system would name one that the user never saw.</summary>
    public static string Reason(Exception exception) => exception switch
    {
        UnauthorizedAccessException or SecurityException => "access is denied.",
        _ => $"{QuotedPath().Replace(exception.Message, "").TrimEnd('.')}.",
    };

    /// <summary>The full path; what is no path at all (empty, a NUL in it) is an error of the file system too.</summary>
    /// <exception cref="IOException">It is no path.</exception>
    public static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (ArgumentException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>The full path, links followed.</summary>
    /// <exception cref="CnnException">Its folder is missing.</exception>
    /// <exception cref="IOException">It is a folder or a device.</exception>
    public static string Resolve(string path)
    {
        string full = FullPath(path);
        FileInfo file = new(full);
        string target = file.LinkTarget is null ? full : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        if (Directory.Exists(target))
        {
            throw new IOException("it is a folder.");
        }

        string? folder = Path.GetDirectoryName(target);
        if (!Directory.Exists(folder))
        {
            throw Errors.FolderNotFound(path, folder ?? target);
        }

        // A rename would put a plain file in the place of /dev/null.
        return !OperatingSystem.IsWindows() && target.StartsWith("/dev/", StringComparison.Ordinal)
            && !target.StartsWith("/dev/shm/", StringComparison.Ordinal)
            ? throw new IOException("it is a device.")
            : target;
    }

    [GeneratedRegex(@"(?: :)? '(?:/|\\|[A-Za-z]:).*'")]
    private static partial Regex QuotedPath();
}
