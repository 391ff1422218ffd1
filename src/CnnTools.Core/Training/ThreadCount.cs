using CnnTools.Backends;
using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>
/// The number of CPU threads, which is one for the whole process: operations that run at once must agree on it.
/// </summary>
public static class ThreadCount
{
    // With less work in a step, a second thread gains little on an idle machine and loses on a busy one, where the first
    // waits for it after every layer: bench/README.md has the figures.
    private const double MultiplyAddsWorthAThread = 2e10;

    private const int Most = 1024;

    private static readonly Lock Gate = new();
    private static int _users;

    /// <summary>
    /// The default: a rule from the work of one step alone, never a timing, so that the same training gives the same
    /// bits each time.
    /// </summary>
    public static int ByRule(Graph graph, int batchSize, Device device) =>
        device.Type != DeviceType.Cpu || graph.MultiplyAdds * 3.0 * batchSize < MultiplyAddsWorthAThread
            ? 1
            : Environment.ProcessorCount;

    /// <summary>
    /// Takes part in the count in use, else sets this one: for work whose result does not hang on it by more than rounding.
    /// </summary>
    public static IDisposable UseCurrentOr(IBackend backend, int threads)
    {
        lock (Gate)
        {
            return Use(backend, _users > 0 ? backend.Threads : threads);
        }
    }

    /// <summary>Sets the count until the result is disposed.</summary>
    /// <exception cref="CnnException">It is out of range, or something that runs now uses another count.</exception>
    public static IDisposable Use(IBackend backend, int threads)
    {
        if (threads is < 1 or > Most)
        {
            throw Errors.InvalidArgument("Threads", threads, $"from 1 to {Most}");
        }

        lock (Gate)
        {
            if (_users > 0 && backend.Threads != threads)
            {
                throw Errors.ThreadsInUse(threads, backend.Threads);
            }

            if (backend.Threads != threads)
            {
                backend.Threads = threads;
            }

            _users++;
            return new Lease();
        }
    }

    private sealed class Lease : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                lock (Gate)
                {
                    _users--;
                }
            }
        }
    }
}
