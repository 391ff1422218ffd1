using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Inspection;
using CnnTools.Operations;
using CnnTools.Predictions;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>What layers see, against what follows from their outputs and weights.</summary>
public sealed class InspectionTests
{
    [Fact]
    public void Outputs_are_those_of_the_layers_that_are_asked_for()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        NetworkInput input = Digits(model, 3);

        IReadOnlyList<FeatureMap> maps = LayerOutputs.Of(model, input, new HashSet<string> { "conv1", model.Graph.Output });

        Assert.Equal(["conv1", model.Graph.Output], maps.Select(map => map.Layer));
        Assert.Equal(model.Graph.ShapeOf("conv1").WithBatch(3), maps[0].Shape.Sizes.Select(size => (long)size));
        Sample[] samples = [.. new SampleReader(model, Fixtures.Data.Normalization).Read(Batch(3))];
        float[] logits = [.. new Predictor(model, Device.Cpu, 3, threads: 1).Run(samples).SelectMany(output => output.AsSpan().ToArray())];
        Assert.All(logits.Zip(maps[1].AsSpan().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Filters_are_the_weights()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");

        FeatureMap filters = Assert.Single(LayerOutputs.FiltersOf(model, new HashSet<string> { "conv1" }));

        Assert.Equal(new Shape(6, 1, 5, 5), filters.Shape);
        Assert.Equal(Fixtures.WeightsOf(model)[..150], filters.AsSpan().ToArray());
    }

    [Fact]
    public void Before_global_average_pooling_the_weights_of_GradCam_are_those_of_the_classifier()
    {
        using CnnModel model = Network("ResNet18", new(3, 64, 64));
        string layer = model.Graph.EvaluationNodes.Last(node => model.Graph.ShapeOf(node.Name) is { Rank: 3, Height: > 1 }).Name;
        float[] values = [.. Enumerable.Range(0, 3 * 64 * 64).Select(i => (float)(i * 7 % 251))];
        NetworkInput input = NetworkInput.Of(new SampleReader(model, Normalization.None), new(values, new(3, 64, 64)), model.InputShape);

        ActivationMap map = Assert.Single(new GradCam(layer, Class: 3).Of(model, input));

        FeatureMap[] planes = [.. LayerOutputs.Of(model, input, new HashSet<string> { layer })[0].GetPlanes()];
        float[] classifier = new float[10 * planes.Length];
        model.Backend.Read(model.Weights["fc.weight"], classifier);
        float corner = Math.Max(0, planes.Select((plane, k) => classifier[(3 * planes.Length) + k] / 4 * plane.AsSpan()[0]).Sum());
        Assert.Equal(new Shape(64, 64), map.Shape);
        Assert.Equal(3, map.Class);
        Assert.Equal(corner, map.AsSpan()[0], 1e-5f);
    }

    [Fact]
    public void Gradients_of_logits_are_what_softmax_leaves_of_the_labels()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        NetworkInput input = Digits(model, 4);
        int[] labels = [0, 1, 2, 3];
        float[] weights = Fixtures.WeightsOf(model);

        LayerStatistic last = Assert.Single(LayerStatistics.Of(model, input, labels, new HashSet<string> { model.Graph.Output }));

        double[] logits = [.. LayerOutputs.Of(model, input, new HashSet<string> { model.Graph.Output })[0].AsSpan().ToArray()];
        double[] gradients = [.. logits.Chunk(10).SelectMany((row, sample) =>
        {
            double sum = row.Sum(Math.Exp);
            return row.Select((logit, label) => ((Math.Exp(logit) / sum) - (label == labels[sample] ? 1 : 0)) / 4);
        })];
        Assert.Equal(logits.Average(), last.Mean, 1e-6);
        Assert.Equal(Math.Sqrt(gradients.Average(value => value * value)), last.GradientDeviation!.Value, 1e-6);
        Assert.Equal(0, last.GradientMean!.Value, 1e-6);
        Assert.Equal(weights, Fixtures.WeightsOf(model));
    }

    [Fact]
    public void What_cannot_be_looked_at_is_refused()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        NetworkInput input = Digits(model, 2);
        HashSet<string> layers = [model.Graph.Output];

        Assert.Equal("UnknownLayer", Assert.Throws<CnnException>(() => new GradCam("conv9").Of(model, input)).Id);
        Assert.Equal("NoPlaces", Assert.Throws<CnnException>(() => new GradCam(model.Graph.Output).Of(model, input)).Id);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => new GradCam(Class: 10).Of(model, input)).Id);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => LayerStatistics.Of(model, input, [0], layers)).Id);
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => LayerStatistics.Of(model, input, [0, 10], layers)).Id);
        using (model.Use("a test"))
        {
            Assert.Equal("ModelBusy", Assert.Throws<CnnException>(() => LayerOutputs.Of(model, input, layers)).Id);
        }
    }

    private static NetworkInput Digits(CnnModel model, int count) =>
        NetworkInput.Of(new SampleReader(model, Fixtures.Data.Normalization), Batch(count), model.InputShape);

    private static FeatureMap Batch(int count) => new(
        [.. Fixtures.Data.Test.Pixels.Take(count * 28 * 28).Select(pixel => (float)pixel)], new(count, 1, 28, 28));

    private static CnnModel Network(string name, Shape input) =>
        CnnModel.Create(Fixtures.Backend, Catalog.Get(name), input, classes: 10, seed: 5, Device.Cpu);
}
