using CnnTools.Runs;
using CsvHelper;

namespace CnnTools.Csv;

/// <summary>CSV through CsvHelper. Created by name from Core's CsvBridge.</summary>
public sealed class CsvCodec : ICsvCodec
{
    // CsvHelper's defaults guess the separator and mend what is malformed: a log or a list of labels is neither guessed nor mended.
    private static readonly CsvReaderOptions Reading = new()
    {
        Separator = ',',
        HasHeader = false,
        TrackLineNumbers = true,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private static readonly CsvWriterOptions Writing = new()
    {
        NewLine = "\n",
        Quoting = CsvQuoting.WhenNeededOrWhitespace,
    };

    public string FormatRow(IReadOnlyList<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        using StringWriter text = new();
        using (CsvWriter writer = CsvWriter.Create(text, Writing, leaveOpen: true))
        {
            foreach (string cell in cells)
            {
                writer.WriteField(cell);
            }

            writer.EndRecord();
        }

        return text.ToString();
    }

    public IEnumerable<string[]> ReadRows(TextReader reader)
    {
        using CsvReader rows = CsvReader.Create(reader, Reading, leaveOpen: true);
        while (Read(rows))
        {
            yield return rows.Current.ToArray();
        }
    }

    private static bool Read(CsvReader rows)
    {
        try
        {
            return rows.Read();
        }
        catch (CsvFormatException exception)
        {
            throw new InvalidDataException(exception.Message.TrimEnd('.'), exception);
        }
    }
}
