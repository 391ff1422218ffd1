namespace CnnTools.Bench;

/// <summary>Figures that a few slow rounds do not move.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>
    /// An interval that holds the true median with at least 95 %, whatever the distribution: from the k-th smallest to
    /// the k-th largest value, k as large as the binomial distribution allows. Below six values that cannot be had: then
    /// it is from the smallest to the largest, with the confidence that this has.
    /// </summary>
    public static (double Low, double High, double Confidence) MedianInterval(IEnumerable<double> values)
    {
        const double Wanted = 0.95;
        double[] sorted = [.. values.Order()];
        int count = sorted.Length;
        int k = 1;
        while (k < (count + 1) / 2 && Confidence(count, k + 1) >= Wanted)
        {
            k++;
        }

        return (sorted[k - 1], sorted[count - k], Confidence(count, k));
    }

    /// <summary>1 - 2 P(X &lt; k) for X ~ Binomial(count, 1/2).</summary>
    private static double Confidence(int count, int k)
    {
        double term = Math.Pow(0.5, count);
        double below = 0;
        for (int i = 0; i < k; i++)
        {
            below += term;
            term *= (double)(count - i) / (i + 1);
        }

        return 1 - (2 * below);
    }
}
