using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Data;

/// <summary>
/// Images decoded from their files in parallel, all of one height and width. The result does not depend on the number of
/// workers, nor does the error: it is the first file's in the list's order.
/// </summary>
internal sealed class DecodedImages
{
    // One array holds the pixels of a split.
    private const double MostBytes = int.MaxValue - 64;

    private readonly byte[]?[] _pixels;

    private DecodedImages(byte[]?[] pixels, Shape shape)
    {
        _pixels = pixels;
        Shape = shape;
    }

    /// <summary>(C, H, W): one channel where all images are grey, else three.</summary>
    public Shape Shape { get; }

    /// <param name="size">Height and width that all are scaled to; null where all have the same.</param>
    /// <exception cref="CnnException">A file cannot be read or is broken, sizes differ, or there is no memory for all.</exception>
    public static DecodedImages Read(IImageCodec codec, ImmutableArray<string> paths, Pair? size, int workers)
    {
        ImageChanges changes = new(Size: size);
        Shape first = changes.ShapeOf(ImageFile.Probe(codec, paths[0]).PixelShape, paths[0]);
        RequireMemory(paths.Length, first);
        byte[]?[] pixels = new byte[paths.Length][];
        (int Index, CnnException Error)? failed = null;
        Lock failing = new();
        Parallel.For(0, paths.Length, new ParallelOptions { MaxDegreeOfParallelism = workers }, (i, loop) =>
        {
            try
            {
                CnnImage image = ImageFile.Read(codec, paths[i], changes);
                pixels[i] = (image.Height, image.Width) == (first.Height, first.Width)
                    ? image.Pixels
                    : throw Errors.ImageSizesDiffer(paths[i], image.Shape, paths[0], first);
            }
            catch (CnnException error)
            {
                // Those before it are still decoded: one of them may be broken too.
                loop.Break();
                lock (failing)
                {
                    failed = failed is null || i < failed.Value.Index ? (i, error) : failed;
                }
            }
        });

        int area = first.Height * first.Width;
        int channels = Array.Exists(pixels, p => p?.Length > area) ? 3 : 1;
        return failed is null ? new(pixels, new(channels, first.Height, first.Width)) : throw Errors.ImageOfDataset(failed.Value.Error);
    }

    /// <summary>A split; its images are then let go of here.</summary>
    public ImageSet Select(int[] indices, LabelledFiles files)
    {
        int size = (int)Shape.Count;
        byte[] pixels = new byte[(long)indices.Length * size];
        for (int i = 0; i < indices.Length; i++)
        {
            byte[] image = _pixels[indices[i]]!;
            for (int done = 0; done < size; done += image.Length)
            {
                // A grey image among colours has three equal planes.
                image.CopyTo(pixels, (i * size) + done);
            }

            _pixels[indices[i]] = null;
        }

        return new(pixels, [.. indices.Select(index => files.Labels[index])], Shape)
        {
            Paths = [.. indices.Select(index => files.Paths[index])],
        };
    }

    /// <exception cref="CnnException">
    /// DatasetTooLarge: there is no room for the splits and the single images, or a copy of them on the device.
    /// </exception>
    public static void RequireMemory(int count, Shape shape)
    {
        double bytes = (double)count * shape.Count;
        double free = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetTotalMemory(forceFullCollection: false);
        if (bytes > MostBytes || 2 * bytes > free)
        {
            throw Errors.DatasetTooLarge(count, shape, bytes, Math.Min(MostBytes, free / 2));
        }
    }
}
