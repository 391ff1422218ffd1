using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>
/// A fresh network's values are drawn as its source draws them: where that is silent as nn.Conv2d and nn.Linear draw
/// theirs, uniform within 1 / √fan-in, weights and biases alike (kaiming-uniform with a = √5).
/// </summary>
public sealed class InitialisationTests
{
    private static readonly string[] OfTorchvision = ["resnet18", "mobilenet_v2", "mobilenet_v3_small", "densenet121"];

    private static readonly Lazy<Dictionary<string, Dictionary<string, Spread>>> Expected = new(AskTorchvision);

    public static TheoryData<string> Networks => [.. OfTorchvision];

    [Theory]
    [InlineData("SimpleCnn")]
    [InlineData("LeNet5")]
    [InlineData("ImageClassification")]
    public void Means_deviations_and_bounds_are_those_of_PyTorch(string name)
    {
        using ModelWeights weights = Draw(name);
        foreach ((string tensor, _, float[] values) in weights.Read(Parity.Backend))
        {
            AssertUniform(values, 1 / Math.Sqrt(FanIn(weights, tensor)));
        }
    }

    /// <summary>Torchvision truncates at 2, which is so far out that the values are normal.</summary>
    [Theory]
    [InlineData("googlenet", 0.01)]
    [InlineData("inception_v3", 0.1)]
    public void Means_and_deviations_are_those_of_torchvision(string name, double deviation)
    {
        using ModelWeights weights = Draw(name);
        foreach ((string tensor, IReadOnlyList<long> sizes, float[] values) in weights.Read(Parity.Backend))
        {
            if (sizes.Count > 1)
            {
                AssertNormal(values, tensor == "AuxLogits.fc.weight" ? 0.001 : deviation);
            }
            else if (tensor.Contains("fc", StringComparison.Ordinal))
            {
                AssertUniform(values, 1 / Math.Sqrt(FanIn(weights, tensor)));
            }
            else
            {
                float constant = tensor.EndsWith("weight", StringComparison.Ordinal)
                    || tensor.EndsWith("running_var", StringComparison.Ordinal) ? 1 : 0;
                Assert.All(values, v => Assert.Equal(constant, v));
            }
        }
    }

    [TorchvisionTheory]
    [MemberData(nameof(Networks))]
    public void Each_tensor_spreads_as_torchvisions(string network)
    {
        Graph graph = Catalog.Get(network).Build(new Shape(3, 224, 224), 1000);
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

    private static ModelWeights Draw(string name)
    {
        Architecture architecture = Catalog.Get(name);
        Graph graph = architecture.Build(architecture.Input, outputs: 10);
        return ModelWeights.Initialize(Parity.Backend, graph, seed: 3, Device.Cpu);
    }

    /// <summary>The values that one output is summed from; a bias has that of the weight beside it.</summary>
    private static double FanIn(ModelWeights weights, string tensor) =>
        weights[tensor.Replace(".bias", ".weight", StringComparison.Ordinal)].Sizes.ToArray().Skip(1)
            .Aggregate(1.0, (product, size) => product * size);

    private static void AssertUniform(float[] values, double bound)
    {
        AssertMoments(values, bound * bound / 3, bound * bound * Math.Sqrt(4.0 / 45));
        Assert.All(values, v => Assert.InRange(v, -bound * 1.000001, bound * 1.000001));
    }

    private static void AssertNormal(float[] values, double deviation) =>
        AssertMoments(values, deviation * deviation, deviation * deviation * Math.Sqrt(2));

    /// <summary>Mean 0 and this variance, within five standard errors.</summary>
    /// <param name="squares">The standard deviation of a value's square.</param>
    private static void AssertMoments(float[] values, double variance, double squares)
    {
        double count = values.Length;
        Assert.Equal(0, values.Average(v => (double)v), 5 * Math.Sqrt(variance / count));
        Assert.Equal(variance, values.Average(v => (double)v * v), 5 * squares / Math.Sqrt(count));
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
