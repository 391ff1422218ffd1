namespace CnnTools.Statistics;

/// <summary>Some figures of the same kind, such as the accuracies of several seeds.</summary>
public sealed class Sample
{
    private readonly double[] _values;

    public Sample(IEnumerable<double> values) => _values = [.. values];

    public int Count => _values.Length;

    /// <summary>NaN where there are no values.</summary>
    public double Mean => _values.Length > 0 ? _values.Average() : double.NaN;

    /// <summary>The standard deviation with n - 1, as an estimate of that of all; null below two values.</summary>
    public double? Deviation
    {
        get
        {
            double mean = Mean;
            return Count < 2 ? null : Math.Sqrt(_values.Sum(value => (value - mean) * (value - mean)) / (Count - 1));
        }
    }

    /// <summary>Student's interval of the mean, 95 %; null below two values.</summary>
    public Interval? MeanInterval
    {
        get
        {
            if (Deviation is not { } deviation)
            {
                return null;
            }

            double half = StudentT.Quantile(0.975, Count - 1) * deviation / Math.Sqrt(Count);
            return new(Mean - half, Mean + half);
        }
    }
}
