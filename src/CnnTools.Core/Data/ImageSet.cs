using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Data;

/// <summary>
/// Images of one size with their labels: one split of a data set. It is resident, its pixels in host memory; or streamed,
/// each image decoded from its file whenever it is asked for.
/// </summary>
public sealed class ImageSet
{
    private readonly byte[]? _pixels;
    private readonly ImageFiles? _files;
    private readonly Lazy<string> _fingerprint;

    /// <summary>A resident split.</summary>
    /// <param name="pixels">uint8 values in (N, C, H, W) order.</param>
    /// <param name="labels">One class index an image.</param>
    /// <param name="imageShape">(C, H, W).</param>
    public ImageSet(byte[] pixels, int[] labels, Shape imageShape)
    {
        (_pixels, Labels, ImageShape) = (pixels, labels, imageShape);
        _fingerprint = new(Hash);
    }

    /// <summary>A streamed split.</summary>
    /// <param name="fingerprint">A hash of all that is in it, if it was decoded once before.</param>
    internal ImageSet(ImageFiles files, int[] labels, string fingerprint = "")
    {
        (_files, Labels, ImageShape) = (files, labels, files.Shape);
        _fingerprint = new(fingerprint);
    }

    /// <summary>Whether its images are decoded as they are asked for.</summary>
    public bool IsStreamed => _files is not null;

    /// <summary>All images of a resident split.</summary>
    /// <exception cref="InvalidOperationException">It is streamed.</exception>
    public byte[] Pixels => _pixels ?? throw new InvalidOperationException("A streamed split has no array of its pixels.");

    public int[] Labels { get; }

    public Shape ImageShape { get; }

    /// <summary>The file of each image; none where the data are not a file an image.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    public int Count => Labels.Length;

    /// <summary>A hash of all that is in it.</summary>
    internal string Fingerprint => _fingerprint.Value;

    /// <summary>A new set of the images at these indices, in their order; streamed where this is.</summary>
    public ImageSet Select(IReadOnlyList<int> indices) =>
        _files is null ? Copy(indices) : new(_files.Select(indices), LabelsOf(indices)) { Paths = PathsOf(indices) };

    /// <summary>A resident set of images spread evenly over the set: of images that are sorted by class, some of each.</summary>
    /// <param name="count">No more than there are.</param>
    /// <exception cref="CnnException">A streamed image cannot be read.</exception>
    public ImageSet Spread(int count)
    {
        count = Math.Min(count, Count);
        return Copy([.. Enumerable.Range(0, count).Select(i => (int)((long)i * Count / count))]);
    }

    /// <summary>An image's file; empty where there is none.</summary>
    internal string PathOf(int index) => Paths.IsEmpty ? "" : Paths[index];

    /// <summary>Gives one image, decoded where the split is streamed.</summary>
    /// <param name="pixels">Takes its (C, H, W) values.</param>
    /// <exception cref="CnnException">Its file is gone, broken, or another than when the split was opened.</exception>
    internal void Read(int index, Span<byte> pixels)
    {
        if (_files is not null)
        {
            _files.Read(index, pixels);
        }
        else
        {
            Pixels.AsSpan(index * pixels.Length, pixels.Length).CopyTo(pixels);
        }
    }

    /// <summary>All images in order: at once where they are resident, else one by one, the array being the next one's then.</summary>
    /// <exception cref="CnnException">The same.</exception>
    internal IEnumerable<byte[]> ReadAll()
    {
        if (_pixels is not null)
        {
            yield return _pixels;
            yield break;
        }

        byte[] pixels = new byte[ImageShape.Count];
        for (int i = 0; i < Count; i++)
        {
            Read(i, pixels);
            yield return pixels;
        }
    }

    /// <summary>A new resident set of a resident set's images scaled to a height and width, as <see cref="BilinearResize"/> does it.</summary>
    /// <exception cref="CnnException">There can be no such images, or they are too large together.</exception>
    public ImageSet Resize(Pair size)
    {
        if (size == new Pair(ImageShape.Height, ImageShape.Width))
        {
            return this;
        }

        Shape shape = new ImageChanges(Size: size).ShapeOf(ImageShape, "");
        DecodedImages.RequireMemory(Count, shape);
        int from = (int)ImageShape.Count, to = (int)shape.Count;
        byte[] pixels = new byte[(long)Count * to];
        Parallel.For(0, Count, i =>
            BilinearResize.Apply(Pixels[(i * from)..((i + 1) * from)], ImageShape, size).CopyTo(pixels, i * to));
        return new(pixels, Labels, shape) { Paths = Paths };
    }

    /// <summary>One of the images, with its class for a label.</summary>
    /// <exception cref="CnnException">It is streamed, and its file is gone or broken.</exception>
    public CnnImage ImageAt(int index, IReadOnlyList<string> classNames)
    {
        byte[] pixels = new byte[ImageShape.Count];
        Read(index, pixels);
        return new(pixels, ImageShape) { Label = classNames[Labels[index]] };
    }

    private ImageSet Copy(IReadOnlyList<int> indices)
    {
        int size = (int)ImageShape.Count;
        byte[] pixels = new byte[(long)indices.Count * size];
        for (int i = 0; i < indices.Count; i++)
        {
            Read(indices[i], pixels.AsSpan(i * size, size));
        }

        return new(pixels, LabelsOf(indices), ImageShape) { Paths = PathsOf(indices) };
    }

    private ImmutableArray<string> PathsOf(IReadOnlyList<int> indices) =>
        Paths.IsEmpty ? [] : [.. indices.Select(index => Paths[index])];

    private int[] LabelsOf(IReadOnlyList<int> indices) => [.. indices.Select(index => Labels[index])];

    private string Hash()
    {
        using ImageHash hash = new(Labels, ImageShape);
        hash.Add(Pixels);
        return hash.ToString();
    }
}
