using CnnTools.Data;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>
/// A training that keeps its run's folder: the manifest tells at any time how it stands. Where a figure may be looked at, the best
/// epoch's checkpoint is kept.
/// </summary>
public sealed class RunRecorder : ITraining
{
    private readonly RunFolder _folder;
    private readonly IDisposable _hold;
    private readonly TrainingLoop _loop;
    private readonly RunManifest? _before;
    private RunManifest _manifest;
    private Exception? _error;

    private RunRecorder(RunFolder folder, IDisposable hold, TrainingLoop loop, RunManifest manifest, RunManifest? before)
    {
        (_folder, _hold, _loop, _manifest, _before) = (folder, hold, loop, manifest, before);
    }

    /// <summary>Makes the folder of a training that begins.</summary>
    /// <param name="root">The folder of all runs.</param>
    /// <param name="options">Run is the name that is wanted; the folder's becomes the run's label.</param>
    /// <param name="command">The line that began it.</param>
    /// <exception cref="CnnException">The folder cannot be made.</exception>
    public static RunRecorder Begin(
        string root, CnnModel model, Dataset dataset, Normalization normalization, TrainingOptions options,
        RunEnvironment environment, string command, Action<TrainingProgress>? onStep = null)
    {
        options = KeepingBest(options) with
        {
            Threads = options.Threads ?? ThreadCount.ByRule(model.Graph, options.BatchSize, options.Device),
        };
        RunManifest? manifest = null;
        RunFolder folder = RunFolder.Create(root, options.Run, name => manifest = Describe(name));
        TrainingLoop loop = new(model, dataset, normalization, manifest!.Settings, FilesOf(folder), onStep: onStep);
        return new(folder, folder.Hold(), loop, manifest, before: null);

        RunManifest Describe(string name) => new()
        {
            Name = name,
            State = RunState.Running,
            Started = DateTimeOffset.Now,
            Command = command.Trim(),
            Model = model.Name,
            Architecture = model.Architecture,
            Parameters = model.Parameters,
            InputShape = model.InputShape,
            Dataset = dataset.Name,
            Data = WithFolder(dataset.Request),
            Fingerprint = dataset.Fingerprint,
            TrainImages = dataset.Train.Count,
            TestImages = dataset.Test.Count,
            Normalization = normalization,
            Settings = options with { Run = name },
            Environment = environment,
        };
    }

    /// <summary>Goes on with a run.</summary>
    /// <param name="hold">What <see cref="RunFolder.Hold"/> gave before the checkpoint was opened; disposed when the training ends.</param>
    /// <param name="checkpoint">The run's last.</param>
    /// <exception cref="CnnException">The manifest or the log cannot be read, or the data are not those of the run.</exception>
    public static RunRecorder Resume(
        RunFolder folder, IDisposable hold, TrainingCheckpoint checkpoint, Dataset dataset, TrainingOptions options,
        RunEnvironment environment, Action<TrainingProgress>? onStep = null)
    {
        options = KeepingBest(options);
        RunManifest before = folder.Read();
        if (dataset.Fingerprint != before.Fingerprint)
        {
            throw Errors.DatasetDiffers(folder.LastPath, dataset.Name);
        }

        RunManifest manifest = CatchUp(folder, before, checkpoint) with
        {
            State = RunState.Running,
            Error = null,
            Ended = null,
            Resumed = before.Resumed + 1,
            Data = WithFolder(dataset.Request),
            Settings = options,
            Environment = environment,
        };
        TrainingLoop loop = new(
            checkpoint.Model, dataset, checkpoint.Model.Normalization ?? before.Normalization, options, FilesOf(folder), checkpoint, onStep);
        return new(folder, hold, loop, manifest, before);
    }

    /// <inheritdoc/>
    public IEnumerable<ITrainingRecord> Run(CancellationToken stop)
    {
        RunState end = RunState.Stopped;
        IEnumerator<ITrainingRecord>? records = null;
        try
        {
            _folder.Write(_manifest);
            records = _loop.Run(stop).GetEnumerator();
            while (MoveNext(records))
            {
                yield return records.Current;
            }

            end = stop.IsCancellationRequested ? RunState.Stopped : RunState.Finished;
        }
        finally
        {
            Close(records, end);
        }
    }

    private bool MoveNext(IEnumerator<ITrainingRecord> records)
    {
        try
        {
            bool more = records.MoveNext();
            if (more && records.Current is EpochRecord epoch)
            {
                Note(epoch);
            }

            return more;
        }
        catch (Exception exception)
        {
            _error = exception;
            throw;
        }
    }

    private void Note(EpochRecord epoch)
    {
        _manifest = _manifest.With(epoch);
        _folder.Write(_manifest);
    }

    /// <summary>Lets the loop write its last checkpoint, then says how it ended.</summary>
    private void Close(IEnumerator<ITrainingRecord>? records, RunState end)
    {
        try
        {
            records?.Dispose();
        }
        catch (Exception exception)
        {
            _error ??= exception;
            throw;
        }
        finally
        {
            try
            {
                Leave(_error is not null ? RunState.Failed
                    : _manifest.Last?.Epoch >= _manifest.Settings.Epochs ? RunState.Finished
                    : end);
            }
            catch (CnnException) when (_error is not null)
            {
                // The first error is the one to tell.
            }
            finally
            {
                _hold.Dispose();
                RemoveUnused();
            }
        }
    }

    private void Leave(RunState state)
    {
        bool began = _loop.HasFiles;
        if (began || _before is not null)
        {
            _folder.Write(began
                ? _manifest with { State = state, Ended = DateTimeOffset.Now, Error = _error is null ? null : Tell(_error) }
                : _before!);
        }
    }

    /// <summary>A training that was refused before any work leaves no folder.</summary>
    private void RemoveUnused()
    {
        if (!_loop.HasFiles && _before is null && Directory.Exists(_folder.Path))
        {
            try
            {
                _folder.Remove(withForeign: false);
            }
            catch (CnnException)
            {
                // Why it was refused is the error to tell.
            }
        }
    }

    private static RunError Tell(Exception error) =>
        error is CnnException known ? new(known.Id, known.Message, known.Remedy) : new(error.GetType().Name, error.Message, "");

    /// <summary>A process may have been killed after its checkpoint was written, and before its manifest was.</summary>
    private static RunManifest CatchUp(RunFolder folder, RunManifest manifest, TrainingCheckpoint checkpoint)
    {
        IEnumerable<EpochRecord> epochs = File.Exists(folder.LogPath) ? EpochLog.Read(folder.LogPath) : [];
        return epochs.Where(epoch => epoch.Step <= checkpoint.Step)
            .Aggregate(manifest with { Last = null, Best = null }, (known, epoch) => known.With(epoch));
    }

    /// <summary>The best epoch is kept unasked, where there is a figure to go by.</summary>
    private static TrainingOptions KeepingBest(TrainingOptions options) =>
        options with { KeepBest = options.MonitorInUse is null ? options.KeepBest : Math.Max(1, options.KeepBest) };

    private static TrainingFiles FilesOf(RunFolder folder) =>
        new(folder.LogPath, folder.StepLogPath, folder.LastPath) { SavesStart = true, BestPath = folder.BestPath };

    /// <summary>A run goes on in sessions that have another environment variable, or none.</summary>
    private static DatasetRequest WithFolder(DatasetRequest request) =>
        request with { DataPath = request.DataPath ?? DataFolder.Preferred };
}
