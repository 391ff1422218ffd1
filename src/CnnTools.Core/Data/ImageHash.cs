using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace CnnTools.Data;

/// <summary>A hash of a split: its images' shape, its labels, and the pixels of its images in order.</summary>
internal sealed class ImageHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ImageHash(int[] labels, Shape shape)
    {
        _hash.AppendData(Encoding.UTF8.GetBytes(shape.ToString()));
        _hash.AppendData(MemoryMarshal.AsBytes<int>(labels));
    }

    /// <summary>Adds whole images, (N, C, H, W), that follow those before.</summary>
    public void Add(ReadOnlySpan<byte> pixels) => _hash.AppendData(pixels);

    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
