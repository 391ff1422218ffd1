using System.Globalization;
using CnnTools.Backends;

namespace CnnTools.Images;

/// <summary>A part of an image: from a place, or, where that is null, around the centre.</summary>
/// <param name="TopLeft">Row and column of its first pixel.</param>
/// <param name="Size">Height and width.</param>
public readonly record struct CropBox(Pair? TopLeft, Pair Size)
{
    /// <summary>The same with its place, for an image of a shape (C, H, W).</summary>
    /// <exception cref="CnnException">It does not lie within the image.</exception>
    internal CropBox Within(Shape shape, string path)
    {
        Pair start = TopLeft ?? new Pair(Centre(shape.Height, Size.Vertical), Centre(shape.Width, Size.Horizontal));
        return Fits(start.Vertical, Size.Vertical, shape.Height) && Fits(start.Horizontal, Size.Horizontal, shape.Width)
            ? this with { TopLeft = start }
            : throw Errors.CropOutside(path, ToString(), shape);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Size.Vertical} x {Size.Horizontal}{(TopLeft is { } start ? $" from {start.Vertical},{start.Horizontal}" : "")}");

    /// <summary>As torchvision's CenterCrop: a half goes to the even number.</summary>
    private static int Centre(int whole, int part) => (int)Math.Round((whole - part) / 2.0);

    private static bool Fits(int start, int size, int whole) => start >= 0 && size >= 1 && (long)start + size <= whole;
}
