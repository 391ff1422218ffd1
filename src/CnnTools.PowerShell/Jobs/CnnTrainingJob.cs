using System.Management.Automation;
using CnnTools.Training;

namespace CnnTools.PowerShell.Jobs;

/// <summary>A training that runs on a thread of its own; Receive-Job gives its records, Stop-Job ends it after a step.</summary>
public sealed class CnnTrainingJob : Job
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Action<TrainingProgress>, ITraining> _create;
    private readonly ProgressRecord _progress = new(0, "Training", "starting");
    private readonly ManualResetEventSlim _ended = new();
    private Thread? _thread;
    private IDisposable? _running;
    private bool _includeSteps;
    private string _status = "";

    internal CnnTrainingJob(string command, Func<Action<TrainingProgress>, ITraining> create)
        : base(command, "CnnTraining")
    {
        _create = create;
        PSJobTypeName = "CnnTraining";
    }

    public override bool HasMoreData => Output.Count > 0 || Error.Count > 0 || Progress.Count > 0;

    public override string Location => "localhost";

    public override string StatusMessage => _status;

    public override void StopJob()
    {
        RequestStop();

        // Receive-Job -AutoRemoveJob disposes the job from its own thread, which cannot end while it waits for itself.
        if (Thread.CurrentThread != _thread)
        {
            _ended.Wait();
        }
    }

    internal void Start(bool includeSteps)
    {
        _includeSteps = includeSteps;
        SetJobState(JobState.Running);
        _thread = new Thread(Run) { IsBackground = true, Name = Name };
        _running = RunningTrainings.Add(RequestStop, _thread);
        _thread.Start();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            StopJob();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Run()
    {
        JobState state = JobState.Completed;
        try
        {
            foreach (ITrainingRecord record in _create(Report).Run(_stop.Token))
            {
                if (record is EpochRecord || _includeSteps)
                {
                    Output.Add(PSObject.AsPSObject(record));
                }
            }

            state = _stop.IsCancellationRequested ? JobState.Stopped : JobState.Completed;
        }
        catch (CnnException exception)
        {
            state = JobState.Failed;
            Error.Add(exception.ToErrorRecord());
        }
#pragma warning disable CA1031 // An exception that leaves a thread would end the PowerShell process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            state = JobState.Failed;
            Error.Add(new ErrorRecord(exception, "TrainingJobFailed", ErrorCategory.NotSpecified, this));
        }
        finally
        {
            try
            {
                SetJobState(state);
            }
            finally
            {
                _ended.Set();
                _running?.Dispose();
            }
        }
    }

    private void RequestStop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended, and was removed, between the wish and the word.
        }
    }

    private void Report(TrainingProgress progress) =>
        _status = TrainingProgressBar.Describe(_progress, progress).StatusDescription;
}
