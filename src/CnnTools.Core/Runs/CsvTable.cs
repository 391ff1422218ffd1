using System.Text;

namespace CnnTools.Runs;

/// <summary>A CSV file as text: a header and rows of as many cells.</summary>
public sealed class CsvTable
{
    private const string Remedy = "Correct the file: a header, then rows of as many cells, separated by commas, in UTF-8.";

    private CsvTable(string path, string[] columns, string[][] rows)
    {
        Path = path;
        Columns = columns;
        Rows = rows;
    }

    public string Path { get; }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<IReadOnlyList<string>> Rows { get; }

    /// <exception cref="CnnException">
    /// The file is missing, cannot be read, or is no table: no header, a column twice, rows of another length.
    /// </exception>
    public static CsvTable Read(string path)
    {
        try
        {
            using StreamReader reader = new(FilePlace.FullPath(path), new UTF8Encoding(false, throwOnInvalidBytes: true));
            string[]? columns = null;
            List<string[]> rows = [];
            foreach (string[] row in CsvBridge.Codec.ReadRows(reader))
            {
                if (columns is null)
                {
                    columns = row;
                    continue;
                }

                rows.Add(row);
                if (row.Length != columns.Length)
                {
                    throw Corrupt(path, $"row {rows.Count} has {row.Length} cells, the header has {columns.Length}");
                }
            }

            return columns is null ? throw Corrupt(path, "it is empty")
                : columns.Distinct(StringComparer.Ordinal).Count() < columns.Length ? throw Corrupt(path, "a column is there twice")
                : new CsvTable(path, columns, [.. rows]);
        }
        catch (Exception exception) when (exception is InvalidDataException or DecoderFallbackException)
        {
            throw Corrupt(path, exception is InvalidDataException ? exception.Message : "it is not UTF-8", exception);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.FileNotFound("The CSV file", path, "Check the path.");
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotRead(path, exception);
        }
    }

    /// <summary>The cells of one column, from the first row down.</summary>
    /// <exception cref="CnnException">There is no such column.</exception>
    public IReadOnlyList<string> Column(string name)
    {
        int index = Columns.ToList().IndexOf(name);
        return index < 0 ? throw Errors.UnknownName("Column", name, Columns) : [.. Rows.Select(row => row[index])];
    }

    private static CnnException Corrupt(string path, string reason, Exception? inner = null) =>
        Errors.CorruptFile(path, "CSV", reason, Remedy, inner);
}
