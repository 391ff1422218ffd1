using System.Globalization;
using System.Text;

namespace CnnTools.Operations;

/// <summary>Numbers as NumPy prints them: in brackets, aligned.</summary>
internal static class MatrixText
{
    private const int MostColumns = 120;
    private const int MostLines = 60;
    private const int MostDecimals = 4;

    /// <summary>Null where they would fill more than a screen.</summary>
    public static string? Write(ReadOnlySpan<float> values, Shape sizes)
    {
        int columns = sizes.Sizes[^1];
        if (values.Length / columns > MostLines || columns > MostColumns / 2)
        {
            return null;
        }

        string format = FormatFor(values);
        string[] cells = new string[values.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = Show(values[i], format);
        }

        int width = cells.Max(cell => cell.Length);
        if ((width + 1) * columns > MostColumns)
        {
            return null;
        }

        StringBuilder text = new();
        Append(text, [.. cells.Select(cell => cell.PadLeft(width))], sizes, dimension: 0);
        return text.ToString();
    }

    public static string Summarize(FeatureMap map) => string.Create(
        CultureInfo.InvariantCulture,
        $"{map.Shape}: from {map.Minimum:G6} to {map.Maximum:G6}, mean {map.Mean:G6}, deviation {map.Deviation:G6}");

    private static void Append(StringBuilder text, ReadOnlySpan<string> cells, Shape sizes, int dimension)
    {
        int rest = sizes.Rank - 1 - dimension;
        text.Append('[');
        if (rest == 0)
        {
            text.AppendJoin(' ', cells!);
        }
        else
        {
            int part = cells.Length / sizes[dimension];
            for (int i = 0; i < sizes[dimension]; i++)
            {
                if (i > 0)
                {
                    text.Append('\n', rest).Append(' ', dimension + 1);
                }

                Append(text, cells.Slice(i * part, part), sizes, dimension + 1);
            }
        }

        text.Append(']');
    }

    /// <summary>As many decimals as tell all values, at most four; powers of ten for the very large and the very small.</summary>
    private static string FormatFor(ReadOnlySpan<float> values)
    {
        double largest = 0;
        int decimals = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                largest = Math.Max(largest, Math.Abs(value));
                while (decimals < MostDecimals && !IsTold(value, decimals))
                {
                    decimals++;
                }
            }
        }

        return largest is >= 1e8 or > 0 and < 1e-3 ? "0.0000e+00" : $"F{decimals}";
    }

    private static bool IsTold(double value, int decimals) =>
        Math.Abs(Math.Round(value, decimals) - value) <= 1e-6 * Math.Max(1, Math.Abs(value));

    private static string Show(float value, string format)
    {
        if (!float.IsFinite(value))
        {
            return float.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAnyInRange('1', '9') ? text : text.TrimStart('-');
    }
}
