using System.Globalization;
using CnnTools.Runs;

namespace CnnTools.Reports;

/// <summary>The runs as a table: how each stands, and what came of it.</summary>
internal static class RunTable
{
    private const int ErrorsOpen = 3;

    // Settings: where all runs share them, they stand among the settings that are the same.
    private const int Shareable = 2;

    private static readonly (TableColumn Column, Func<ReportedRun, TableCell> Cell)[] Columns =
    [
        (new("Model"), run => new(run.Run.Model)),
        (new("Data set"), run => new(run.Dataset, Tip: run.Dataset == run.Run.Dataset ? null : run.Run.Dataset)),
        (new("State"), run => new(run.Run.State.ToString())),
        (new("Epochs", IsNumber: true, "Completed, of those that it was begun for"), Epochs),
        (new("Training loss", IsNumber: true, "Of the last epoch"), run => Figure.Loss(run.Run.TrainLoss)),
        (new("Training accuracy", IsNumber: true, "Of the last epoch"), run => Figure.Share(run.Run.TrainAccuracy)),
        (new("Validation accuracy", IsNumber: true, "Of the selected epoch"), run => Figure.Share(run.ValidationAccuracy)),
        (new("Selected epoch", IsNumber: true, "The first that was best on the validation split"), run => Figure.Count(run.SelectedEpoch)),
        (new("Test accuracy", IsNumber: true, "Of the selected epoch, else of the last"), run => Figure.Share(run.TestAccuracy)),
        (new("95 % interval", IsNumber: true, "Wilson's, of the test accuracy: what other test images might give"), Interval),
        (new("Time", IsNumber: true, "Of all epochs"), run => run.Epochs.Count == 0 ? TableCell.None : Figure.Duration(run.Seconds)),
        (new("Begun", IsNumber: true), run => Figure.Moment(run.Run.Manifest.Started)),
    ];

    /// <summary>What no run has, or tells none from another, gets no column.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportedRun> runs)
    {
        TableCell[][] cells = [.. runs.Select(run => Array.ConvertAll(Columns, column => column.Cell(run)))];
        int[] told =
        [
            .. Enumerable.Range(0, Columns.Length).Where(column => column < Shareable
                ? cells.DistinctBy(row => row[column].Text).Count() > 1
                : cells.Any(row => row[column].Text.Length > 0)),
        ];
        SortableTable.Write(html, "Runs",
            [new("Run"), .. told.Select(column => Columns[column].Column)],
            ReportedRun.BriefNames(runs).Select((name, index) => new TableRow(
                [new(name, Tip: $"{runs[index].Run.Name}: {runs[index].Run.Command}"), .. told.Select(column => cells[index][column])],
                runs.Count > 1 ? RunColor.Of(index) : null)));
        WriteErrors(html, [.. runs.Select(run => run.Run).Where(run => run.Error.Length > 0)]);
    }

    private static TableCell Epochs(ReportedRun run) => Figure.Count(run.Run.Epoch) with
    {
        Text = string.Create(CultureInfo.InvariantCulture, $"{run.Run.Epoch} of {run.Run.Epochs}"),
    };

    private static TableCell Interval(ReportedRun run) => run.Measure is { Lower: { } lower, Upper: { } upper } measure
        ? Figure.Share(lower, string.Create(CultureInfo.InvariantCulture, $"{measure.TestImages:#,0} test images")) with
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"{lower:F4} \u2013 {upper:F4}"),
        }
        : TableCell.None;

    /// <summary>What ended the runs that failed; folded where there are many.</summary>
    private static void WriteErrors(HtmlWriter html, CnnRun[] failed)
    {
        if (failed.Length == 0)
        {
            return;
        }

        html.Element("details", () =>
        {
            html.Element("summary", string.Create(CultureInfo.InvariantCulture, $"{failed.Length} failed"));
            foreach (CnnRun run in failed)
            {
                html.Element("p", $"{run.Name}: {run.Error}", ("class", "absent"));
            }
        }, ("open", failed.Length <= ErrorsOpen ? "" : null));
    }
}
