using System.Globalization;

namespace CnnTools.Plots;

/// <summary>Round values for an axis, by steps of 1, 2 or 5 times a power of ten.</summary>
internal static class Ticks
{
    /// <summary>At most so many steps from at or below the one value to at or above the other.</summary>
    /// <param name="leastStep">1 where only whole numbers make sense.</param>
    public static double[] Linear(double minimum, double maximum, int most, double leastStep = 0)
    {
        if (maximum - minimum <= Math.Abs(maximum) * 1e-12)
        {
            double reach = minimum == 0 ? 1 : Math.Abs(minimum) / 10;
            (minimum, maximum) = (minimum - Math.Max(reach, leastStep), maximum + Math.Max(reach, leastStep));
        }

        double step = Math.Max(StepFor((maximum - minimum) / most), leastStep);
        long first = (long)Math.Floor((minimum / step) + 1e-9);
        long last = (long)Math.Ceiling((maximum / step) - 1e-9);
        if (last - first > most)
        {
            step = Math.Max(StepFor(step * 1.01), leastStep);
            (first, last) = ((long)Math.Floor((minimum / step) + 1e-9), (long)Math.Ceiling((maximum / step) - 1e-9));
        }

        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => Round((first + i) * step, step))];
    }

    /// <summary>Powers of ten around values above zero, and 2 and 5 times these where there are few.</summary>
    public static double[] Logarithmic(double minimum, double maximum)
    {
        int first = (int)Math.Floor(Math.Log10(minimum));
        int last = (int)Math.Ceiling(Math.Log10(maximum));
        int every = Math.Max(1, ((last - first) + 7) / 8);
        last += (every - ((last - first) % every)) % every;
        double[] digits = last - first > 2 ? [1] : [1, 2, 5];
        double[] all =
        [
            .. from power in Enumerable.Range(first, last - first + 1)
               where (power - first) % every == 0
               from digit in digits
               select digit * Math.Pow(10, power),
        ];
        int from = Array.FindLastIndex(all, tick => tick <= minimum * 1.000001);
        int to = Array.FindIndex(all, tick => tick >= maximum * 0.999999);
        double[] around = all[Math.Max(from, 0)..((to < 0 ? all.Length - 1 : to) + 1)];
        return around.Length > 1 ? around : [around[0] / 2, around[0], around[0] * 2];
    }

    /// <summary>Labels with as many decimals as tell neighbours apart.</summary>
    public static string[] Format(double[] ticks)
    {
        double largest = ticks.Max(Math.Abs);
        double step = ticks.Zip(ticks[1..], (left, right) => right - left).DefaultIfEmpty(1).Min();
        int decimals = -(int)Math.Floor(Math.Log10(step) + 1e-9);
        string mantissa = $"0.{new string('#', Math.Clamp((int)Math.Floor(Math.Log10(largest)) + decimals, 0, 14))}e+0";
        string format = largest >= 1e7 || decimals > 5 ? $"{mantissa};-{mantissa};0" : $"#,0.{new string('#', Math.Max(0, decimals))}";
        return Array.ConvertAll(ticks, tick => tick.ToString(format, CultureInfo.InvariantCulture));
    }

    /// <summary>The least round step that is no less.</summary>
    private static double StepFor(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double share = least / power;
        return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    }

    /// <summary>Without the dust of floating point.</summary>
    private static double Round(double value, double step)
    {
        int digits = (int)Math.Ceiling(-Math.Log10(step)) + 1;
        return digits is > 0 and <= 15 ? Math.Round(value, digits) : value;
    }
}
