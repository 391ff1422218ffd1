namespace CnnTools.Images.Jpeg;

/// <summary>
/// The inverse discrete cosine transform of a block in whole numbers, after Loeffler, Ligtenberg and Moschytz (1989), with
/// the roundings of libjpeg's accurate one, whose pixels are those of Pillow and torchvision.
/// </summary>
internal static class JpegTransform
{
    private const int Side = JpegFrame.BlockSide;
    private const int FactorBits = 13;  // of the factors in Line: 8192 stands for 1
    private const int MoreBits = 2;  // that values have between columns and rows
    private const int ScaleBits = 3;  // that both together add to a sample
    private const int Middle = 128;

    /// <summary>Writes the samples of a block.</summary>
    /// <param name="block">64 coefficients, row by row.</param>
    /// <param name="quantizers">What each of them was divided by.</param>
    /// <param name="samples">From the block's first one on.</param>
    /// <param name="stride">From one row of samples to the next.</param>
    public static void Apply(ReadOnlySpan<short> block, ReadOnlySpan<int> quantizers, Span<byte> samples, int stride)
    {
        if (!block[1..].ContainsAnyExcept((short)0))
        {
            byte sample = ToSample(Round(block[0] * quantizers[0], ScaleBits));
            for (int y = 0; y < Side; y++)
            {
                samples.Slice(y * stride, Side).Fill(sample);
            }

            return;
        }

        Span<int> values = stackalloc int[JpegFrame.BlockSize];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = block[i] * quantizers[i];
        }

        for (int x = 0; x < Side; x++)
        {
            Line(values[x..], Side, FactorBits - MoreBits);
        }

        for (int y = 0; y < Side; y++)
        {
            Line(values[(y * Side)..], 1, FactorBits + MoreBits + ScaleBits);
            Span<byte> row = samples.Slice(y * stride, Side);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = ToSample(values[(y * Side) + x]);
            }
        }
    }

    /// <summary>Transforms eight values that stand a step apart.</summary>
    /// <param name="shift">By how many bits they become shorter.</param>
    private static void Line(Span<int> values, int step, int shift)
    {
        int odd7 = values[7 * step], odd5 = values[5 * step], odd3 = values[3 * step], odd1 = values[step];
        int even0 = (values[0] + values[4 * step]) << FactorBits;
        int even4 = (values[0] - values[4 * step]) << FactorBits;
        int turned = (values[2 * step] + values[6 * step]) * 4433;
        int even2 = turned + (values[2 * step] * 6270);
        int even6 = turned - (values[6 * step] * 15137);

        int all = (odd7 + odd3 + odd5 + odd1) * 9633;
        int sum71 = (odd7 + odd1) * -7373;
        int sum53 = (odd5 + odd3) * -20995;
        int sum73 = ((odd7 + odd3) * -16069) + all;
        int sum51 = ((odd5 + odd1) * -3196) + all;
        odd7 = (odd7 * 2446) + sum71 + sum73;
        odd5 = (odd5 * 16819) + sum53 + sum51;
        odd3 = (odd3 * 25172) + sum53 + sum73;
        odd1 = (odd1 * 12299) + sum71 + sum51;

        values[0] = Round(even0 + even2 + odd1, shift);
        values[step] = Round(even4 + even6 + odd3, shift);
        values[2 * step] = Round(even4 - even6 + odd5, shift);
        values[3 * step] = Round(even0 - even2 + odd7, shift);
        values[4 * step] = Round(even0 - even2 - odd7, shift);
        values[5 * step] = Round(even4 - even6 - odd5, shift);
        values[6 * step] = Round(even4 + even6 - odd3, shift);
        values[7 * step] = Round(even0 + even2 - odd1, shift);
    }

    private static int Round(int value, int shift) => (value + (1 << (shift - 1))) >> shift;

    private static byte ToSample(int value) => (byte)Math.Clamp(value + Middle, 0, 255);
}
