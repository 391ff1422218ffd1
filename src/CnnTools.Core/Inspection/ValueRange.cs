namespace CnnTools.Inspection;

/// <summary>The values that are drawn, from the first colour to the last.</summary>
public readonly record struct ValueRange(float Minimum, float Maximum)
{
    /// <summary>From the least finite value to the largest.</summary>
    public static ValueRange Of(ReadOnlySpan<float> values)
    {
        (float minimum, float maximum) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
            }
        }

        return new(minimum, maximum);
    }

    /// <summary>As far below zero as above.</summary>
    public ValueRange AroundZero()
    {
        float reach = Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));
        return reach > 0 && float.IsFinite(reach) ? new(-reach, reach) : new(-1, 1);
    }

    /// <summary>
    /// 0 for the least and 255 for the largest; 0 for all where they are equal. What is no number is 0, too.
    /// </summary>
    public byte ToByte(float value)
    {
        // In double: the distance of two floats can be more than a float holds.
        double share = ((double)value - Minimum) / ((double)Maximum - Minimum);
        return double.IsNaN(share) ? (byte)0 : (byte)Math.Round(Math.Clamp(share, 0, 1) * 255);
    }
}
