using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs.Layers;
using CnnTools.Inspection;
using CnnTools.Operations;
using CnnTools.Predictions;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>Feature maps and Grad-CAM equal what a few lines of PyTorch make of the same weights.</summary>
public sealed class InspectionParityTests
{
    [TorchvisionTheory]
    [InlineData("SimpleCnn", 1, 28)]
    [InlineData("ResNet18", 3, 96)]
    public void Feature_maps_and_activation_maps_are_those_of_PyTorch(string network, int channels, int side)
    {
        const int Label = 4;
        Shape shape = new(channels, side, side);
        using CnnModel model = CnnModel.Create(Parity.Backend, Catalog.Get(network), shape, classes: 10, seed: 3, Device.Cpu);
        float[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(i => (float)(i * 37 % 256))];
        string[] layers = [.. model.Graph.Nodes.Where(node => node.Layer is Conv2d).Select(node => node.Name)];
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new { Network = network, Classes = 10, Layers = layers, Cam = layers[^1], Label });
        exchange.WriteData(SafetensorsTensor.FromFloats("input", shape.WithBatch(1), () => Array.ConvertAll(values, value => value / 255)));
        ModelFile.Write(model, exchange.PathOf("initial.safetensors"));
        exchange.Run("inspection.py");
        Dictionary<string, float[]> expected = exchange.ReadTensors("seen.safetensors");

        NetworkInput input = NetworkInput.Of(new SampleReader(model, Normalization.None), new FeatureMap(values, shape), shape);
        IReadOnlyList<FeatureMap> maps = LayerOutputs.Of(model, input, layers.ToHashSet(StringComparer.Ordinal));
        ActivationMap cam = Assert.Single(new GradCam(layers[^1], Label).Of(model, input));

        Assert.Equal(layers, maps.Select(map => map.Layer));
        Assert.All(maps, map => Parity.AssertClose(map.Layer, expected[map.Layer], map.AsSpan().ToArray(), 1e-4));
        Parity.AssertClose("activation map", expected["cam"], cam.AsSpan().ToArray(), 1e-3);
        Assert.Equal(expected["probability"][0], cam.Probability, 1e-5f);
    }
}
