using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CnnTools.Runs;

/// <summary>What to do with a log that is there already.</summary>
public enum CsvLogMode
{
    /// <summary>Leave it alone and fail.</summary>
    New,

    /// <summary>Replace it.</summary>
    Overwrite,

    /// <summary>Go on below its last row, where its columns are the same.</summary>
    Append,
}

/// <summary>
/// A CSV file that grows row by row, one write each, so that a process that is killed leaves whole rows. The file may be
/// read meanwhile; a second writer is refused.
/// </summary>
public sealed class CsvLog : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly Lock _writing = new();
    private readonly FileLock _lock;
    private readonly SafeFileHandle _file;
    private long _length;

    private CsvLog(string path, IReadOnlyList<string> columns, FileLock fileLock, SafeFileHandle file)
    {
        Path = path;
        Columns = columns;
        _lock = fileLock;
        _file = file;
        _length = RandomAccess.GetLength(file);
    }

    /// <summary>As it was given.</summary>
    public string Path { get; }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Opens a log for writing; its header is on the disk when this returns.</summary>
    /// <exception cref="CnnException">
    /// It is there already (New) or has other columns (Append), another writer has it, or it cannot be written.
    /// </exception>
    public static CsvLog Open(string path, IReadOnlyList<string> columns, CsvLogMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfZero(columns.Count, nameof(columns));
        string[] names = [.. columns];
        FileLock? fileLock = null;
        SafeFileHandle? file = null;
        try
        {
            string target = FilePlace.Resolve(path);
            fileLock = FileLock.Take(target);
            bool startsNewLine = Prepare(path, target, names, mode);
            file = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            CsvLog log = new(path, names, fileLock, file);
            if (startsNewLine)
            {
                log.Append("\n");
            }

            return log;
        }
        catch (Exception exception)
        {
            file?.Dispose();
            fileLock?.Dispose();
            if (FilePlace.IsFileError(exception))
            {
                throw Errors.CannotWrite(path, exception);
            }

            throw;
        }
    }

    /// <summary>Writes one row; see <see cref="CsvCell"/> for the form of its cells.</summary>
    /// <exception cref="CnnException">It cannot be written; the file then ends where it ended before.</exception>
    public void Write(IReadOnlyList<object?> values)
    {
        if (values.Count != Columns.Count)
        {
            throw new ArgumentException($"{values.Count} values for {Columns.Count} columns.", nameof(values));
        }

        string row = CsvBridge.Codec.FormatRow([.. values.Select(CsvCell.Format)]);
        try
        {
            Append(row);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(Path, exception);
        }
    }

    /// <summary>Has the disk itself take the rows, so that they outlive a power cut.</summary>
    /// <exception cref="CnnException">It cannot.</exception>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(Path, exception);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>Leaves a file with our header at the target; true where its last row lacks its line's end.</summary>
    private static bool Prepare(string path, string target, string[] columns, CsvLogMode mode)
    {
        if (File.Exists(target))
        {
            if (mode == CsvLogMode.New)
            {
                throw Errors.FileExists(path, "Use -Append to go on below it, -Force to replace it, or give another path.");
            }

            if (mode == CsvLogMode.Append && CheckHeader(path, target, columns))
            {
                return !EndsWithNewLine(target);
            }
        }

        string header = CsvBridge.Codec.FormatRow(columns);
        AtomicFile.Write(target, stream => stream.Write(Utf8.GetBytes(header)));
        return false;
    }

    /// <summary>True where the header is ours, false where the file has no row at all.</summary>
    private static bool CheckHeader(string path, string target, string[] columns)
    {
        using StreamReader reader = new(target, Utf8);
        try
        {
            // To the end: below a quote that was never closed, nothing that we add would be a row.
            string[]? header = null;
            foreach (string[] row in CsvBridge.Codec.ReadRows(reader))
            {
                header ??= row;
            }

            if (reader.CurrentEncoding is not UTF8Encoding)
            {
                throw Errors.CorruptFile(path, "CSV", $"it is in {reader.CurrentEncoding.WebName}, a log is in UTF-8", Remedy);
            }

            return header is null || header.SequenceEqual(columns, StringComparer.Ordinal)
                ? header is not null
                : throw Errors.LogDiffers(path, columns, header);
        }
        catch (InvalidDataException exception)
        {
            throw Errors.CorruptFile(path, "CSV", exception.Message, Remedy, exception);
        }
    }

    private const string Remedy = "Give another path, or replace the file with -Force.";

    private static bool EndsWithNewLine(string target)
    {
        using FileStream stream = File.OpenRead(target);
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }

    private void Append(string text)
    {
        byte[] bytes = Utf8.GetBytes(text);
        lock (_writing)
        {
            try
            {
                RandomAccess.Write(_file, bytes, _length);
                _length += bytes.Length;
            }
            catch (Exception exception) when (FilePlace.IsFileError(exception))
            {
                CutBack();
                throw;
            }
        }
    }

    /// <summary>Half a row goes; where even that fails, the next row is written over it.</summary>
    private void CutBack()
    {
        try
        {
            RandomAccess.SetLength(_file, _length);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            // The first error is the one to tell.
        }
    }
}
