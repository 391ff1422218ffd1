using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Tests;

public sealed class RewriteTests
{
    private static IBackend Backend => Fixtures.Backend;

    private static Graph Branching => new GraphBuilder(new Shape(2, 9, 9))
        .Then("conv1", new Conv2d(4, 3) { Padding = 1 })
        .Then("relu1", new Activate(Activation.ReLU))
        .Then("pool1", new MaxPool2d(3) { Stride = 2, Padding = 1 })
        .Add("relu2", new Activate(Activation.ReLU6), "pool1")
        .Add("pool2", new MaxPool2d(2) { Stride = 1, CeilMode = true }, "relu2")
        .Add("relu3", new Activate(Activation.ReLU), "pool1") // read twice: stays
        .Add("pool3", new MaxPool2d(2) { Stride = 1 }, "relu3")
        .Add("pool4", new MaxPool2d(2) { Stride = 1 }, "relu3")
        .Add("sum", new Add(), "pool2", "pool3", "pool4")
        .Then("flatten", new Flatten())
        .Then("fc", new Linear(3))
        .Build();

    [Fact]
    public void Relus_move_behind_the_pooling_that_alone_reads_them()
    {
        Graph rewritten = Rewrites.ReluBehindMaxPooling(Branching);

        Assert.Equal(
            ["conv1", "pool1", "relu1", "pool2", "relu2", "relu3", "pool3", "pool4", "sum", "flatten", "fc"],
            rewritten.Nodes.Select(n => n.Name));
        Assert.Equal(["relu2", "pool3", "pool4"], rewritten.Nodes.Single(n => n.Name == "sum").Inputs.AsEnumerable());
        Assert.Equal(["relu1"], rewritten.Nodes.Single(n => n.Name == "relu3").Inputs.AsEnumerable());
        Assert.Equal(Branching.OutputShape, rewritten.OutputShape);
        Assert.Equal(Branching.Weights, rewritten.Weights, (a, b) => a.Name == b.Name && a.Spec.Sizes.SequenceEqual(b.Spec.Sizes));
    }

    [Fact]
    public void Moved_relus_give_the_same_bits_forward_and_backward()
    {
        Graph rewritten = Rewrites.ReluBehindMaxPooling(Branching);
        using ModelWeights weights = ModelWeights.Initialize(Backend, Branching, 3, Device.Cpu);

        (float[] loss, float[] gradients) = LossAndGradients(Branching, weights, MemoryLayout.Contiguous);
        (float[] lossMoved, float[] gradientsMoved) = LossAndGradients(rewritten, weights, MemoryLayout.Contiguous);

        Assert.Equal(loss, lossMoved);
        Assert.Equal(gradients, gradientsMoved);
    }

    [Fact]
    public void Channels_last_gives_the_same_values()
    {
        using ModelWeights weights = ModelWeights.Initialize(Backend, Branching, 3, Device.Cpu);

        (float[] loss, float[] gradients) = LossAndGradients(Branching, weights, MemoryLayout.Contiguous);
        (float[] lossLast, float[] gradientsLast) = LossAndGradients(Branching, weights, MemoryLayout.ChannelsLast);

        Assert.Equal(loss[0], lossLast[0], 1e-5f);
        Assert.All(gradients.Zip(gradientsLast), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static (float[] Loss, float[] Gradients) LossAndGradients(Graph graph, ModelWeights weights, MemoryLayout layout)
    {
        using (Backend.BeginScope(recordGradients: true))
        {
            RandomStream random = new(5, "input");
            byte[] pixels = [.. Enumerable.Range(0, 6 * 2 * 81).Select(_ => (byte)random.NextInt32(256))];
            float[] table = [.. Enumerable.Range(0, 512).Select(i => ((i % 256) - 128) / 64f)];
            Tensor input = Backend.GatherImages(
                Backend.FromBytes(pixels, [6, 2, 9, 9], Device.Cpu), [0, 1, 2, 3, 4, 5],
                Backend.FromFloats(table, [2, 256], Device.Cpu), layout);
            Tensor logits = new GraphExecutor(Backend, graph, weights).Forward(input, PassMode.Evaluation);
            Tensor loss = Backend.CrossEntropy(logits, Backend.FromIndices([0, 1, 2, 0, 1, 2], Device.Cpu));
            Backend.Backward(loss);
            float[] gradients = [.. weights.Parameters.SelectMany(p =>
            {
                Tensor gradient = Backend.GetGradient(p)!;
                float[] values = new float[gradient.Count];
                Backend.Read(gradient, values);
                return values;
            })];
            Backend.ClearGradients(weights.Parameters);
            return ([Backend.ReadScalar(loss)], gradients);
        }
    }
}
