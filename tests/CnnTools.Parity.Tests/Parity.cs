using CnnTools.Backends;

// The number of threads is one for the whole process, and timing does not matter here.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CnnTools.Tests;

/// <summary>What the tests of this project share.</summary>
internal static class Parity
{
    private static readonly Lazy<IBackend> Loaded = new(() => Engine.Backend);

    public static IBackend Backend => Loaded.Value;

    /// <summary>
    /// Values agree within a share of the largest one: rounding differs by the order of sums, and a value that is small
    /// because large ones cancel keeps their error.
    /// </summary>
    public static void AssertClose(
        string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string reference = "PyTorch")
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} values, {reference} has {expected.Length}.");
        double largest = 0;
        foreach (float value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            // Written so that a NaN fails, and so that the message is made only then: there are millions of values.
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * largest))
            {
                Assert.Fail($"{what}[{i}] is {actual[i]:R}, {reference} has {expected[i]:R}; the largest is {largest:R}, the tolerance {tolerance}.");
            }
        }
    }
}
