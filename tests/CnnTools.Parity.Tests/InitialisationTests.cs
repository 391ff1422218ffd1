using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>
/// A fresh network's values are drawn as its source draws them. Where that is PyTorch's default, nn.Conv2d's and
/// nn.Linear's: uniform within 1 / √fan-in, weights and biases alike (kaiming-uniform with a = √5).
/// </summary>
public sealed class InitialisationTests
{
    private static readonly string[] OfTorchvision =
        ["resnet18", "mobilenet_v2", "mobilenet_v3_small", "densenet121", "googlenet", "inception_v3"];

    private static readonly Lazy<Dictionary<string, Dictionary<string, Spread>>> Expected = new(AskTorchvision);

    public static TheoryData<string> Networks => [.. OfTorchvision];

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

    [TorchvisionTheory]
    [MemberData(nameof(Networks))]
    public void Each_tensor_spreads_as_torchvisions(string network)
    {
        Architecture architecture = Catalog.Get(network);
        Graph graph = architecture.Build(architecture.Input, architecture.Classes);
        using ModelWeights weights = ModelWeights.Initialize(Parity.Backend, graph, seed: 4, Device.Cpu);
        Dictionary<string, Spread> expected = Expected.Value[network];
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), weights.Names.Order(StringComparer.Ordinal));
        foreach ((string tensor, _, float[] values) in weights.Read(Parity.Backend))
        {
            (double mean, double deviation) = expected[tensor];
            double actual = values.Average(v => (double)v);

            // Six standard errors of the difference of two samples' means, and of their deviations; constants are equal.
            double tolerance = (6 * deviation / Math.Sqrt(values.Length)) + 1e-9;
            AssertNear("mean", mean, actual, Math.Sqrt(2) * tolerance);
            AssertNear("deviation", deviation, Math.Sqrt(values.Average(v => (v - actual) * (v - actual))), tolerance);

            void AssertNear(string what, double torchvisions, double found, double within) =>
                Assert.True(Math.Abs(torchvisions - found) <= within,
                    $"{network}'s {tensor} has the {what} {found:G6}, torchvision's is {torchvisions:G6}; allowed is {within:G2}.");
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

    private static Dictionary<string, Dictionary<string, Spread>> AskTorchvision()
    {
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(OfTorchvision);
        exchange.Run("torchvision_initialisation.py");
        return exchange.ReadResult<Dictionary<string, Dictionary<string, Spread>>>();
    }

    /// <summary>A tensor's mean and deviation.</summary>
    private sealed record Spread(double Mean, double Deviation);
}
