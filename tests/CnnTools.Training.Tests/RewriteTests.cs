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

    private static Graph Pooled => new GraphBuilder(new Shape(2, 9, 9))
        .Then("conv1", new Conv2d(5, 3) { Padding = 1 })
        .Then("pool1", new MaxPool2d(2))
        .Then("relu1", new Activate(Activation.ReLU))
        .Then("conv2", new Conv2d(4, 1) { Bias = false })
        .Then("pool2", new MaxPool2d(2))
        .Then("relu2", new Activate(Activation.ReLU))
        .Add("conv3", new Conv2d(4, 1), "relu1") // pooled by another window: stays
        .Then("pool3", new MaxPool2d(2) { Stride = 1 })
        .Then("relu3", new Activate(Activation.ReLU))
        .Then("conv4", new Conv2d(4, 2))
        .Then("pool4", new MaxPool2d(2))
        .Then("relu4", new Activate(Activation.ReLU6)) // not the ReLU that is joined: stays
        .Add("pool5", new MaxPool2d(2), "conv4") // so conv4 is read twice
        .Then("flatten5", new Flatten())
        .Then("fc5", new Linear(4))
        .Add("flatten2", new Flatten(), "relu2")
        .Then("fc2", new Linear(4))
        .Add("flatten4", new Flatten(), "relu4")
        .Then("fc4", new Linear(4))
        .Add("sum", new Add(), "fc2", "fc4", "fc5")
        .Then("fc", new Linear(3))
        .Build();

    [Fact]
    public void Convolutions_join_the_pooling_and_the_relu_that_alone_follow_them()
    {
        Graph fused = Rewrites.FuseConvolutionPooling(Pooled);

        Assert.Equal(
            ["conv1", "conv2", "conv3", "pool3", "relu3", "conv4", "pool4", "relu4", "pool5", "flatten5", "fc5", "flatten2",
                "fc2", "flatten4", "fc4", "sum", "fc"],
            fused.Nodes.Select(n => n.Name));
        Assert.Equal(["conv1", "conv2"], fused.Nodes.Where(n => n.Layer is ConvMaxPoolReLU).Select(n => n.Name));
        Assert.Equal(["conv1"], fused.Nodes.Single(n => n.Name == "conv3").Inputs.AsEnumerable());
        Assert.Equal(["conv2"], fused.Nodes.Single(n => n.Name == "flatten2").Inputs.AsEnumerable());
        Assert.Equal(Pooled.OutputShape, fused.OutputShape);
        Assert.Equal(Pooled.MultiplyAdds, fused.MultiplyAdds);
        Assert.Equal(Pooled.Weights, fused.Weights, (a, b) => a.Name == b.Name && a.Spec.Sizes.SequenceEqual(b.Spec.Sizes));
    }

    [JoinedPoolingTheory]
    [InlineData(MemoryLayout.Contiguous)]
    [InlineData(MemoryLayout.ChannelsLast)]
    public void Joined_convolutions_give_the_same_values(MemoryLayout layout)
    {
        using ModelWeights weights = ModelWeights.Initialize(Backend, Pooled, 3, Device.Cpu);

        (float[] loss, float[] gradients) = LossAndGradients(Pooled, weights, MemoryLayout.Contiguous);
        (float[] lossJoined, float[] gradientsJoined) =
            LossAndGradients(Rewrites.FuseConvolutionPooling(Pooled), weights, layout);

        Assert.Equal(loss[0], lossJoined[0], 1e-5f);
        Assert.All(gradients.Zip(gradientsJoined), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [JoinedPoolingFact]
    public void Convolutions_are_not_joined_on_other_devices()
    {
        Assert.Contains(ExecutionPlan.For(Pooled, Backend, Device.Cpu).Graph.Nodes, n => n.Layer is ConvMaxPoolReLU);
        Assert.DoesNotContain(
            ExecutionPlan.For(Pooled, Backend, new Device(DeviceType.Cuda)).Graph.Nodes, n => n.Layer is ConvMaxPoolReLU);
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
