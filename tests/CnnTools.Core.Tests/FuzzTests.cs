using System.Buffers.Binary;
using System.Text;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Runs;
using CnnTools.Tests.Data;
using CnnTools.Tests.Fuzzing;
using CnnTools.Tests.Weights;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>Each reader against 20,000 broken files.</summary>
public sealed class FuzzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Path, "broken");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Idx(bool gzip)
    {
        byte[][] originals = [IdxFiles.Images(4, 5, 6), IdxFiles.Labels(1, 2, 3, 4, 5)];
        originals = gzip ? [.. originals.Select(IdxFiles.Gzip)] : originals;
        Fuzzer.Run(
            $"idx gzip {gzip}",
            random => Mutation.Of(originals[random.NextInt32(2)], random),
            file =>
            {
                using MemoryStream stream = new(file);
                _ = file.Length % 2 == 0
                    ? IdxReader.ReadImages(stream, "broken").Count
                    : IdxReader.ReadLabels(stream, "broken", classes: 10).Length;
            },
            "CorruptFile");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cifar(bool hundred)
    {
        byte[] original = CifarFiles.Records(hundred, 1, 2);
        CifarDataset set = hundred ? CifarDataset.Cifar100 : CifarDataset.Cifar10;
        Fuzzer.Run(
            $"cifar hundred {hundred}",
            random => Mutation.Of(original, random),
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                Assert.All(set.Read(FilePath).Labels, label => Assert.InRange(label, 0, set.ClassNames.Length - 1));
            },
            "CorruptFile");
    }

    [Fact]
    public void Safetensors()
    {
        byte[] original = SafetensorsSamples.Good;
        int headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(original);
        string header = Encoding.UTF8.GetString(original, 8, headerEnd - 8);
        Fuzzer.Run(
            "safetensors",
            random => random.NextInt32(2) == 0
                ? Mutation.Of(original, random)
                : SafetensorsSamples.Make(JsonMutation.Of(header, random), original[headerEnd..]),
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                using SafetensorsFile opened = SafetensorsFile.Open(FilePath);
                foreach (SafetensorsEntry tensor in opened.Tensors)
                {
                    Assert.Equal(tensor.ByteLength, tensor.ReadBytes().Length);
                    if (tensor.Type is SafetensorsType.F32 or SafetensorsType.F16)
                    {
                        Assert.Equal(tensor.Count, tensor.ReadFloats().Length);
                    }
                }
            },
            "CorruptFile");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PyTorch(bool legacy)
    {
        byte[] pickle = PyTorchSamples.Pickle(PyTorchSamples.Body);
        Fuzzer.Run(
            $"pytorch legacy {legacy}",
            random => random.NextInt32(2) == 0 ? Mutation.Of(Make(pickle), random) : Make(Mutation.Of(pickle, random)),
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                using PyTorchFile opened = PyTorchFile.Open(FilePath);
                foreach (PyTorchEntry tensor in opened.Tensors)
                {
                    Assert.InRange(tensor.Count, 0, file.Length);
                    if (tensor.Type is SafetensorsType.F32)
                    {
                        Assert.Equal(tensor.Count, tensor.ReadFloats().Length);
                    }
                }
            },
            "CorruptFile", "PickleRefused");

        byte[] Make(byte[] content) => legacy
            ? PyTorchSamples.Legacy(content, ("0", 6, PyTorchSamples.Storages[0].Data), ("1", 1, PyTorchSamples.Storages[1].Data))
            : PyTorchSamples.Zip(content, PyTorchSamples.Storages);
    }

    [Fact]
    public void Graph_json()
    {
        string original = GraphJson.Write(AllLayers.Graph);
        Fuzzer.Run(
            "graph json",
            random => random.NextInt32(4) == 0
                ? Mutation.Of(Encoding.UTF8.GetBytes(original), random)
                : Encoding.UTF8.GetBytes(JsonMutation.Of(original, random)),
            file =>
            {
                Graph graph = GraphJson.Read(Encoding.UTF8.GetString(file));
                Assert.All(graph.Nodes, node => Assert.InRange(graph.ShapeOf(node.Name).Count, 1, Graph.MostValues));
                Assert.All(graph.Weights, weight => Assert.InRange(weight.Spec.Count, 1, Graph.MostValues));
                Assert.InRange(graph.MultiplyAdds, 0, long.MaxValue);
                Assert.InRange(graph.Parameters, 0, long.MaxValue);
            },
            "InvalidGraph", "ImpossibleShape");
    }

    [Fact]
    public void Csv_table() => Csv("csv table", () => CsvTable.Read(FilePath), "CorruptFile");

    [Fact]
    public void Csv_log() => Csv(
        "csv log",
        () =>
        {
            using (CsvLog log = CsvLog.Open(FilePath, ["Run", "Epoch", "Loss"], CsvLogMode.Append))
            {
                log.Write(["c", 3, 0.25]);
            }

            Assert.EndsWith("c,3,0.25\n", File.ReadAllText(FilePath), StringComparison.Ordinal);
        },
        "CorruptFile", "LogDiffers");

    private void Csv(string name, Action read, params string[] ids)
    {
        byte[] original = [.. "Run,Epoch,Loss\na,1,0.5\n\"b, c\",2,\"1\"\"0\"\n"u8];
        Fuzzer.Run(
            name,
            random => Mutation.Of(original, random),
            file =>
            {
                File.WriteAllBytes(FilePath, file);
                read();
            },
            ids);
    }
}
