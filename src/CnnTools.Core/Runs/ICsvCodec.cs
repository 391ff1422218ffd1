namespace CnnTools.Runs;

/// <summary>CSV as text, with a comma and RFC 4180's quotes. What implements it is loaded by <see cref="CsvBridge"/>.</summary>
public interface ICsvCodec
{
    /// <summary>One row, with its line feed.</summary>
    string FormatRow(IReadOnlyList<string> cells);

    /// <summary>The rows one by one, the header included; blank lines are left out.</summary>
    /// <exception cref="InvalidDataException">A row is no CSV; the message tells which.</exception>
    IEnumerable<string[]> ReadRows(TextReader reader);
}
