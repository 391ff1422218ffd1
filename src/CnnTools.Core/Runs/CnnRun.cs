using System.Globalization;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>A run as it stands: what its folder tells, without its checkpoints being opened.</summary>
public sealed record CnnRun
{
    private readonly RunManifest _manifest;

    private CnnRun(RunFolder folder, RunManifest manifest, bool isInterrupted)
    {
        _manifest = manifest;
        Path = folder.Path;
        Checkpoint = folder.LastPath;
        BestCheckpoint = manifest.Best is null ? null : folder.BestPath;
        State = isInterrupted ? RunState.Interrupted : manifest.State;
    }

    /// <summary>The folder's name; the label of the run's records.</summary>
    public string Name => _manifest.Name;

    public RunState State { get; }

    /// <summary>The model's label.</summary>
    public string Model => _manifest.Model;

    public string Dataset => _manifest.Dataset;

    /// <summary>Epochs completed.</summary>
    public int Epoch => _manifest.Last?.Epoch ?? 0;

    /// <summary>Epochs that it was begun for.</summary>
    public int Epochs => Settings.Epochs;

    /// <summary>Of the last epoch, as the next three; null before there is one.</summary>
    public double? TrainLoss => _manifest.Last?.TrainLoss;

    public double? TrainAccuracy => _manifest.Last?.TrainAccuracy;

    public double? ValidationAccuracy => _manifest.Last?.ValidationAccuracy;

    public double? TestAccuracy => _manifest.Last?.TestAccuracy;

    /// <summary>The epoch of the best monitored figure, as the next two; null where none may be looked at.</summary>
    public int? BestEpoch => _manifest.Best?.Epoch;

    public double? BestValidationAccuracy => _manifest.Best?.ValidationAccuracy;

    /// <summary>The test accuracy after that epoch. Unless -Monitor said so, it was not looked at to choose it.</summary>
    public double? BestTestAccuracy => _manifest.Best?.TestAccuracy;

    public ulong Seed => Settings.Seed;

    public DateTime Started => _manifest.Started.LocalDateTime;

    /// <summary>Null while it runs, and where its process is gone.</summary>
    public DateTime? Ended => State is RunState.Running or RunState.Interrupted ? null : _manifest.Ended?.LocalDateTime;

    /// <summary>What ended it; empty unless it failed.</summary>
    public string Error => State == RunState.Failed ? _manifest.Error?.Message ?? "" : "";

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Where the latest state is. A run that was killed before its first step may lack the file.</summary>
    public string Checkpoint { get; }

    /// <summary>The state after the best epoch; null where there is none.</summary>
    public string? BestCheckpoint { get; }

    /// <summary>The line that began it.</summary>
    public string Command => _manifest.Command;

    public TrainingOptions Settings => _manifest.Settings;

    public RunEnvironment Environment => _manifest.Environment;

    /// <summary>Images of the test split.</summary>
    public int TestImages => _manifest.TestImages;

    internal RunManifest Manifest => _manifest;

    /// <exception cref="CnnException">The manifest cannot be read, or is none.</exception>
    public static CnnRun Read(RunFolder folder)
    {
        RunManifest manifest = folder.Read();
        if (manifest.State != RunState.Running || folder.IsHeld)
        {
            return new(folder, manifest, isInterrupted: false);
        }

        // It may have ended after the first look.
        manifest = folder.Read();
        return new(folder, manifest, manifest.State == RunState.Running);
    }

    /// <summary>The run in one line, as a scheduled script reports it.</summary>
    public override string ToString()
    {
        string test = TestAccuracy is { } accuracy ? string.Create(CultureInfo.InvariantCulture, $", test accuracy {accuracy:F4}") : "";
        string best = (BestEpoch, BestValidationAccuracy) switch
        {
            (null, _) => "",
            ({ } epoch, { } validation) => string.Create(CultureInfo.InvariantCulture, $", best validation accuracy {validation:F4} in epoch {epoch}"),
            ({ } epoch, null) => $", best epoch {epoch}",
        };
        string error = Error.Length > 0 ? $": {Error}" : "";
        return $"{Name}: {State.ToString().ToLowerInvariant()} after epoch {Epoch} of {Epochs}{test}{best}{error}";
    }
}
