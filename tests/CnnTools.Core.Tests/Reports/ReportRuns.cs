using System.Globalization;
using CnnTools.Data;
using CnnTools.Reports;
using CnnTools.Runs;
using CnnTools.Tests.Data;
using CnnTools.Training;

namespace CnnTools.Tests.Reports;

/// <summary>Runs' folders without a training, and what a model of one does.</summary>
internal static class ReportRuns
{
    /// <param name="losses">Of the training split, epoch by epoch; null makes no log.</param>
    public static CnnRun Create(
        TemporaryFolder folder, string name, double[]? losses = null, double? validation = null, double? test = null,
        string model = "Net", string command = "Start-CnnTraining Net", TrainingOptions? settings = null, string fingerprint = "f")
    {
        losses ??= [];
        EpochRecord? last = losses.Length == 0 ? null : Epoch(name, losses.Length, losses[^1], validation, test);
        RunFolder run = RunFolder.Create(folder.Path, name, _ => new()
        {
            Name = name, State = RunState.Finished, Started = DateTimeOffset.UnixEpoch, Command = command, Model = model, Architecture = "Net",
            Parameters = 1234, InputShape = new(1, 2, 2), Dataset = "Digits", Data = new("Digits"), Fingerprint = fingerprint, TrainImages = 10, TestImages = 100,
            Normalization = Normalization.None, Settings = (settings ?? new()) with { Epochs = losses.Length }, Environment = new("0.1", "none", "7", "10", "any", "here", 1),
            Last = last, Best = validation is null ? null : last,
        });
        if (losses.Length > 0)
        {
            File.WriteAllLines(run.LogPath, ["Run,Epoch,Step,TrainLoss,TrainAccuracy,ValidationAccuracy,TestAccuracy", .. losses.Select((loss, i) =>
                string.Create(CultureInfo.InvariantCulture, $"run,{i + 1},{10 * (i + 1)},{loss},0.5,{validation},{test}"))]);
        }

        return CnnRun.Read(RunFolder.Open(run.Path));
    }

    public static RunInspection Inspect(CnnRun run, int[][] confusion, string[] classes)
    {
        InlineImage picture = new("data:image/png;base64,AA==", 2, 2);
        return new()
        {
            Run = run, Checkpoint = "best.safetensors", Position = "epoch 2", ChosenOnTest = false,
            Evaluation = new()
            {
                Model = run.Model, Dataset = "Digits", Split = "Test", Images = 100, Loss = 0.25, Accuracy = 0.9, Top5Accuracy = 1, CalibrationError = 0.0125,
                Seconds = 1, Worst = [], ConfusionMatrix = [.. confusion.Select(row => System.Collections.Immutable.ImmutableArray.Create(row))],
                Classes = [.. classes.Select((name, i) => new ClassFigures(name, confusion[i].Sum(), null, 0.5, null))],
            },
            Samples = [new(picture, classes[0], classes[0], 0.99, "")],
            Worst = [new(picture, classes[0], classes[1], 0.75, "a/file.png")],
            Seen = new(picture, classes[0], classes[0], 0.99, ""),
            Layers = [new("conv1", "Conv2d", new(100, 2, 2), [new(picture, -1, 2.5)])],
        };
    }

    private static EpochRecord Epoch(string run, int epoch, double loss, double? validation, double? test) => new()
    {
        Run = run, Model = "Net", Dataset = "Digits", Device = "cpu", Seed = 0, Epoch = epoch, Step = 10 * epoch, LearningRate = 0.1, TrainLoss = loss, TrainAccuracy = 0.5,
        ValidationAccuracy = validation, TestAccuracy = test, Seconds = 1, ImagesPerSecond = 1, PeakMemoryBytes = 1, Threads = 1, Precision = "float32",
    };
}
