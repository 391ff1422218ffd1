namespace CnnTools.Reports;

/// <summary>A column of a table.</summary>
/// <param name="IsNumber">Whether its cells are numbers: they stand to the right.</param>
/// <param name="Tip">What the title does not say.</param>
internal sealed record TableColumn(string Title, bool IsNumber = false, string? Tip = null);

/// <summary>A cell of a table.</summary>
/// <param name="Text">Empty where there is none.</param>
/// <param name="Value">The number that rows are sorted by; null sorts by the text.</param>
/// <param name="Tip">What the text does not say.</param>
internal sealed record TableCell(string Text, string? Value = null, string? Tip = null)
{
    public static TableCell None { get; } = new("");
}

/// <summary>A row of a table.</summary>
/// <param name="Cells">The first one names the row.</param>
/// <param name="Color">The mark before the name; null is none.</param>
internal sealed record TableRow(IReadOnlyList<TableCell> Cells, string? Color = null);

/// <summary>A table that the page's script lets the reader sort.</summary>
internal static class SortableTable
{
    public static void Write(HtmlWriter html, string name, IReadOnlyList<TableColumn> columns, IEnumerable<TableRow> rows) => html.Element(
        "div",
        () => html.Element("table", () =>
        {
            html.Element("thead", () => html.Element("tr", () => WriteHeads(html, columns)));
            html.Element("tbody", () =>
            {
                foreach (TableRow row in rows)
                {
                    html.Element("tr", () => WriteCells(html, columns, row));
                }
            });
        }, ("class", "sortable")),
        ("class", "scroll"), ("role", "region"), ("aria-label", name), ("tabindex", "0"));

    /// <summary>A line in a colour, as it stands in the charts.</summary>
    public static void WriteSwatch(HtmlWriter html, string color) => html.Raw(
        $"""<svg class="swatch" viewBox="0 0 16 8" aria-hidden="true"><path d="M1 4h14" stroke="{HtmlWriter.Escape(color)}"/></svg>""");

    private static void WriteHeads(HtmlWriter html, IReadOnlyList<TableColumn> columns)
    {
        foreach (TableColumn column in columns)
        {
            html.Element("th", column.Title, ("scope", "col"), ("class", column.IsNumber ? "number" : null), ("title", column.Tip));
        }
    }

    private static void WriteCells(HtmlWriter html, IReadOnlyList<TableColumn> columns, TableRow row)
    {
        foreach ((int index, TableCell cell) in row.Cells.Index())
        {
            (string, string?)[] attributes =
            [
                ("scope", index == 0 ? "row" : null),
                ("class", cell.Text.Length == 0 ? "missing" : columns[index].IsNumber ? "number" : null),
                ("data-value", cell.Value),
                ("title", cell.Tip),
            ];
            html.Element(index == 0 ? "th" : "td", () =>
            {
                if (index == 0 && row.Color is { } color)
                {
                    WriteSwatch(html, color);
                }

                html.Text(cell.Text.Length == 0 ? Figure.Missing : cell.Text);
            }, attributes);
        }
    }
}
