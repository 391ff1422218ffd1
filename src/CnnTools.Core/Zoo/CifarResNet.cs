using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Residual networks for images of 32x32 with every choice of "Identity Mappings in Deep Residual Networks" (He, Zhang,
/// Ren, Sun, 2016; seed 002): six shortcuts and five placements of batch norm and ReLU. CifarResNet20 to 110 are those of
/// "Deep Residual Learning" (He et al., 2015; seed 000) with option A; the PreActResNets are full pre-activations;
/// WideResNet28_10 is that of "Wide Residual Networks" (Zagoruyko, Komodakis, 2016), whose authors train with dropout of 0
/// or 0.3. As in the authors' Torch code, a stage's first block has its pre-activation before both paths, the stride is in
/// a block's first convolution, and the initialisation is its. Zero padding on both sides of the channels and names of
/// weights are the usual ones of PyTorch (layer1.0.conv1, layer2.0.shortcut.0, linear).
/// </summary>
public static class CifarResNet
{
    /// <summary>The paper's for shortcuts with dropout.</summary>
    private const double ShortcutDropout = 0.5;

    /// <summary>The paper's for gates: shortcuts start almost open.</summary>
    private const double GateBias = -6;

    private static readonly Initializer Convolutions = new Initializer.KaimingNormal(Fan.Out);

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Original("CifarResNet20", "resnet20_cifar_a", blocks: 3),
        Original("CifarResNet56", "resnet56_cifar_a", blocks: 9),
        Original("CifarResNet110", "resnet110_cifar_a", blocks: 18),
        Preactivation("PreActResNet18", "preact_resnet18_cifar", new(2, 64, [64, 128, 256, 512]), Shortcut.Projection),
        Preactivation("PreActResNet110", "preact_resnet110", Basic(18), Shortcut.ZeroPadding),
        Preactivation("PreActResNet164", "preact_resnet164", Bottleneck(18), Shortcut.Projection),
        Preactivation("PreActResNet1001", "preact_resnet1001", Bottleneck(111), Shortcut.Projection),
        Entry("WideResNet28_10", "wrn_28_10", "Zagoruyko, Komodakis 2016", "", new(4, 16, [160, 320, 640]),
            new() { Shortcut = Shortcut.Projection, Placement = Placement.FullPreactivation, Dropout = 0 }),
    ];

    /// <param name="Blocks">In each stage.</param>
    /// <param name="First">Filters of the first convolution.</param>
    /// <param name="Stages">The channels that each stage's blocks give.</param>
    /// <param name="Bottleneck">Blocks of 1x1, 3x3, 1x1 in place of two 3x3.</param>
    private sealed record Form(int Blocks, int First, int[] Stages, bool Bottleneck = false);

    private static Form Basic(int blocks) => new(blocks, 16, [16, 32, 64]);

    private static Form Bottleneck(int blocks) => new(blocks, 16, [64, 128, 256], Bottleneck: true);

    private static Architecture Original(string name, string alias, int blocks) =>
        Entry(name, alias, "He et al. 2015", "000, 002", Basic(blocks),
            new() { Shortcut = Shortcut.ZeroPadding, Placement = Placement.Original });

    private static Architecture Preactivation(string name, string alias, Form form, Shortcut shortcut) =>
        Entry(name, alias, "He et al. 2016", "002", form,
            new() { Shortcut = shortcut, Placement = Placement.FullPreactivation });

    private static Architecture Entry(
        string name, string alias, string paper, string seed, Form form, ArchitectureOptions defaults) =>
        new(name, nameof(CifarResNet), new Shape(3, 32, 32), 10, paper, seed,
            (input, classes, options) => new Network(input, form, options).Build(classes))
        {
            Aliases = [alias],
            Defaults = _ => defaults,
        };

    /// <summary>One such network while it is written down.</summary>
    private sealed class Network(Shape input, Form form, ArchitectureOptions options)
    {
        private const char Norm = 'N';
        private const char Convolution = 'C';
        private const char Addition = '+';

        private readonly GraphBuilder _network = new(input);
        private readonly (string Inner, string Last) _order = Order(options.Placement ?? Placement.Original);

        public Graph Build(int classes)
        {
            // What follows a block's convolutions follows the first one; what comes before them comes before the end.
            string[] around = _order.Inner.Split(Convolution);
            _network.Then("conv1", Filter(form.First, 3));
            Activate(around[1], "bn1", "relu1");
            int channels = form.First;
            for (int stage = 0; stage < form.Stages.Length; stage++)
            {
                for (int block = 0; block < form.Blocks; block++)
                {
                    int stride = stage > 0 && block == 0 ? 2 : 1;
                    Block($"layer{stage + 1}.{block}", channels, form.Stages[stage], stride, isFirst: block == 0);
                    channels = form.Stages[stage];
                }
            }

            Activate(around[0], "bn", "relu");
            return _network
                .Then("avgpool", new AdaptiveAvgPool2d(1))
                .Then("flatten", new Flatten())
                .Then("linear", new Linear(classes) { BiasInitializer = new Initializer.Constant(0) })
                .Build();
        }

        /// <summary>
        /// Figure 4 of the paper: the order of batch norm (N), ReLU (R) and addition (+) around each convolution (C) of a
        /// block, and around its last one.
        /// </summary>
        private static (string Inner, string Last) Order(Placement placement) => placement switch
        {
            Placement.BatchNormAfterAddition => ("CNR", "C+NR"),
            Placement.ReluBeforeAddition => ("CNR", "CNR+"),
            Placement.ReluOnlyPreactivation => ("RCN", "RCN+"),
            Placement.FullPreactivation => ("NRC", "NRC+"),
            _ => ("CNR", "CN+R"),
        };

        private static Conv2d Filter(int filters, int kernel, int stride = 1) => new(filters, kernel)
        {
            Stride = stride,
            Padding = kernel / 2,
            Bias = false,
            WeightInitializer = Convolutions,
        };

        private void Activate(string order, string norm, string relu)
        {
            foreach (char step in order)
            {
                _ = step == Norm
                    ? _network.Then(norm, new BatchNorm2d())
                    : _network.Then(relu, new Activate(Activation.ReLU));
            }
        }

        private void Block(string name, int channels, int outChannels, int stride, bool isFirst)
        {
            Conv2d[] convolutions = form.Bottleneck
                ? [Filter(outChannels / 4, 1, stride), Filter(outChannels / 4, 3), Filter(outChannels, 1)]
                : [Filter(outChannels, 3, stride), Filter(outChannels, 3)];
            string start = _network.Last;
            for (int i = 1; i <= convolutions.Length; i++)
            {
                string[] around = (i == convolutions.Length ? _order.Last : _order.Inner).Split(Convolution);
                Activate(around[0], $"{name}.bn{i}", $"{name}.relu{i}");
                start = i == 1 && isFirst ? _network.Last : start;
                if (i == 2 && options.Dropout > 0)
                {
                    _network.Then($"{name}.dropout", new Dropout(options.Dropout.Value));
                }

                _network.Then($"{name}.conv{i}", convolutions[i - 1]);
                string[] behind = around[1].Split(Addition);
                Activate(behind[0], $"{name}.bn{i}", $"{name}.relu{i}");
                if (behind.Length == 2)
                {
                    Join(name, start, channels, outChannels, stride);
                    Activate(behind[1], $"{name}.bn{i}", $"{name}.relu{i}");
                }
            }
        }

        /// <summary>Adds the last node and a block's input, each as the shortcut says.</summary>
        private void Join(string name, string start, int channels, int outChannels, int stride)
        {
            string end = _network.Last;
            _network.From(start);
            bool changes = stride != 1 || channels != outChannels;
            if (options.Shortcut == Shortcut.Convolution || (options.Shortcut == Shortcut.Projection && changes))
            {
                Project(name, outChannels, stride);
            }
            else if (changes)
            {
                int zeros = outChannels - channels;
                _network
                    .Then($"{name}.subsample", new AvgPool2d(1) { Stride = stride })
                    .Then($"{name}.pad", new PadChannels(zeros / 2, zeros - (zeros / 2)));
            }

            string shortcut = _network.Last;
            switch (options.Shortcut)
            {
                case Shortcut.ConstantScaling:
                    shortcut = Then(shortcut, $"{name}.half_shortcut", new Affine(0.5));
                    end = Then(end, $"{name}.half", new Affine(0.5));
                    break;
                case Shortcut.ExclusiveGating or Shortcut.ShortcutOnlyGating:
                    Gate(name, start, outChannels, stride);
                    shortcut = Multiply(shortcut, $"{name}.rest");
                    end = options.Shortcut == Shortcut.ExclusiveGating ? Multiply(end, $"{name}.sigmoid") : end;
                    break;
                case Shortcut.Dropout:
                    shortcut = Then(shortcut, $"{name}.shortcut_dropout", new Dropout(ShortcutDropout));
                    break;
            }

            _network.Add($"{name}.add", new Add(), end, shortcut);

            string Then(string from, string node, Layer layer) => _network.Add(node, layer, from).Last;

            string Multiply(string from, string gate) => _network.Add($"{gate}_gated", new Multiply(), from, gate).Last;
        }

        /// <summary>A 1x1 convolution, with batch norm where that follows the block's last one before the addition.</summary>
        private void Project(string name, int outChannels, int stride)
        {
            _network.Then($"{name}.shortcut.0", Filter(outChannels, 1, stride));
            if (_order.Last.Contains("CN", StringComparison.Ordinal))
            {
                _network.Then($"{name}.shortcut.1", new BatchNorm2d());
            }
        }

        /// <summary>The gate g of a block's input under the name sigmoid, and 1 - g under the name rest.</summary>
        private void Gate(string name, string start, int outChannels, int stride)
        {
            Initializer bias = new Initializer.Constant(GateBias);
            _network
                .Add($"{name}.gate", Filter(outChannels, 1, stride) with { Bias = true, BiasInitializer = bias }, start)
                .Then($"{name}.sigmoid", new Activate(Activation.Sigmoid))
                .Then($"{name}.rest", new Affine(-1, 1));
        }
    }
}
