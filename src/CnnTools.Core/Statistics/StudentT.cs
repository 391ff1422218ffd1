namespace CnnTools.Statistics;

/// <summary>Student's t distribution with a whole number of degrees of freedom.</summary>
public static class StudentT
{
    /// <summary>The probability of a value up to t: Abramowitz and Stegun 26.7.3 and 26.7.4, finite sums.</summary>
    public static double Cumulative(double t, int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        double angle = Math.Atan(t / Math.Sqrt(freedom));
        double square = Math.Cos(angle) * Math.Cos(angle);

        // Each term is the one before times cos² and (k - 1) / k, from k = 2 or 3 on in steps of two.
        bool odd = freedom % 2 == 1;
        double term = odd ? Math.Cos(angle) : 1, sum = freedom == 1 ? 0 : term;
        for (int k = odd ? 3 : 2; k <= freedom - 2; k += 2)
        {
            term *= square * (k - 1) / k;
            sum += term;
        }

        double within = odd ? 2 / Math.PI * (angle + (Math.Sin(angle) * sum)) : Math.Sin(angle) * sum;
        return (1 + within) / 2;
    }

    /// <summary>The value up to which this probability lies, by bisection.</summary>
    /// <param name="probability">From 0.5 to less than 1.</param>
    public static double Quantile(double probability, int freedom)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(probability, 0.5);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(probability, 1);
        double low = 0, high = 1;
        while (Cumulative(high, freedom) < probability)
        {
            high *= 2;
        }

        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return high;
            }

            (low, high) = Cumulative(middle, freedom) < probability ? (middle, high) : (low, middle);
        }
    }
}
