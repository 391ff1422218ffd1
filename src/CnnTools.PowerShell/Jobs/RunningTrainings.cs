using System.Collections.Concurrent;
using System.Diagnostics;

namespace CnnTools.PowerShell.Jobs;

/// <summary>
/// The trainings of this process. When it ends (exit, SIGTERM) or the module is removed, each is stopped after its step,
/// so that its log is whole and its checkpoint good.
/// </summary>
internal static class RunningTrainings
{
    // A step may be long; what asks a process to end does not wait for ever either.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly ConcurrentDictionary<Training, bool> All = new();

    static RunningTrainings() => AppDomain.CurrentDomain.ProcessExit += (_, _) => StopAll();

    /// <summary>Counts a training as running until the result is disposed.</summary>
    /// <param name="stop">Asks it to stop; called on another thread.</param>
    /// <param name="thread">Where it runs.</param>
    public static IDisposable Add(Action stop, Thread thread)
    {
        Training training = new(stop, thread);
        All[training] = true;
        return training;
    }

    public static void StopAll()
    {
        Training[] running = [.. All.Keys];
        Array.ForEach(running, training => training.Stop());
        long start = Stopwatch.GetTimestamp();
        Array.ForEach(running, training =>
        {
            TimeSpan left = Patience - Stopwatch.GetElapsedTime(start);
            training.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        });
    }

    private sealed class Training(Action stop, Thread thread) : IDisposable
    {
        private readonly ManualResetEventSlim _ended = new();

        public void Stop() => stop();

        /// <summary>Returns at once on the training's own thread, which cannot end while it waits for itself.</summary>
        public void Wait(TimeSpan patience)
        {
            if (Thread.CurrentThread != thread)
            {
                _ended.Wait(patience);
            }
        }

        public void Dispose()
        {
            All.TryRemove(this, out _);
            _ended.Set();
        }
    }
}
