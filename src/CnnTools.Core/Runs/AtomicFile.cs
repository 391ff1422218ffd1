using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnTools.Runs;

/// <summary>
/// Writes a file whole or not at all: beside its place under a name of its own, flushed to disk, then renamed. Until the
/// rename, what was there before stays as it was. What a killed process left beside it goes with the next write.
/// </summary>
public static partial class AtomicFile
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
                using (FileStream stream = new(temporary, Options()))
                {
                    KeepMode(target, stream);
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, target, overwrite: true);
                RemoveLeftovers(target);
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

    /// <summary>Finds out whether <see cref="Write"/> can create a file there, without touching one that is there.</summary>
    /// <exception cref="CnnException">It cannot: the folder is missing or may not be written.</exception>
    public static void RequireWritable(string path)
    {
        try
        {
            string target = FilePlace.Resolve(path);
            string temporary = Path.Combine(Path.GetDirectoryName(target)!, TemporaryName(target));
            File.Create(temporary).Dispose();
            File.Delete(temporary);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(path, exception);
        }
    }

    private static string TemporaryName(string target) =>
        $"{TemporaryStart(target)}{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";

    /// <summary>Tells whose leftover it is; not by all of the name, since names have a limit.</summary>
    private static string TemporaryStart(string target)
    {
        string name = Path.GetFileName(target);
        return $".{name[..Math.Min(name.Length, 40)]}.";
    }

    [GeneratedRegex(@"^(\d+)-[0-9a-f]{32}\.tmp$")]
    private static partial Regex TemporaryEnd();

    /// <summary>Removes this file's temporaries whose process is no more: they may be as large as a model.</summary>
    private static void RemoveLeftovers(string target)
    {
        string start = TemporaryStart(target);
        try
        {
            foreach (FileInfo file in new DirectoryInfo(Path.GetDirectoryName(target)!).EnumerateFiles())
            {
                if (file.Name.StartsWith(start, StringComparison.Ordinal)
                    && TemporaryEnd().Match(file.Name[start.Length..]) is { Success: true } match
                    && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                    && !IsRunning(process) && !IsHeld(file.FullName))
                {
                    file.Delete();
                }
            }
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            // The file itself is written; what others left can stay.
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            Process.GetProcessById(process).Dispose();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Another machine's process may write into a folder that is shared.</summary>
    private static bool IsHeld(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            return true;
        }
    }

    private static FileStreamOptions Options() => new()
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        Share = FileShare.None,
        BufferSize = BufferSize,
    };

    /// <summary>Set afterwards, since a mode asked for at creation loses what the umask takes.</summary>
    private static void KeepMode(string target, FileStream stream)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(target))
        {
            File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(target));
        }
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
