using System.Collections.Immutable;
using CnnTools.Backends;
using CnnTools.Images;
using CnnTools.Operations;

namespace CnnTools.Inspection;

/// <summary>What the first and the last colour stand for.</summary>
public enum MapScale
{
    /// <summary>Each tile's own least and largest value.</summary>
    Tile,

    /// <summary>Those of the whole feature map, so that its tiles compare.</summary>
    Layer,
}

/// <summary>How a feature map becomes a picture: a grid with a tile for each channel of each sample.</summary>
public sealed record MapDrawing
{
    public const int DefaultTileSize = 64;

    // Pixels between tiles.
    private const int Gap = 2;

    public MapScale Scale { get; init; }

    public ColorMap ColorMap { get; init; }

    /// <summary>Tiles in a row; null for a grid that is about square.</summary>
    public int? Columns { get; init; }

    /// <summary>
    /// Values become squares of as many whole pixels as a tile's shorter side then has no more than this, but no fewer
    /// than one; a long tile's other side stays within 16 times as much.
    /// </summary>
    public int TileSize { get; init; } = DefaultTileSize;

    /// <summary>The grid; grey, or of three channels where the colours are.</summary>
    /// <param name="range">What is drawn by the scale of the layer, where the map is a part of one.</param>
    /// <exception cref="CnnException">The picture would be too large.</exception>
    public CnnImage Draw(FeatureMap map, ValueRange? range = null)
    {
        FeatureMap[] tiles = [.. map.GetPlanes()];
        Pair tile = new(tiles[0].Shape[0], tiles[0].Shape[1]);
        int factor = FactorFor(tile);
        int columns = Math.Min(Columns ?? (int)Math.Ceiling(Math.Sqrt(tiles.Length)), tiles.Length);
        int rows = (tiles.Length + columns - 1) / columns;
        Canvas canvas = new(SizeOf(map.Label, new(rows, columns), tile, factor), ColorTable.Of(ColorMap), ColorMap == ColorMap.Gray ? 1 : 3);
        ValueRange? whole = Scale == MapScale.Layer ? range ?? RangeOf(map) : null;
        foreach ((int index, FeatureMap plane) in tiles.Index())
        {
            int top = index / columns * ((tile.Vertical * factor) + Gap);
            int left = index % columns * ((tile.Horizontal * factor) + Gap);
            canvas.Paint(plane, whole ?? RangeOf(plane), top, left, factor);
        }

        return canvas.ToImage();
    }

    /// <summary>The values that the first and the last colour stand for.</summary>
    public ValueRange RangeOf(FeatureMap map)
    {
        ValueRange range = ValueRange.Of(map.AsSpan());
        return ColorMap == ColorMap.BlueRed ? range.AroundZero() : range;
    }

    private int FactorFor(Pair tile)
    {
        int shorter = Math.Min(tile.Vertical, tile.Horizontal);
        int longer = Math.Max(tile.Vertical, tile.Horizontal);
        return (int)Math.Max(1, Math.Min(TileSize / shorter, 16L * TileSize / longer));
    }

    private static Pair SizeOf(string label, Pair grid, Pair tile, int factor)
    {
        long height = (grid.Vertical * (((long)tile.Vertical * factor) + Gap)) - Gap;
        long width = (grid.Horizontal * (((long)tile.Horizontal * factor) + Gap)) - Gap;
        return height <= ImageInfo.MostSide && width <= ImageInfo.MostSide && height * width <= ImageInfo.MostPixels
            ? new((int)height, (int)width)
            : throw Errors.DrawingTooLarge(label, width, height);
    }

    /// <summary>A picture that tiles are painted on; between them it is grey, or white where they have colours.</summary>
    private sealed class Canvas
    {
        private readonly ImmutableArray<RgbColor> _colors;
        private readonly byte[] _pixels;
        private readonly Shape _shape;

        public Canvas(Pair size, ImmutableArray<RgbColor> colors, int channels)
        {
            _colors = colors;
            _shape = new(channels, size.Vertical, size.Horizontal);
            _pixels = new byte[_shape.Count];
            Array.Fill(_pixels, (byte)(channels == 1 ? 96 : 255));
        }

        public void Paint(FeatureMap plane, ValueRange range, int top, int left, int factor)
        {
            ReadOnlySpan<float> values = plane.AsSpan();
            int area = _shape.Height * _shape.Width;
            for (int y = 0; y < plane.Shape[0] * factor; y++)
            {
                int at = ((top + y) * _shape.Width) + left;
                for (int x = 0; x < plane.Shape[1] * factor; x++, at++)
                {
                    RgbColor color = _colors[range.ToByte(values[(y / factor * plane.Shape[1]) + (x / factor)])];
                    _pixels[at] = color.Red;
                    if (_shape.Channels == 3)
                    {
                        _pixels[at + area] = color.Green;
                        _pixels[at + (2 * area)] = color.Blue;
                    }
                }
            }
        }

        public CnnImage ToImage() => new(_pixels, _shape);
    }
}
