namespace CnnTools.Augmentation;

/// <summary>Adjustments that replace each value of a plane by another, as tables (N, C, 256).</summary>
internal static class AdjustmentTables
{
    private const int Levels = 256;
    private const int Largest = Levels - 1;

    /// <param name="counts">How often each value stands in each plane: (N, C, 256).</param>
    public static byte[] For(IReadOnlyList<Adjustment> adjustments, long[] counts)
    {
        byte[] tables = new byte[counts.Length];
        int planes = counts.Length / Levels, channels = planes / adjustments.Count;
        for (int plane = 0; plane < planes; plane++)
        {
            Fill(tables.AsSpan(plane * Levels, Levels), adjustments[plane / channels], counts.AsSpan(plane * Levels, Levels));
        }

        return tables;
    }

    private static void Fill(Span<byte> table, Adjustment adjustment, ReadOnlySpan<long> counts)
    {
        switch (adjustment.Kind)
        {
            case AdjustmentKind.Posterize:
                int kept = -(1 << (8 - (int)adjustment.Magnitude));
                Fill(table, value => value & kept);
                break;
            case AdjustmentKind.Solarize:
                Fill(table, value => value >= (float)adjustment.Magnitude ? Largest - value : value);
                break;
            case AdjustmentKind.AutoContrast:
                Stretch(table, counts);
                break;
            default:
                Equalize(table, counts);
                break;
        }
    }

    /// <summary>The least value there is becomes 0, the largest 255; a plane of one value stays.</summary>
    private static void Stretch(Span<byte> table, ReadOnlySpan<long> counts)
    {
        int least = counts.IndexOfAnyExcept(0), most = counts.LastIndexOfAnyExcept(0);

        // torch divides a number by a tensor so: another rounding would be cut to another byte.
        float scale = most > least ? 1f / (most - least) * Largest : 1;
        int zero = most > least ? least : 0;
        Fill(table, value => (int)Math.Clamp((value - zero) * scale, 0, Largest));
    }

    /// <summary>Spreads the values so that each is about equally frequent; a plane too small for it stays.</summary>
    private static void Equalize(Span<byte> table, ReadOnlySpan<long> counts)
    {
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        long step = (total - counts[counts.LastIndexOfAnyExcept(0)]) / Largest, below = 0;
        for (int value = 0; value < Levels; value++)
        {
            table[value] = (byte)(step == 0 ? value : value == 0 ? 0 : Math.Min((below + (step / 2)) / step, Largest));
            below += counts[value];
        }
    }

    private static void Fill(Span<byte> table, Func<int, int> map)
    {
        for (int value = 0; value < Levels; value++)
        {
            table[value] = (byte)map(value);
        }
    }
}
