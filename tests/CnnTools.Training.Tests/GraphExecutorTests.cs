using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Tests;

public sealed class GraphExecutorTests
{
    private static IBackend Backend => Fixtures.Backend;

    [Fact]
    public void Branches_shortcuts_and_dropout_give_what_the_graph_says()
    {
        Graph graph = new GraphBuilder(new Shape(1, 2, 2))
            .Add("twice", new Conv2d(1, 1) { Bias = false }, Graph.InputName)
            .Then("drop", new Dropout(0.5))
            .Add("sum", new Add(), "drop", Graph.InputName)
            .Add("cat", new Concat(), "sum", "twice")
            .Then("max", new MaxPool2d(2))
            .Then("flat", new Flatten())
            .Build();
        using ModelWeights weights = ModelWeights.Create(Backend, graph, Device.Cpu, (_, _) => [2f]);

        using (Backend.BeginScope(recordGradients: false))
        {
            Tensor input = Backend.FromFloats([1, 2, 3, 4], [1, 1, 2, 2], Device.Cpu);
            Tensor output = new GraphExecutor(Backend, graph, weights).Forward(input, PassMode.Evaluation);
            float[] values = new float[2];
            Backend.Read(output, values);

            Assert.Equal([12f, 8f], values);
        }
    }

    [Fact]
    public void Every_node_of_every_network_gives_its_inferred_shape()
    {
        foreach (Zoo.Architecture architecture in Zoo.Catalog.All.Where(a => a.Parameters < 14_000_000))
        {
            Graph graph = architecture.Build(architecture.Input, architecture.Classes);
            using ModelWeights weights = ModelWeights.Initialize(Backend, graph, 0, Device.Cpu);
            using (Backend.BeginScope(recordGradients: false))
            {
                Tensor input = Backend.Zeros(architecture.Input.WithBatch(2), Device.Cpu);
                new GraphExecutor(Backend, graph, weights).Forward(input, PassMode.Evaluation, (node, output) =>
                    Assert.Equal(graph.ShapeOf(node.Name).WithBatch(2), output.Sizes));
            }
        }
    }

    [Fact]
    public void Nothing_is_left_alive_after_its_scope()
    {
        using CnnModel model = Fixtures.NewModel("SimpleCnn");
        long before = Fixtures.CountLiveHandles();
        for (int i = 0; i < 3; i++)
        {
            using (Backend.BeginScope(recordGradients: true))
            {
                Tensor input = Backend.Zeros([4, 1, 28, 28], Device.Cpu);
                Tensor logits = new GraphExecutor(Backend, model.Graph, model.Weights).Forward(input, PassMode.Evaluation);
                Backend.Backward(Backend.CrossEntropy(logits, Backend.FromIndices([0, 1, 2, 3], Device.Cpu)));
            }
        }

        Assert.Equal(before, Backend.LiveHandles);
    }
}
