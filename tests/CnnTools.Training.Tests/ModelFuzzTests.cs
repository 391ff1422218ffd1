using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Runs;
using CnnTools.Tests.Fuzzing;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>Models and checkpoints against 20,000 broken files each. What is read is used, as the user would.</summary>
public sealed class ModelFuzzTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static IBackend Backend => Fixtures.Backend;

    private string FilePath => _fixtures.PathOf("broken.safetensors");

    public void Dispose() => _fixtures.Dispose();

    [Fact]
    public void Models()
    {
        using CnnModel model = CnnModel.Create(Backend, "AllLayers", AllLayers.Graph, 1, Device.Cpu);
        model.Freeze([new FreezePattern("norm", name => name == "norm")]);
        model.Normalization = new Normalization([0.5f], [0.25f]);
        ModelFile.Write(model, FilePath);
        Run("model file", File.ReadAllBytes(FilePath), () =>
        {
            using CnnModel read = ModelFile.Read(Backend, FilePath);
            Use(read);
        });
    }

    [Fact]
    public void Checkpoints()
    {
        using CnnModel model = CnnModel.Create(Backend, "AllLayers", AllLayers.Graph, 1, Device.Cpu);
        model.Freeze([new FreezePattern("norm", name => name == "norm")]);
        TrainingOptions options = new() { Optimizer = OptimizerKind.RMSprop, Momentum = 0.5 };
        using (Optimizer optimizer = Optimizer.Create(Backend, model.Weights, options))
        using (IGenerator dropout = Backend.CreateGenerator(Device.Cpu, 1))
        {
            TrainingPosition position = new() { Epoch = 1, Step = 10, Order = [1, 2, 3, 4] };
            TrainingCheckpoint.Save(
                FilePath, model, Fixtures.Data, Normalization.None, options, position, optimizer, dropout, average: null);
        }

        Run("checkpoint", File.ReadAllBytes(FilePath), () =>
        {
            TrainingCheckpoint checkpoint = TrainingCheckpoint.Open(Backend, FilePath);
            using CnnModel read = checkpoint.Model;
            checkpoint.Options.Validate();
            using Optimizer optimizer = Optimizer.Create(Backend, read.Weights, checkpoint.Options);
            using IGenerator dropout = Backend.CreateGenerator(Device.Cpu, 1);
            TrainingPosition position = checkpoint.Restore(Backend, Fixtures.Data, Device.Cpu, optimizer, dropout, average: null);
            Assert.True(position.IsValid);
            Use(read);
        });
    }

    private void Run(string name, byte[] original, Action read)
    {
        long handles = Fixtures.CountLiveHandles();
        Fuzzer.Run(
            name,
            random => random.NextInt32(4) == 0 ? Mutation.Of(original, random) : MutateJson(original, random),
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                read();
            },
            "CorruptFile", "NoNetworkInFile", "NoTrainingInFile", "InvalidGraph", "ImpossibleShape", "WeightMissing",
            "WeightDiffers", "WeightsDoNotFit", "TensorType", "InvalidArgument", "IncompatibleArguments", "NothingToMonitor", "DatasetDiffers");
        Assert.Equal(handles, Backend.LiveHandles);
    }

    /// <summary>A forward pass, where the network that was read is no larger than a test may have.</summary>
    private static void Use(CnnModel model)
    {
        Graph graph = model.Graph;
        if (graph.Nodes.All(n => graph.ShapeOf(n.Name).Count < 100_000) && graph.MultiplyAdds < 10_000_000)
        {
            using ITensorScope scope = Backend.BeginScope(recordGradients: false);
            Tensor input = Backend.Zeros(graph.InputShape.WithBatch(1), Device.Cpu);
            Tensor output = new GraphExecutor(Backend, graph, model.Weights).Forward(input, PassMode.Evaluation);
            Assert.Equal(graph.OutputShape.WithBatch(1), output.Sizes);
        }
    }

    /// <summary>Damages the header, or one of the texts in its metadata, and sets the header's length right.</summary>
    private static byte[] MutateJson(byte[] original, RandomStream random)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(original);
        string header = Encoding.UTF8.GetString(original, 8, length);
        if (random.NextInt32(4) == 0)
        {
            header = JsonMutation.Of(header, random);
        }
        else
        {
            JsonNode root = JsonNode.Parse(header)!;
            JsonObject metadata = root["__metadata__"]!.AsObject();
            string[] keys = [.. metadata.Select(m => m.Key).Where(k => k != "format")];
            string key = keys[random.NextInt32(keys.Length)];
            metadata[key] = JsonMutation.Of(metadata[key]!.GetValue<string>(), random);
            header = root.ToJsonString();
        }

        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + original.Length - 8 - length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        original.AsSpan(8 + length).CopyTo(file.AsSpan(8 + json.Length));
        return file;
    }
}
