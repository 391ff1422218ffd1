namespace CnnTools.Runs;

/// <summary>
/// Writes a file whole or not at all: beside its place under a name of its own, flushed to disk, then renamed. Until the
/// rename, what was there before stays as it was.
/// </summary>
public static class AtomicFile
{
    private const int BufferSize = 1 << 16;

    /// <summary>Creates or replaces a file; its folder must be there. A symbolic link is followed, permissions are kept.</summary>
    /// <param name="write">Writes the content; where it throws, nothing is left behind.</param>
    /// <exception cref="CnnException">The folder is missing, or the file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            string target = FilePlace.Resolve(path);
            string temporary = Path.Combine(Path.GetDirectoryName(target)!, TemporaryName(target));
            try
            {
                using (FileStream stream = new(temporary, Options(target)))
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, target, overwrite: true);
            }
            catch
            {
                Remove(temporary);
                throw;
            }
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(path, exception);
        }
    }

    /// <summary>The start of the name tells whose leftover it is; not all of it, since names have a limit.</summary>
    private static string TemporaryName(string target)
    {
        string name = Path.GetFileName(target);
        return $".{name[..Math.Min(name.Length, 40)]}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
    }

    private static FileStreamOptions Options(string target)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = BufferSize,
        };
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            options.UnixCreateMode = File.GetUnixFileMode(target);
        }

        return options;
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            // The first error is the one to tell.
        }
    }
}
