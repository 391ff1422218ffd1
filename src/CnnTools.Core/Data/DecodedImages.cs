using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Data;

/// <summary>Images decoded from their files in parallel, all of one height and width, to be resident.</summary>
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
    /// <exception cref="CnnException">A file cannot be read or is broken, or sizes differ.</exception>
    public static DecodedImages Read(IImageCodec codec, ImmutableArray<string> paths, Pair? size, ParallelFiles parallel)
    {
        ImageChanges changes = new(Size: size);
        Shape first = ShapeOfFirst(codec, paths, size);
        byte[]?[] pixels = new byte[paths.Length][];
        parallel.ForEach(paths.Length, "decoded", i =>
        {
            CnnImage image = ImageFile.Read(codec, paths[i], changes, keep: true);
            ImageFiles.RequireSize(image.Shape, paths[i], first, paths[0]);
            pixels[i] = image.Pixels;
        });

        int area = first.Height * first.Width;
        int channels = Array.Exists(pixels, p => p?.Length > area) ? 3 : 1;
        return new(pixels, new(channels, first.Height, first.Width));
    }

    /// <summary>Whether images like the first have room in memory, all of them, within a limit.</summary>
    /// <param name="limit">Bytes of all decoded images; null is a quarter of the memory there is.</param>
    public static bool Fit(IImageCodec codec, ImmutableArray<string> paths, Pair? size, long? limit)
    {
        double bytes = (double)paths.Length * ShapeOfFirst(codec, paths, size).Count;
        return bytes <= Math.Min(limit ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, MostBytes);
    }

    private static Shape ShapeOfFirst(IImageCodec codec, ImmutableArray<string> paths, Pair? size)
    {
        try
        {
            return new ImageChanges(Size: size).ShapeOf(ImageFile.Probe(codec, paths[0]).PixelShape, paths[0]);
        }
        catch (CnnException error)
        {
            throw Errors.ImageOfDataset(error);
        }
    }

    /// <summary>A split; its images are then let go of here.</summary>
    public ImageSet Select(int[] indices, LabelledFiles files)
    {
        int size = (int)Shape.Count;
        byte[] pixels = new byte[(long)indices.Length * size];
        for (int i = 0; i < indices.Length; i++)
        {
            byte[] image = _pixels[indices[i]]!;
            ImageFiles.CopyPlanes(image, pixels.AsSpan(i * size, size));
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
        double free = ManagedMemory.Free;
        if (bytes > MostBytes || 2 * bytes > free)
        {
            throw Errors.DatasetTooLarge(count, shape, bytes, Math.Min(MostBytes, free / 2));
        }
    }
}
