using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Data;

/// <summary>Images of one size with their labels, in host memory: one split of a data set.</summary>
/// <param name="pixels">uint8 values in (N, C, H, W) order.</param>
/// <param name="labels">One class index an image.</param>
/// <param name="imageShape">(C, H, W).</param>
public sealed class ImageSet(byte[] pixels, int[] labels, Shape imageShape)
{
    private readonly Lazy<string> _fingerprint = new(() => Hash(pixels, labels, imageShape));

    public byte[] Pixels { get; } = pixels;

    public int[] Labels { get; } = labels;

    public Shape ImageShape { get; } = imageShape;

    /// <summary>The file of each image; none where the data are not a file an image.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    public int Count => Labels.Length;

    /// <summary>A hash of all that is in it.</summary>
    internal string Fingerprint => _fingerprint.Value;

    /// <summary>A new set of the images at these indices, in their order.</summary>
    public ImageSet Select(IReadOnlyList<int> indices)
    {
        int size = (int)ImageShape.Count;
        byte[] pixels = new byte[(long)indices.Count * size];
        int[] labels = new int[indices.Count];
        for (int i = 0; i < labels.Length; i++)
        {
            Pixels.AsSpan(indices[i] * size, size).CopyTo(pixels.AsSpan(i * size));
            labels[i] = Labels[indices[i]];
        }

        return new(pixels, labels, ImageShape) { Paths = Paths.IsEmpty ? [] : [.. indices.Select(index => Paths[index])] };
    }

    /// <summary>An image's file; empty where there is none.</summary>
    internal string PathOf(int index) => Paths.IsEmpty ? "" : Paths[index];

    /// <summary>A new set of the images scaled to a height and width, as <see cref="BilinearResize"/> does it.</summary>
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
    public CnnImage ImageAt(int index, IReadOnlyList<string> classNames) =>
        new(Pixels.AsSpan(index * (int)ImageShape.Count, (int)ImageShape.Count).ToArray(), ImageShape) { Label = classNames[Labels[index]] };

    private static string Hash(byte[] pixels, int[] labels, Shape imageShape)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(imageShape.ToString()));
        hash.AppendData(MemoryMarshal.AsBytes<int>(labels));
        hash.AppendData(pixels);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
