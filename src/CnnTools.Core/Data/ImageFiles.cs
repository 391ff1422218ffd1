using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Data;

/// <summary>Image files of one height and width, decoded as they are asked for and never held.</summary>
internal sealed class ImageFiles
{
    private readonly IImageCodec _codec;
    private readonly ImmutableArray<string> _paths;
    private readonly ImageChanges _changes;

    private ImageFiles(IImageCodec codec, ImmutableArray<string> paths, ImageChanges changes, Shape shape) =>
        (_codec, _paths, _changes, Shape) = (codec, paths, changes, shape);

    /// <summary>(C, H, W): one channel where all images are grey, else three.</summary>
    public Shape Shape { get; }

    public int Count => _paths.Length;

    /// <summary>Reads what each file says of itself: its size and whether it has colours.</summary>
    /// <param name="size">Height and width that all are scaled to; null where all have the same.</param>
    /// <exception cref="CnnException">A file cannot be read or is no image, or sizes differ.</exception>
    public static ImageFiles Open(IImageCodec codec, ImmutableArray<string> paths, Pair? size, ParallelFiles parallel)
    {
        ImageChanges changes = new(Size: size);
        Shape first = ShapeOf(0);
        bool colours = false;
        parallel.ForEach(paths.Length, "checked", i =>
        {
            Shape shape = ShapeOf(i);
            RequireSize(shape, paths[i], first, paths[0]);
            if (shape.Channels == 3)
            {
                Volatile.Write(ref colours, true);
            }
        });
        return new(codec, paths, changes, new(colours ? 3 : 1, first.Height, first.Width));

        Shape ShapeOf(int i) => changes.ShapeOf(ImageFile.Probe(codec, paths[i]).PixelShape, paths[i]);
    }

    /// <summary>Those files at these indices, in their order.</summary>
    public ImageFiles Select(IEnumerable<int> indices) => new(_codec, [.. indices.Select(i => _paths[i])], _changes, Shape);

    /// <summary>Decodes one image.</summary>
    /// <param name="pixels">Takes its (C, H, W) values.</param>
    /// <exception cref="CnnException">The file is gone, broken, or another than when it was opened.</exception>
    public void Read(int index, Span<byte> pixels)
    {
        CnnImage image = ImageFile.Read(_codec, _paths[index], _changes);
        if ((image.Height, image.Width) != (Shape.Height, Shape.Width) || image.Channels > Shape.Channels)
        {
            throw Errors.ImageChanged(_paths[index]);
        }

        CopyPlanes(image.Pixels, pixels);
    }

    /// <summary>Images of a data set have one height and width.</summary>
    public static void RequireSize(Shape shape, string path, Shape first, string firstPath)
    {
        if ((shape.Height, shape.Width) != (first.Height, first.Width))
        {
            throw Errors.ImageSizesDiffer(path, shape, firstPath, first);
        }
    }

    /// <summary>A grey image among colours has three equal planes.</summary>
    public static void CopyPlanes(ReadOnlySpan<byte> image, Span<byte> pixels)
    {
        for (int done = 0; done < pixels.Length; done += image.Length)
        {
            image.CopyTo(pixels[done..]);
        }
    }
}
