using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CnnTools.LibTorch;

internal static partial class NativeMethods
{
    // images/*.cpp

    [LibraryImport(Library, EntryPoint = "cnn_image_probe")]
    internal static partial int ImageProbe(ReadOnlySpan<byte> file, long length, out NativeImageInfo info);

    [LibraryImport(Library, EntryPoint = "cnn_image_decode")]
    internal static partial int ImageDecode(ReadOnlySpan<byte> file, long length, Span<byte> pixels, long capacity);

    [LibraryImport(Library, EntryPoint = "cnn_image_encode")]
    internal static partial int ImageEncode(
        int format, ReadOnlySpan<byte> pixels, int channels, int height, int width, int quality, out nint bytes,
        out long length);

    [LibraryImport(Library, EntryPoint = "cnn_free_bytes")]
    internal static partial int FreeBytes(nint bytes);
}

/// <summary>The structure cnn_image_info of src/native/api.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeImageInfo
{
    public int Format;
    public int Color;
    public int Width;
    public int Height;
    public int BitDepth;
    public int HasAlpha;
    public int Interlaced;
    public int Orientation;
    public int PaletteSize;
    public NativePalette Palette;

    /// <summary>Red, green and blue of each colour.</summary>
    [InlineArray(256 * 3)]
    internal struct NativePalette
    {
        private byte _first;
    }
}
