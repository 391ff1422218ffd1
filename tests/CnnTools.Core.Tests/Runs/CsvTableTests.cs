using CnnTools.Runs;
using CnnTools.Tests.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CnnTools.Tests.Runs;

public sealed class CsvTableTests : IDisposable
{
    /// <summary>What CSV has to quote, and what some readers trim or take for a comment or a byte order mark.</summary>
    private static readonly Gen<string> Cells =
        from letters in Gen.Elements('a', ',', '"', '\n', '\r', ' ', '\t', ';', '#', '=', '\\', '\uFEFF', 'ä', '\0').ListOf()
        select new string([.. letters]);

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.Path, "table.csv");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Any_text_comes_back_as_it_was_written() => Properties.Hold(Prop.ForAll(
        (from width in Gen.Choose(1, 4)
         from rows in Cells.ArrayOf(width).ListOf()
         select (width, rows: rows.ToArray())).ToArbitrary(),
        made =>
        {
            string[] columns = [.. Enumerable.Range(0, made.width).Select(i => $"column {i}")];
            using (CsvLog log = CsvLog.Open(File, columns, CsvLogMode.Overwrite))
            {
                foreach (string[] row in made.rows)
                {
                    log.Write(row);
                }
            }

            CsvTable table = CsvTable.Read(File);
            return table.Columns.SequenceEqual(columns) && table.Rows.Count == made.rows.Length
                && table.Rows.Zip(made.rows).All(pair => pair.First.SequenceEqual(pair.Second));
        }));

    [Fact]
    public void Any_number_comes_back_as_it_was_written() => Properties.Hold(Prop.ForAll(
        ArbMap.Default.ArbFor<(double, float, long)>(),
        made => double.Parse(CsvCell.Format(made.Item1), Invariant).Equals(made.Item1)
            && float.Parse(CsvCell.Format(made.Item2), Invariant).Equals(made.Item2)
            && long.Parse(CsvCell.Format(made.Item3), Invariant) == made.Item3));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n\n", "empty")]
    [InlineData("a,b\n1\n", "row 1 has 1 cells, the header has 2")]
    [InlineData("a,b\n1,2\n1,2,3\n", "row 2 has 3 cells")]
    [InlineData("a,a\n1,2\n", "twice")]
    [InlineData("a,b\nx\"y,2\n", "")]
    [InlineData("a,b\n\"x\"y,2\n", "")]
    [InlineData("a,b\n\"x,2\n", "")]
    public void What_is_no_table_is_an_error_that_tells_why(string content, string reason)
    {
        System.IO.File.WriteAllText(File, content);
        CnnException exception = Assert.Throws<CnnException>(() => CsvTable.Read(File));
        Assert.Equal("CorruptFile", exception.Id);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_encoding_is_an_error()
    {
        System.IO.File.WriteAllBytes(File, [.. "name\ncaf"u8, 0xE9, (byte)'\n']);
        Assert.Contains("UTF-8", Assert.Throws<CnnException>(() => CsvTable.Read(File)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error() =>
        Assert.Equal("FileNotFound", Assert.Throws<CnnException>(() => CsvTable.Read(File)).Id);

    [Fact]
    public void Columns_are_found_by_name()
    {
        System.IO.File.WriteAllText(File, "File,Label\n1.png,cat\n2.png,dog");
        CsvTable table = CsvTable.Read(File);
        Assert.Equal(["cat", "dog"], table.Column("Label"));
        Assert.Equal("UnknownColumn", Assert.Throws<CnnException>(() => table.Column("Lable")).Id);
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
