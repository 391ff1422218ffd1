using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CnnTools.Data;

/// <summary>Images of a test split that were trained on: they make its figures too good.</summary>
public static class SharedImages
{
    /// <summary>How many of the test images stand in the training split too, pixel for pixel, whatever their labels.</summary>
    public static int Count(Dataset dataset)
    {
        HashSet<UInt128> known = [.. Hashes(dataset.Train)];
        return dataset.Train.ImageShape == dataset.Test.ImageShape ? Hashes(dataset.Test).Count(known.Contains) : 0;
    }

    /// <summary>Half of SHA-256 is enough to tell images apart.</summary>
    private static UInt128[] Hashes(ImageSet images)
    {
        int size = (int)images.ImageShape.Count;
        UInt128[] hashes = new UInt128[images.Count];
        Parallel.For(0, hashes.Length, i =>
        {
            byte[] pixels = new byte[size];
            images.Read(i, pixels);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(pixels, hash);
            hashes[i] = BinaryPrimitives.ReadUInt128LittleEndian(hash);
        });
        return hashes;
    }
}
