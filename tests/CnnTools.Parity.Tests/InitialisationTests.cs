using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>
/// A fresh network's values are drawn as nn.Conv2d and nn.Linear draw theirs: uniform within 1 / √fan-in, weights and
/// biases alike (kaiming-uniform with a = √5).
/// </summary>
public sealed class InitialisationTests
{
    [Theory]
    [InlineData("SimpleCnn")]
    [InlineData("LeNet5")]
    [InlineData("ImageClassification")]
    public void Means_deviations_and_bounds_are_those_of_PyTorch(string name)
    {
        Architecture architecture = Catalog.Get(name);
        Graph graph = architecture.Build(architecture.Input, architecture.Classes);
        using ModelWeights weights = ModelWeights.Initialize(Parity.Backend, graph, seed: 3, Device.Cpu);
        Dictionary<string, long[]> sizes = weights.Names.ToDictionary(n => n, n => weights[n].Sizes.ToArray());
        foreach ((string tensor, _, float[] values) in weights.Read(Parity.Backend))
        {
            // A bias has the fan-in of the weight beside it: the values that one output is summed from.
            string weight = tensor.Replace(".bias", ".weight", StringComparison.Ordinal);
            double bound = 1 / Math.Sqrt(sizes[weight].Skip(1).Aggregate(1.0, (product, size) => product * size));
            double count = values.Length;
            double mean = values.Average(v => (double)v);
            double variance = values.Average(v => (double)v * v);

            // Five standard errors: of a uniform distribution's mean, and of its second moment.
            Assert.Equal(0, mean, 5 * bound / Math.Sqrt(3 * count));
            Assert.Equal(bound * bound / 3, variance, 5 * bound * bound * Math.Sqrt(4 / (45 * count)));
            Assert.All(values, v => Assert.InRange(v, -bound * 1.000001, bound * 1.000001));
        }
    }

    [Fact]
    public void A_seed_gives_the_same_values_again_and_another_seed_others()
    {
        Graph graph = Catalog.Get("LeNet5").Build(new Shape(1, 28, 28), 10);

        Assert.Equal(Values(1), Values(1));
        Assert.NotEqual(Values(1), Values(2));

        float[] Values(ulong seed)
        {
            using ModelWeights weights = ModelWeights.Initialize(Parity.Backend, graph, seed, Device.Cpu);
            return [.. weights.Read(Parity.Backend).SelectMany(w => w.Values)];
        }
    }
}
