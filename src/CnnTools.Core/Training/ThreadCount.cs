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

    private static readonly ProcessSetting<int> Setting =
        new(backend => backend.Threads, (backend, threads) => backend.Threads = threads, Errors.ThreadsInUse);

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
    public static IDisposable UseCurrentOr(IBackend backend, int threads) => Setting.UseCurrentOr(backend, threads);

    /// <summary>Sets the count until the result is disposed.</summary>
    /// <exception cref="CnnException">It is out of range, or something that runs now uses another count.</exception>
    public static IDisposable Use(IBackend backend, int threads) => threads is >= 1 and <= Most
        ? Setting.Use(backend, threads)
        : throw Errors.InvalidArgument("Threads", threads, $"from 1 to {Most}");
}
