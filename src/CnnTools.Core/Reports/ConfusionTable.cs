using System.Globalization;
using CnnTools.Plots;
using CnnTools.Training;

namespace CnnTools.Reports;

/// <summary>A confusion matrix as a table in colours, and the pairs of classes that are taken for one another most.</summary>
internal static class ConfusionTable
{
    // More are a picture without numbers.
    private const int MostClasses = 40;
    private const int MostPairs = 10;

    // Steps of the style sheet's colours.
    private const int Shades = 10;

    public static void Write(HtmlWriter html, Evaluation evaluation)
    {
        if (evaluation.Classes.Length <= MostClasses)
        {
            html.Element("div", () => html.Element("table", () => WriteMatrix(html, evaluation), ("class", "confusion")),
                ("class", "scroll"), ("role", "region"), ("aria-label", "Confusion matrix"), ("tabindex", "0"));
        }
        else
        {
            string svg = Plot.Draw(evaluation);
            html.Element("div", () => html.Raw(svg[svg.IndexOf("<svg", StringComparison.Ordinal)..]),
                ("class", "scroll paper"), ("role", "region"), ("aria-label", "Confusion matrix"), ("tabindex", "0"));
        }

        WritePairs(html, evaluation);
    }

    private static void WriteMatrix(HtmlWriter html, Evaluation evaluation)
    {
        html.Element("caption", "A row for each true class, a column for each predicted one");
        html.Element("thead", () => html.Element("tr", () =>
        {
            html.Element("td", "");
            foreach (ClassFigures figures in evaluation.Classes)
            {
                html.Element("th", figures.Class, ("scope", "col"));
            }

            html.Element("th", "Recall",
                ("scope", "col"), ("class", "margin"), ("title", "Of those of the class, the share that was found"));
        }));
        html.Element("tbody", () =>
        {
            foreach ((int row, ClassFigures figures) in evaluation.Classes.Index())
            {
                html.Element("tr", () => WriteRow(html, evaluation, row, figures));
            }
        });
        html.Element("tfoot", () => html.Element("tr", () =>
        {
            html.Element("th", "Precision",
                ("scope", "row"), ("title", "Of those that were taken for the class, the share that are of it"));
            foreach (ClassFigures figures in evaluation.Classes)
            {
                html.Element("td", Share(figures.Precision));
            }

            html.Element("td", "");
        }));
    }

    private static void WriteRow(HtmlWriter html, Evaluation evaluation, int row, ClassFigures figures)
    {
        html.Element("th", figures.Class, ("scope", "row"));
        foreach ((int column, int count) in evaluation.ConfusionMatrix[row].Index())
        {
            string text = count.ToString(CultureInfo.InvariantCulture);
            html.Element("td", text,
                ("class", ClassOf(row == column, count, figures.Images)),
                ("title", $"{figures.Class} taken for {evaluation.Classes[column].Class}: {text}"));
        }

        html.Element("td", Share(figures.Recall), ("class", "margin"));
    }

    /// <summary>The root of the share of the row: one image in a hundred is to be seen.</summary>
    private static string ClassOf(bool isRight, int count, int images)
    {
        int shade = (int)Math.Ceiling(Math.Sqrt((double)count / images) * Shades);
        return count == 0 ? "zero" : string.Create(CultureInfo.InvariantCulture, $"{(isRight ? "right" : "wrong")} heat-{shade}");
    }

    private static string Share(double? share) => share is { } value ? value.ToString("F3", CultureInfo.InvariantCulture) : Figure.Missing;

    private static void WritePairs(HtmlWriter html, Evaluation evaluation)
    {
        ConfusedPair[] pairs = [.. evaluation.ConfusedPairs.Take(MostPairs)];
        if (pairs.Length == 0)
        {
            return;
        }

        html.Element("details", () =>
        {
            html.Element("summary", "Most confused classes");
            SortableTable.Write(html, "Most confused classes",
                [new("Class"), new("Taken for"), new("Images", IsNumber: true), new("Share of the class", IsNumber: true)],
                pairs.Select(pair => new TableRow([new(pair.Class), new(pair.Predicted), Figure.Count(pair.Images), Figure.Share(pair.Share)])));
        });
    }
}
