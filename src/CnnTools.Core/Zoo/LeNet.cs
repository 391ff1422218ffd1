using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// LeNet-5 (LeCun, Bottou, Bengio, Haffner: "Gradient-Based Learning Applied to Document Recognition", 1998; seed 000):
/// tanh, average pooling, every map of C3 connected to all of S2. 61,706 parameters at one channel and ten classes. The
/// modern form has ReLU and maximum pooling.
/// </summary>
public static class LeNet
{
    /// <summary>The paper's retina: smaller images are padded to it, MNIST's 28x28 by 2 on each side.</summary>
    private const int Retina = 32;

    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        new("LeNet5", "LeNet", new Shape(1, 28, 28), 10, "LeCun et al. 1998", "000", LeNet5)
        {
            Defaults = _ => new() { Activation = Activation.Tanh, Pooling = Pooling.Average },
        },
    ];

    public static Graph LeNet5(Shape input, int classes, ArchitectureOptions options)
    {
        Activate activate = new(options.Activation ?? Activation.Tanh);
        Layer pool = options.Pooling == Pooling.Max ? new MaxPool2d(2) : new AvgPool2d(2);
        string activation = activate.Function.ToString().ToLowerInvariant();
        GraphBuilder network = new(input);
        Padding padding = PaddingToRetina(input);
        if (!padding.IsNone)
        {
            network.Then("pad", new Pad2d(padding));
        }

        return network
            .Then("conv1", new Conv2d(6, 5))
            .Then($"{activation}1", activate)
            .Then("pool1", pool)
            .Then("conv2", new Conv2d(16, 5))
            .Then($"{activation}2", activate)
            .Then("pool2", pool)
            .Then("flatten", new Flatten())
            .Then("fc1", new Linear(120))
            .Then($"{activation}3", activate)
            .Then("fc2", new Linear(84))
            .Then($"{activation}4", activate)
            .Then("fc3", new Linear(classes))
            .Build();
    }

    private static Padding PaddingToRetina(Shape input)
    {
        if (input.Rank != 3)
        {
            return default;
        }

        int rows = Math.Max(0, Retina - input.Height);
        int columns = Math.Max(0, Retina - input.Width);
        return new(rows / 2, rows - (rows / 2), columns / 2, columns - (columns / 2));
    }
}
