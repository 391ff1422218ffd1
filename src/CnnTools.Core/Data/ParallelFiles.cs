using System.Diagnostics;

namespace CnnTools.Data;

/// <summary>
/// Work on a list of files by several threads. Neither what is done nor the error depends on their number: the error is the
/// first file's in the list's order.
/// </summary>
internal sealed class ParallelFiles(int workers, Action<LoadProgress>? onProgress = null, CancellationToken stop = default)
{
    // So many files a worker between two looks at the progress.
    private const int FilesAWorker = 32;

    /// <summary>Does the work for each file, and tells of the progress now and then.</summary>
    /// <exception cref="CnnException">The work's, of the first file that has one.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void ForEach(int count, string name, Action<int> work) =>
        ForEachPortion(count, FilesAWorker * workers, name, (first, end) => ForRange(first, end, work));

    /// <summary>Does the work for one portion of the files after the other, and tells of the progress after each.</summary>
    /// <param name="work">Given the first of a portion and the one past its last.</param>
    public void ForEachPortion(int count, int portion, string name, Action<int, int> work)
    {
        long start = Stopwatch.GetTimestamp();
        for (int first = 0; first < count; first += portion)
        {
            int end = Math.Min(count, first + portion);
            work(first, end);
            onProgress?.Invoke(new(name, end, count, end / Stopwatch.GetElapsedTime(start).TotalSeconds));
        }
    }

    /// <summary>Does the work for the files from one on and before another.</summary>
    /// <exception cref="CnnException">The work's, of the first file that has one.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void ForRange(int first, int end, Action<int> work)
    {
        (int Index, CnnException Error)? failed = null;
        Lock failing = new();
        Parallel.For(first, end, new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = stop }, (i, loop) =>
        {
            try
            {
                work(i);
            }
            catch (CnnException error)
            {
                // Those before it are still worked on: one of them may be broken too.
                loop.Break();
                lock (failing)
                {
                    failed = failed is null || i < failed.Value.Index ? (i, error) : failed;
                }
            }
        });

        if (failed is { } failure)
        {
            throw Errors.ImageOfDataset(failure.Error);
        }
    }
}
