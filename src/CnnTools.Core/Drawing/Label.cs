using System.Globalization;
using System.Text;
using System.Xml;
using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Drawing;

/// <summary>The words in a picture.</summary>
internal static class Label
{
    /// <summary>A type and what its options are: Conv2d 3x3 / 2.</summary>
    public static string Of(Layer layer)
    {
        StringBuilder text = new(layer.Kind);
        if (layer.GetWindow() is { } window)
        {
            text.Append(' ').Append(Sizes(window.Kernel));
            if (window.Stride != 1)
            {
                text.Append(" / ").Append(window.Stride.Vertical == window.Stride.Horizontal
                    ? window.Stride.Vertical.ToString(CultureInfo.InvariantCulture)
                    : Sizes(window.Stride));
            }

            if (window.Dilation != 1)
            {
                text.Append(", dilation ").Append(window.Dilation);
            }
        }

        return text.Append(layer switch
        {
            Conv2d { Groups: > 1 } grouped => string.Create(CultureInfo.InvariantCulture, $", {grouped.Groups} groups"),
            Dropout dropout => string.Create(CultureInfo.InvariantCulture, $" {dropout.Probability}"),
            _ => "",
        }).ToString();
    }

    /// <summary>On one line, with nothing in it that a text file or XML cannot hold.</summary>
    public static string Clean(string text)
    {
        StringBuilder clean = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Of a lone surrogate the enumeration makes a replacement character itself.
            clean.Append(Rune.IsWhiteSpace(rune) ? " "
                : Rune.IsControl(rune) || (rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value)) ? "\uFFFD"
                : rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>At most so many letters, with the middle left out.</summary>
    public static string Shorten(string text, int most)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        return runes.Length <= most
            ? text
            : string.Concat(runes[..(most / 2)]) + "\u2026" + string.Concat(runes[^((most - 1) / 2)..]);
    }

    /// <summary>Its width in letters of a font in which all are equally wide, East Asian ones two wide.</summary>
    public static int WidthOf(string text) => text.EnumerateRunes().Sum(rune => rune.Value >= 0x1100 ? 2 : 1);

    private static string Sizes(Pair pair) => string.Create(CultureInfo.InvariantCulture, $"{pair.Vertical}x{pair.Horizontal}");
}
