namespace CnnTools.Runs;

/// <summary>
/// Keeps a second writer, in this process or another, away from a file, while readers may still open it. A hidden file
/// beside it is held open: on Unix .NET cannot lock out writers alone on the file itself. A process that is killed
/// releases it; the file that stays behind then locks nothing.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _held;

    private FileLock(FileStream held) => _held = held;

    /// <param name="target">The full path of the file to keep.</param>
    /// <exception cref="CnnException">Another writer has it.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static FileLock Take(string target)
    {
        string path = PathOf(target);
        while (true)
        {
            FileStream held;
            try
            {
                held = new FileStream(
                    path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException exception) when (IsSharingViolation(exception))
            {
                throw Errors.FileInUse(target, exception);
            }

            // The other writer may have ended, and removed this very file, between our opening and our locking of it.
            if (File.Exists(path))
            {
                return new FileLock(held);
            }

            held.Dispose();
        }
    }

    /// <summary>Whether a writer has the file. The question keeps none away, unless it comes in the same instant.</summary>
    /// <param name="target">The full path of the file.</param>
    public static bool IsTaken(string target)
    {
        string path = PathOf(target);
        try
        {
            // Most are not even there.
            if (File.Exists(path))
            {
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            }

            return false;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            return true;
        }
    }

    public void Dispose() => _held.Dispose();

    private static string PathOf(string target) =>
        Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.lock");

    /// <summary>ERROR_SHARING_VIOLATION on Windows, EWOULDBLOCK elsewhere (11 on Linux, 35 on macOS).</summary>
    private static bool IsSharingViolation(IOException exception) =>
        exception.HResult is unchecked((int)0x80070020) or 11 or 35;
}
