using System.Collections.Immutable;
using CnnTools.Images;

namespace CnnTools.Inspection;

/// <summary>An activation map in colours over the picture that it belongs to.</summary>
public static class HeatOverlay
{
    /// <summary>The picture in grey, so that the colours are the map's alone, mixed with them.</summary>
    /// <param name="opacity">The colours' share, from 0 to 1.</param>
    public static CnnImage Draw(ActivationMap map, ColorMap colorMap, double opacity)
    {
        CnnImage picture = map.Picture;
        byte[] grey = picture.Channels == 3 ? Planes.ToGrayscale(picture.RgbPixels, picture.Shape) : picture.Pixels;
        ImmutableArray<RgbColor> colors = ColorTable.Of(colorMap);
        ReadOnlySpan<float> values = map.AsSpan();
        ValueRange range = new(0, (float)map.Maximum);
        int area = picture.Height * picture.Width;
        byte[] pixels = new byte[3 * area];
        for (int i = 0; i < area; i++)
        {
            RgbColor color = colors[range.ToByte(values[i])];
            pixels[i] = Mix(grey[i], color.Red);
            pixels[i + area] = Mix(grey[i], color.Green);
            pixels[i + (2 * area)] = Mix(grey[i], color.Blue);
        }

        return new(pixels, new(3, picture.Height, picture.Width));

        byte Mix(byte below, byte above) => (byte)Math.Round(below + ((above - below) * opacity));
    }
}
