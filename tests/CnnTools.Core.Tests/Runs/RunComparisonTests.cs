using CnnTools.Runs;
using CnnTools.Tests.Data;
using CnnTools.Tests.Reports;
using CnnTools.Training;

namespace CnnTools.Tests;

public sealed class RunComparisonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Settings_differ_by_what_is_in_their_lists()
    {
        CnnRun first = Create("first", ["RandomCrop 4"], [2, 3]);

        Assert.Equal(["Name", "Augmentation"], Columns(first, Create("second", ["HorizontalFlip"], [2, 3])));
        Assert.Equal(["Name", "Schedule"], Columns(first, Create("third", ["RandomCrop 4"], [2, 4])));
        Assert.Equal(["Name"], Columns(first, Create("fourth", ["RandomCrop 4"], [2, 3])));
        Assert.Equal("[\"RandomCrop 4\"]", RunFacts.Show(first.Settings.Augmentation));
    }

    private static IEnumerable<string> Columns(params CnnRun[] runs) => RunComparison.Compare(runs)[0].Select(cell => cell.Key);

    private CnnRun Create(string name, string[] augmentation, int[] milestones) => ReportRuns.Create(
        _folder, name, [1], settings: new TrainingOptions { Augmentation = [.. augmentation], Schedule = new() { Kind = ScheduleKind.MultiStep, Milestones = milestones } });
}
