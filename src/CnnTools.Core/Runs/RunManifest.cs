using System.Text.Json;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>How a run stands.</summary>
public enum RunState
{
    /// <summary>A process is at it.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>It was asked to end, and did so after a step.</summary>
    Stopped,

    /// <summary>An error ended it.</summary>
    Failed,

    /// <summary>Its process is gone without a word. Never written: it is what running is called when no process is at it.</summary>
    Interrupted,
}

/// <summary>What ended a run.</summary>
public sealed record RunError(string Id, string Message, string Remedy);

/// <summary>The file run.json: all that decided a training, and where it stands.</summary>
public sealed record RunManifest
{
    private const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new(GraphJson.Options) { WriteIndented = true };

    public int Version { get; init; } = CurrentVersion;

    /// <summary>The folder's name when the run began; the label of its records.</summary>
    public required string Name { get; init; }

    public required RunState State { get; init; }

    /// <summary>Null unless the run failed.</summary>
    public RunError? Error { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>When it last ended; null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How often it was gone on with.</summary>
    public int Resumed { get; init; }

    /// <summary>The line that began it, as it was typed.</summary>
    public required string Command { get; init; }

    /// <summary>The model's label.</summary>
    public required string Model { get; init; }

    public required string Architecture { get; init; }

    public required long Parameters { get; init; }

    /// <summary>(C, H, W).</summary>
    public required Shape InputShape { get; init; }

    public required string Dataset { get; init; }

    /// <summary>How the data set was asked for.</summary>
    public required DatasetRequest Data { get; init; }

    /// <summary>A hash of the training split.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Images of the training split, those held out for validation included.</summary>
    public required int TrainImages { get; init; }

    public required int TestImages { get; init; }

    public required Normalization Normalization { get; init; }

    public required TrainingOptions Settings { get; init; }

    public required RunEnvironment Environment { get; init; }

    /// <summary>The last epoch that was completed; null before the first.</summary>
    public EpochRecord? Last { get; init; }

    /// <summary>The epoch of the best monitored figure, the first of several; null where none may be looked at.</summary>
    public EpochRecord? Best { get; init; }

    /// <exception cref="CnnException">The file is missing, or is no run's.</exception>
    public static RunManifest Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(FilePlace.FullPath(path));
            RunManifest manifest = JsonSerializer.Deserialize<RunManifest>(file, Json) ?? throw new JsonException("it is empty");
            return manifest.Version == CurrentVersion ? manifest : throw new JsonException($"its version is {manifest.Version}, not {CurrentVersion}");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.NoRun(Path.GetDirectoryName(path) ?? path);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw Errors.CorruptFile(path, "run", Text.Short(Text.OfJson(exception)),
                "The folder's log.csv and last.safetensors can be read without it; Remove-Item removes the folder.", exception);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotRead(path, exception);
        }
    }

    /// <summary>Replaces the file whole.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    internal void Write(string path) => AtomicFile.Write(path, file => JsonSerializer.Serialize(file, this, Json));

    /// <summary>The manifest after an epoch. Where the checkpoint lies is told by the folder, which may be moved.</summary>
    internal RunManifest With(EpochRecord epoch)
    {
        EpochRecord last = epoch with { Checkpoint = null };
        return this with { Last = last, Best = IsBetter(epoch) ? last : Best };
    }

    private bool IsBetter(EpochRecord epoch)
    {
        double? figure = Settings.MonitorInUse?.Of(epoch);
        double? best = Best is null ? null : Settings.MonitorInUse?.Of(Best);
        return figure is not null && (best is null || (Settings.MonitorInUse!.Value.IsAccuracy() ? figure > best : figure < best));
    }
}
