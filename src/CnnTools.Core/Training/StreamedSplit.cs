using System.Collections.Concurrent;
using System.Diagnostics;
using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Training;

/// <summary>
/// A split whose images are decoded ahead of the step by worker threads, a few batches at most. The order and the content
/// of the batches are the caller's order's, whatever the number of workers.
/// </summary>
public sealed class StreamedSplit : IBatchSource
{
    /// <summary>Batches that are in host memory at once: one in use, one in the making, and those that wait.</summary>
    public const int BatchesHeld = Ahead + 2;

    private const int Ahead = 2;

    private readonly IBackend _backend;
    private readonly ImageSet _images;
    private readonly Device _device;
    private readonly int _workers;
    private readonly PixelTransform _transform;
    private long _decoded;
    private long _decodeTicks;
    private long _waitTicks;
    private long _readTicks;

    public StreamedSplit(IBackend backend, ImageSet images, Normalization normalization, Device device, int workers)
    {
        (_backend, _images, _device, _workers) = (backend, images, device, workers);
        _transform = new(backend, normalization, images.ImageShape, device);
    }

    public int Count => _images.Count;

    public IReadOnlyList<int> Labels => _images.Labels;

    public DecodeRate? Decoding => Interlocked.Read(ref _decodeTicks) is > 0 and long ticks
        ? new(Interlocked.Read(ref _decoded) / Stopwatch.GetElapsedTime(0, ticks).TotalSeconds, _waitTicks / Math.Max(1.0, _readTicks))
        : null;

    public IEnumerable<Batch> Read(ReadOnlyMemory<long> order, int batchSize, int first, CancellationToken stop)
    {
        long start = (long)first * batchSize;
        if (start >= order.Length)
        {
            yield break;
        }

        RequireArray(batchSize);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using BlockingCollection<Batch> ready = new(Ahead);
        ConcurrentBag<byte[]> free = [];
        Task decoding = Task.Factory.StartNew(
            Decode, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            long asked = Stopwatch.GetTimestamp();
            while (Take(ready, ended.Token) is { } batch)
            {
                long got = Stopwatch.GetTimestamp();
                _waitTicks += got - asked;
                yield return batch;
                free.Add(batch.Pixels!);
                _readTicks += Stopwatch.GetTimestamp() - asked;
                asked = Stopwatch.GetTimestamp();
            }

            if (!stop.IsCancellationRequested)
            {
                // What failed there fails here.
                decoding.GetAwaiter().GetResult();
            }
        }
        finally
        {
            // However the reading ends, no worker outlives it.
            ended.Cancel();
            ((IAsyncResult)decoding).AsyncWaitHandle.WaitOne();
        }

        void Decode()
        {
            try
            {
                ParallelFiles parallel = new(_workers, stop: ended.Token);
                for (int at = (int)start; at < order.Length; at += batchSize)
                {
                    ready.Add(DecodeBatch(order.Slice(at, Math.Min(batchSize, order.Length - at)), free, parallel), ended.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody waits for more.
            }
            finally
            {
                ready.CompleteAdding();
            }
        }
    }

    public (Tensor Images, Tensor Labels) Load(Batch batch, MemoryLayout layout, BatchAugmentation? augmentation = null)
    {
        long[] all = new long[batch.Count];
        long[] labels = new long[batch.Count];
        for (int i = 0; i < all.Length; i++)
        {
            (all[i], labels[i]) = (i, Labels[(int)batch.Indices.Span[i]]);
        }

        int size = (int)_images.ImageShape.Count;
        byte[] pixels = batch.Pixels!.Length == all.Length * size
            ? batch.Pixels
            : batch.Pixels[(batch.Offset * size)..((batch.Offset + all.Length) * size)];
        Tensor bytes = _backend.FromBytes(pixels, _images.ImageShape.WithBatch(batch.Count), _device);
        return (_transform.Gather(bytes, all, layout, augmentation), _backend.FromIndices(labels, _device));
    }

    public void Dispose() => _transform.Dispose();

    /// <summary>The next batch; null where there are no more, or the reading was stopped.</summary>
    private static Batch? Take(BlockingCollection<Batch> ready, CancellationToken stop)
    {
        try
        {
            return ready.TryTake(out Batch? batch, Timeout.Infinite, stop) ? batch : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private Batch DecodeBatch(ReadOnlyMemory<long> indices, ConcurrentBag<byte[]> free, ParallelFiles parallel)
    {
        long start = Stopwatch.GetTimestamp();
        int size = (int)_images.ImageShape.Count;
        byte[] pixels = free.TryTake(out byte[]? used) && used.Length >= indices.Length * size ? used : new byte[indices.Length * size];
        parallel.ForRange(0, indices.Length, i => _images.Read((int)indices.Span[i], pixels.AsSpan(i * size, size)));
        Interlocked.Add(ref _decodeTicks, Stopwatch.GetTimestamp() - start);
        Interlocked.Add(ref _decoded, indices.Length);
        return new(indices, pixels);
    }

    private void RequireArray(int batchSize)
    {
        long most = Array.MaxLength / _images.ImageShape.Count;
        if (Math.Min(batchSize, Count) > most)
        {
            throw Errors.InvalidArgument("BatchSize", batchSize, $"at most {most} images of {_images.ImageShape}");
        }
    }
}
