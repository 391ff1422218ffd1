using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>
/// Residual networks, dense ones and their contemporaries that torchvision lacks, against PyTorch programs written from
/// their papers and their authors' code. The small ones, with every choice of "Identity Mappings", are answered together;
/// of the deepest only logits are compared (<see cref="TorchvisionTests"/> says why).
/// </summary>
public sealed class ResidualTranscriptionTests(ResidualTranscriptionTests.Answers answers)
    : IClassFixture<ResidualTranscriptionTests.Answers>
{
    private const string Script = "transcription.py";
    private const string Source = "residual";

    private static readonly Dictionary<string, NetworkComparison> Small = new()
    {
        ["SEResNet18"] = Case("SEResNet18", new(3, 32, 32), new() { Stem = Stem.Conv3x3 }),
        ["CbamResNet18"] = Case("CbamResNet18", new(3, 64, 64)),
        ["DenseNet40_k12"] = Case("DenseNet40_k12", new(3, 16, 16)),
        ["DenseNetBC100_k12"] = Case("DenseNetBC100_k12", new(3, 16, 16)),
        ["MobileNetV1"] = Case("MobileNetV1", new(3, 64, 64)),
        ["NiN"] = Case("NiN", new(1, 80, 80)),
    };

    static ResidualTranscriptionTests()
    {
        foreach (Placement placement in Enum.GetValues<Placement>())
        {
            foreach (Shortcut shortcut in Enum.GetValues<Shortcut>())
            {
                Small[$"{placement}, {shortcut}"] =
                    Case("CifarResNet20", new(3, 16, 16), new() { Placement = placement, Shortcut = shortcut });
            }
        }
    }

    public static TheoryData<string> SmallNetworks => [.. Small.Keys];

    public static TheoryData<string, int, int, bool> LargeNetworks => new()
    {
        { "SEResNet34", 3, 64, true },
        { "SEResNet50", 3, 64, true },
        { "SEResNet101", 3, 64, true },
        { "CbamResNet34", 3, 64, true },
        { "CbamResNet50", 3, 64, true },
        { "CifarResNet56", 3, 32, true },
        { "CifarResNet110", 3, 32, true },
        { "PreActResNet18", 3, 32, true },
        { "PreActResNet110", 3, 32, true },
        { "PreActResNet164", 3, 32, true },
        { "PreActResNet1001", 3, 16, false },
        { "WideResNet28_10", 3, 16, true },
        { "DenseNet100_k12", 3, 16, true },
        { "DenseNetBC190_k40", 3, 16, false },
        { "DenseNetBC250_k24", 3, 16, false },
        { "AlexNet2012", 3, 64, true },
        { "AlexNetD2l", 1, 80, true },
    };

    [PyTorchTheory]
    [MemberData(nameof(SmallNetworks))]
    public void Logits_and_gradients_are_those_of_the_transcription(string name) =>
        Small[name].AssertSame(answers.Exchange.Part(name));

    [AllNetworksTheory]
    [MemberData(nameof(LargeNetworks))]
    public void Those_of_large_networks_too(string network, int channels, int side, bool gradients) =>
        NetworkComparison.Run(Script, network, new(channels, side, side), gradients, Source);

    private static NetworkComparison Case(string network, Shape input, ArchitectureOptions? options = null) =>
        new(network, input, gradients: true, Source, options);

    /// <summary>PyTorch's answers about the small networks, given when the first test asks.</summary>
    public sealed class Answers : IDisposable
    {
        private readonly Lazy<PyTorchExchange> _exchange = new(Ask);

        internal PyTorchExchange Exchange => _exchange.Value;

        public void Dispose()
        {
            if (_exchange.IsValueCreated)
            {
                _exchange.Value.Dispose();
            }
        }

        private static PyTorchExchange Ask()
        {
            PyTorchExchange exchange = new();
            foreach ((string name, NetworkComparison comparison) in Small)
            {
                comparison.Ask(exchange.Part(name));
            }

            exchange.Run(Script);
            return exchange;
        }
    }
}
