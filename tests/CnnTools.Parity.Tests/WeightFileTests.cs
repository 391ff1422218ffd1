using CnnTools.Backends;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>Weights that change hands with PyTorch as files: not a bit of them changes.</summary>
public sealed class WeightFileTests
{
    [PyTorchFact]
    public void What_torch_save_wrote_is_read_exactly()
    {
        using PyTorchExchange exchange = new();
        exchange.Run("write_state_dicts.py");
        string[] cases = exchange.ReadResult<string[]>();
        Assert.Equal(9, cases.Length);
        foreach (string name in cases.SelectMany(c => new[] { $"{c}.zip", $"{c}.legacy", $"{c}.protocol4" }))
        {
            using IWeightFile file = WeightFile.Open(exchange.PathOf($"{name}.pth"));
            using SafetensorsFile expected = SafetensorsFile.Open(exchange.PathOf($"{name[..name.IndexOf('.')]}.safetensors"));
            Assert.Equal(
                expected.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal),
                file.Tensors.Where(t => t.Type != SafetensorsType.I64).Select(t => t.Name).Order(StringComparer.Ordinal));
            foreach (SafetensorsEntry tensor in expected.Tensors)
            {
                IWeightEntry found = file.Find(tensor.Name)!;
                Assert.Equal(tensor.Shape, found.Shape);
                Assert.True(tensor.ReadFloats().SequenceEqual(found.ReadFloats()), $"{name}: {tensor.Name} differs");
            }

            if (name.StartsWith("state_dict", StringComparison.Ordinal))
            {
                Assert.Equal([7], file.Find("1.num_batches_tracked")!.ReadInt64s());
            }
        }
    }

    [TorchvisionTheory]
    [InlineData("resnet18")]
    [InlineData("squeezenet1_1")]
    public void Our_state_dict_goes_into_torchvision_strictly(string network)
    {
        const int Classes = 10;
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new { Network = network, Classes });
        using CnnModel model = CnnModel.Create(
            Parity.Backend, Catalog.Get(network), new Shape(3, 224, 224), Classes, seed: 3, Device.Cpu);
        ModelExport.Write(model, exchange.PathOf("net.pth"), ModelFormat.PyTorch);
        exchange.Run("read_state_dict.py");

        Dictionary<string, float[]> read = exchange.ReadTensors("result.safetensors");
        Assert.Equal(model.Weights.Names.Order(StringComparer.Ordinal), read.Keys.Order(StringComparer.Ordinal));
        Assert.All(model.Weights.Read(Parity.Backend), weight =>
            Assert.True(weight.Values.SequenceEqual(read[weight.Name]), $"{weight.Name} differs"));
    }

    [PyTorchFact]
    public void Safetensors_change_hands_with_their_metadata()
    {
        using PyTorchExchange exchange = new();
        using CnnModel model = CnnModel.Create(
            Parity.Backend, Catalog.Get("LeNet5"), new Shape(1, 28, 28), 10, seed: 3, Device.Cpu, "näme \"quoted\"");
        ModelFile.Write(model, exchange.PathOf("data.safetensors"));
        exchange.Run("safetensors_copy.py");

        using SafetensorsFile ours = SafetensorsFile.Open(exchange.PathOf("data.safetensors"));
        using SafetensorsFile theirs = SafetensorsFile.Open(exchange.PathOf("result.safetensors"));
        Assert.Equal("wörld \"quoted\"\n", theirs.Metadata["héllo"]);
        Assert.All(ours.Metadata, text => Assert.Equal(text.Value, theirs.Metadata[text.Key]));
        Assert.Equal(ours.Metadata.Count + 1, theirs.Metadata.Count);
        foreach (SafetensorsEntry tensor in ours.Tensors)
        {
            float[] values = tensor.ReadFloats();
            Assert.Equal(values, theirs.Find(tensor.Name)!.ReadFloats());
            Assert.Equal(values, theirs.Find($"torch.float64/{tensor.Name}")!.ReadFloats());
            Assert.Equal(values.Select(v => (float)(Half)v), theirs.Find($"torch.float16/{tensor.Name}")!.ReadFloats());
            Assert.All(values.Zip(theirs.Find($"torch.bfloat16/{tensor.Name}")!.ReadFloats()), pair =>
                Assert.InRange(Math.Abs(pair.First - pair.Second), 0, Math.Abs(pair.First) / 256));
        }
    }
}
