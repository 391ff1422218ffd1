using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Seed 002's four networks for MNIST: a plain one, its homework's with a third convolution, one with two Inception
/// modules (Szegedy et al. 2014, with average pooling and no activation within) and one with two residual blocks (He et
/// al. 2015, without batch norm). Layer names are the seed's, so that the state dicts of its own programs load.
/// </summary>
public static class FirstNetworks
{
    internal static IReadOnlyList<Architecture> Architectures { get; } =
    [
        Entry("PlainNet", "seed002_net", Plain),
        Entry("HomeworkNet", "seed002_homework_net", Homework),
        Entry("InceptionNet", "seed002_inception_net", Inception),
        Entry("ResidualNet", "seed002_residual_net", Residual),
    ];

    /// <summary>10 and 20 filters: 8,490 parameters at 1x28x28 and ten classes.</summary>
    public static Graph Plain(Shape input, int classes) =>
        new GraphBuilder(input)
            .Then("conv1", new Conv2d(10, 5))
            .Then("pool1", new MaxPool2d(2))
            .Then("relu1", new Activate(Activation.ReLU))
            .Then("conv2", new Conv2d(20, 5))
            .Then("pool2", new MaxPool2d(2))
            .Then("relu2", new Activate(Activation.ReLU))
            .Then("flatten", new Flatten())
            .Then("linear", new Linear(classes))
            .Build();

    /// <summary>10, 20 and 30 filters: 5,720 parameters.</summary>
    public static Graph Homework(Shape input, int classes) =>
        new GraphBuilder(input)
            .Then("conv1", new Conv2d(10, 5))
            .Then("relu1", new Activate(Activation.ReLU))
            .Then("pool1", new MaxPool2d(2))
            .Then("conv2", new Conv2d(20, 3))
            .Then("relu2", new Activate(Activation.ReLU))
            .Then("pool2", new MaxPool2d(2))
            .Then("conv3", new Conv2d(30, 2))
            .Then("relu3", new Activate(Activation.ReLU))
            .Then("pool3", new MaxPool2d(2))
            .Then("flatten", new Flatten())
            .Then("linear", new Linear(classes))
            .Build();

    /// <summary>A module of 88 channels behind each of two convolutions: 97,298 parameters.</summary>
    public static Graph Inception(Shape input, int classes)
    {
        GraphBuilder network = new(input);
        for (int number = 1; number <= 2; number++)
        {
            network
                .Then($"conv{number}", new Conv2d(10 * number, 5))
                .Then($"pool{number}", new MaxPool2d(2))
                .Then($"relu{number}", new Activate(Activation.ReLU));
            Module(network, $"incep{number}");
        }

        return network
            .Then("flatten", new Flatten())
            .Then("linear", new Linear(classes))
            .Build();
    }

    /// <summary>16 and 32 filters, a block behind the pooling of each: 41,514 parameters.</summary>
    public static Graph Residual(Shape input, int classes)
    {
        GraphBuilder network = new(input);
        for (int number = 1; number <= 2; number++)
        {
            network
                .Then($"conv{number}", new Conv2d(16 * number, 5))
                .Then($"relu{number}", new Activate(Activation.ReLU))
                .Then($"pool{number}", new MaxPool2d(2));
            Block(network, $"rblock{number}", 16 * number);
        }

        return network
            .Then("flatten", new Flatten())
            .Then("linear", new Linear(classes))
            .Build();
    }

    private static Architecture Entry(string name, string alias, Func<Shape, int, Graph> build) =>
        new(name, nameof(FirstNetworks), new Shape(1, 28, 28), 10, "Seed 002", "002", build) { Aliases = [alias] };

    private static void Module(GraphBuilder network, string name)
    {
        string input = network.Last;
        network
            .Add($"{name}.branch1x1", new Conv2d(16, 1), input)
            .Add($"{name}.branch5x5_1", new Conv2d(16, 1), input)
            .Then($"{name}.branch5x5_2", new Conv2d(24, 5) { Padding = 2 })
            .Add($"{name}.branch3x3_1", new Conv2d(16, 1), input)
            .Then($"{name}.branch3x3_2", new Conv2d(24, 3) { Padding = 1 })
            .Then($"{name}.branch3x3_3", new Conv2d(24, 3) { Padding = 1 })
            .Add($"{name}.pool", new AvgPool2d(3) { Stride = 1, Padding = 1 }, input)
            .Then($"{name}.branch_pool", new Conv2d(24, 1))
            .Add($"{name}.concat", new Concat(),
                $"{name}.branch1x1", $"{name}.branch5x5_2", $"{name}.branch3x3_3", $"{name}.branch_pool");
    }

    private static void Block(GraphBuilder network, string name, int channels)
    {
        string input = network.Last;
        network
            .Then($"{name}.conv1", new Conv2d(channels, 3) { Padding = 1 })
            .Then($"{name}.relu1", new Activate(Activation.ReLU))
            .Then($"{name}.conv2", new Conv2d(channels, 3) { Padding = 1 })
            .Add($"{name}.add", new Add(), input, network.Last)
            .Then($"{name}.relu2", new Activate(Activation.ReLU));
    }
}
