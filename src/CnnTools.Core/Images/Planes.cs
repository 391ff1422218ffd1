namespace CnnTools.Images;

/// <summary>What is done with planes (C, H, W) of bytes, pixel by pixel.</summary>
internal static class Planes
{
    // ITU-R 601: 0.299 red, 0.587 green, 0.114 blue, in 65536ths, as Pillow has them.
    private const int Red = 19595;
    private const int Green = 38470;
    private const int Blue = 7471;
    private const int Half = 1 << 15;

    /// <summary>The part of the planes that lies in a box.</summary>
    public static byte[] Crop(ReadOnlySpan<byte> pixels, Shape shape, CropBox box)
    {
        byte[] part = new byte[shape.Channels * box.Size.Vertical * box.Size.Horizontal];
        int to = 0;
        for (int c = 0; c < shape.Channels; c++)
        {
            for (int y = 0; y < box.Size.Vertical; y++, to += box.Size.Horizontal)
            {
                int from = (((c * shape.Height) + box.TopLeft!.Value.Vertical + y) * shape.Width) + box.TopLeft.Value.Horizontal;
                pixels.Slice(from, box.Size.Horizontal).CopyTo(part.AsSpan(to));
            }
        }

        return part;
    }

    /// <summary>One plane of luma from red, green and blue, equal to Pillow's convert("L").</summary>
    public static byte[] ToGrayscale(ReadOnlySpan<byte> pixels, Shape shape)
    {
        int area = shape.Height * shape.Width;
        ReadOnlySpan<byte> red = pixels[..area];
        ReadOnlySpan<byte> green = pixels.Slice(area, area);
        ReadOnlySpan<byte> blue = pixels.Slice(2 * area, area);
        byte[] grey = new byte[area];
        for (int i = 0; i < grey.Length; i++)
        {
            grey[i] = (byte)(((red[i] * Red) + (green[i] * Green) + (blue[i] * Blue) + Half) >> 16);
        }

        return grey;
    }

    /// <summary>Three planes in the other order: RGB becomes BGR, and back.</summary>
    public static byte[] Reverse(ReadOnlySpan<byte> pixels, Shape shape)
    {
        int area = shape.Height * shape.Width;
        byte[] reversed = new byte[pixels.Length];
        for (int c = 0; c < shape.Channels; c++)
        {
            pixels.Slice(c * area, area).CopyTo(reversed.AsSpan((shape.Channels - 1 - c) * area));
        }

        return reversed;
    }
}
