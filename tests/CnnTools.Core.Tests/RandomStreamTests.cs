using System.Globalization;

namespace CnnTools.Tests;

public sealed class RandomStreamTests
{
    [Fact]
    public void The_same_seed_and_purpose_give_the_same_numbers()
    {
        RandomStream first = new(5, "order");
        RandomStream second = new(5, "order");

        Assert.Equal(Take(first, 100), Take(second, 100));
    }

    [Fact]
    public void Another_seed_or_purpose_gives_other_numbers()
    {
        ulong[] numbers = Take(new(5, "order"), 10);

        Assert.Empty(numbers.Intersect(Take(new(6, "order"), 10)));
        Assert.Empty(numbers.Intersect(Take(new(5, "dropout"), 10)));
    }

    [Fact]
    public void The_numbers_are_the_same_on_every_platform() =>
        Assert.Equal(Known, Take(new(0, "order"), 2).Select(n => n.ToString("x16", CultureInfo.InvariantCulture)));

    [Fact]
    public void A_state_set_again_goes_on_from_there()
    {
        RandomStream stream = new(1, "x");
        Take(stream, 7);
        RandomStream other = new(99, "y") { State = stream.State };

        Assert.Equal(Take(stream, 20), Take(other, 20));
    }

    [Fact]
    public void A_shuffle_is_a_permutation_and_every_place_is_equally_likely()
    {
        RandomStream stream = new(3, "shuffle");
        int[] firsts = new int[5];
        for (int i = 0; i < 5000; i++)
        {
            int[] items = [0, 1, 2, 3, 4];
            stream.Shuffle<int>(items);
            Assert.Equal(10, items.Distinct().Sum());
            firsts[items[0]]++;
        }

        // 1000 expected; four standard deviations are 113.
        Assert.All(firsts, count => Assert.InRange(count, 887, 1113));
    }

    [Fact]
    public void Moments_are_those_of_the_distributions()
    {
        RandomStream stream = new(11, "moments");
        double[] uniform = [.. Enumerable.Range(0, 100_000).Select(_ => stream.NextDouble())];
        double[] normal = [.. Enumerable.Range(0, 100_000).Select(_ => stream.NextNormal())];

        Assert.InRange(uniform.Average(), 0.496, 0.504);
        Assert.InRange(normal.Average(), -0.013, 0.013);
        Assert.InRange(normal.Select(x => x * x).Average(), 0.98, 1.02);
    }

    private static readonly string[] Known = ["e1ceb8bd734cc382", "a24de7cd0c74c0bc"];

    private static ulong[] Take(RandomStream stream, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => stream.NextUInt64())];
}
