using CnnTools.PyTorch;

namespace CnnTools.Tests;

/// <summary>The tutorials' networks against their own Python, read from their texts.</summary>
public sealed class SeedNetworkTests
{
    [SeedTheory("000")]
    [InlineData("seed000_image_classification")]
    [InlineData("seed000_image_classification_optimised")]
    public void Seed_000s_logits_and_gradients(string network) =>
        NetworkComparison.Run("seed_network.py", network, new(3, 32, 32), gradients: true, SeedTheoryAttribute.Find("000"));

    [SeedTheory("001")]
    [InlineData("seed001_simple_cnn")]
    public void Seed_001s(string network) =>
        NetworkComparison.Run("seed_network.py", network, new(1, 28, 28), gradients: true, SeedTheoryAttribute.Find("001"));

    [SeedTheory("002")]
    [InlineData("seed002_net")]
    [InlineData("seed002_homework_net")]
    [InlineData("seed002_inception_net")]
    [InlineData("seed002_residual_net")]
    public void Seed_002s(string network) =>
        NetworkComparison.Run("seed_network.py", network, new(1, 28, 28), gradients: true, SeedTheoryAttribute.Find("002"));

    [SeedTheory("003")]
    [InlineData("seed003_resnet18")]
    public void Seed_003s(string network) =>
        NetworkComparison.Run("seed_network.py", network, new(1, 64, 64), gradients: true, SeedTheoryAttribute.Find("003"));

    /// <summary>A test against a tutorial's text, skipped where it or PyTorch is absent.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class SeedTheoryAttribute : TheoryAttribute
    {
        // Beside the data.
        private static readonly string Folder = Path.GetFullPath(Path.Combine(RealDataFactAttribute.Root, "..", "seeds"));

        public SeedTheoryAttribute(string seed)
        {
            Seed = seed;
            Skip = Find(seed) is null ? $"Needs seed {seed} in '{Folder}'."
                : PyTorchInterpreter.Command is null ? PyTorchInterpreter.Missing
                : null;
        }

        public string Seed { get; }

        /// <summary>The text's path; null where it is absent.</summary>
        public static string? Find(string seed) =>
            Directory.Exists(Folder) ? Directory.GetFiles(Folder, $"{seed}_*.txt").FirstOrDefault() : null;
    }
}
