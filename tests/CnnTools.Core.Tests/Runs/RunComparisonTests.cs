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
        Assert.Equal("RandomCrop 2, HorizontalFlip", RunFacts.Show(Create("fifth", ["RandomCrop 2", "HorizontalFlip"], [2]).Settings.Augmentation));
    }

    [Fact]
    public void A_schedule_is_told_as_it_is_asked_for()
    {
        Assert.Equal("Cosine", RunFacts.Show(new ScheduleOptions { Kind = ScheduleKind.Cosine, By = ScheduleUnit.Epoch }));
        Assert.Equal("OneCycle", RunFacts.Show(new ScheduleOptions { Kind = ScheduleKind.OneCycle }));
        Assert.Equal("Step, StepSize 30, Gamma 0.1, WarmupEpochs 2",
            RunFacts.Show(new ScheduleOptions { Kind = ScheduleKind.Step, StepSize = 30, Gamma = 0.1, WarmupEpochs = 2 }));
        Assert.Equal("MultiStep, Milestones 2,3, ScheduleBy Step",
            RunFacts.Show(new ScheduleOptions { Kind = ScheduleKind.MultiStep, Milestones = [2, 3], By = ScheduleUnit.Step }));
    }

    private static IEnumerable<string> Columns(params CnnRun[] runs) => RunComparison.Compare(runs)[0].Select(cell => cell.Key);

    private CnnRun Create(string name, string[] augmentation, int[] milestones) => ReportRuns.Create(
        _folder, name, [1], settings: new TrainingOptions { Augmentation = [.. augmentation], Schedule = new() { Kind = ScheduleKind.MultiStep, Milestones = milestones } });
}
