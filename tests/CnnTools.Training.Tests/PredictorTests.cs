using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Operations;
using CnnTools.Predictions;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

public sealed class PredictorTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    [Fact]
    public void Predictions_are_those_that_the_evaluation_counts()
    {
        using CnnModel model = Trained();
        ImageSet images = Fixtures.Data.Test;

        Prediction[] predictions = Predict(model, Images(images), batchSize: 7);

        int[][] confusion = [.. Enumerable.Range(0, 10).Select(_ => new int[10])];
        foreach ((int label, Prediction prediction) in images.Labels.Zip(predictions))
        {
            confusion[label][prediction.ClassIndex]++;
            Assert.Equal($"row {prediction.ClassIndex}", prediction.Class);
            Assert.Equal(prediction.Logits.Max(), prediction.Logits[prediction.ClassIndex]);
            Assert.Equal(1, prediction.Top.Sum(c => c.Probability), 1e-12);
            Assert.Equal(prediction.Top.OrderByDescending(c => c.Probability), prediction.Top.AsEnumerable());
        }

        Evaluation evaluation = Evaluator.Test(
            model, Fixtures.Data, EvaluationSplit.Test, Device.Cpu, 50, threads: 1, CancellationToken.None);
        Assert.Equal(evaluation.ConfusionMatrix.SelectMany(row => row), confusion.SelectMany(row => row));
        Assert.InRange(evaluation.Accuracy, 0.2, 1);
    }

    [Fact]
    public void A_saved_model_knows_its_classes()
    {
        using CnnModel model = Trained();
        ModelFile.Write(model, _fixtures.PathOf("net.safetensors"));
        using CnnModel read = ModelFile.Read(Fixtures.Backend, _fixtures.PathOf("net.safetensors"));

        Assert.Equal(Fixtures.Data.ClassNames.AsEnumerable(), read.ClassNames.AsEnumerable());
        Assert.Equal("row 3", read.GetClassName(3));
        using CnnModel fresh = Fixtures.NewModel("LeNet5");
        Assert.Equal("3", fresh.GetClassName(3));
    }

    [Theory]
    [InlineData("[\"only one\"]")]
    [InlineData("[null,null,null,null,null,null,null,null,null,null]")]
    public void Names_that_are_not_one_for_each_class_are_refused(string names)
    {
        using CnnModel model = Trained();
        string path = _fixtures.PathOf("net.safetensors");
        ModelFile.Write(model, path);
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            Dictionary<string, string> metadata = new(file.Metadata, StringComparer.Ordinal);
            string own = System.Text.Json.JsonSerializer.Serialize(Fixtures.Data.ClassNames);
            Assert.Contains(own, metadata["cnntools.model"], StringComparison.Ordinal);
            metadata["cnntools.model"] = metadata["cnntools.model"].Replace(own, names, StringComparison.Ordinal);
            SafetensorsWriter.Write(_fixtures.PathOf("changed.safetensors"),
                [.. file.Tensors.Select(t => SafetensorsTensor.FromFloats(t.Name, t.Shape, () => t.ReadFloats()))], metadata);
        }

        CnnException error = Assert.Throws<CnnException>(() => ModelFile.Read(Fixtures.Backend, _fixtures.PathOf("changed.safetensors")));

        Assert.Equal("CorruptFile", error.Id);
        Assert.Contains("one class name for each output", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_other_sizes_and_channels_are_made_to_fit()
    {
        using CnnModel grey = Fixtures.NewModel("LeNet5");
        using CnnModel colour = CnnModel.Create(
            Fixtures.Backend, Zoo.Catalog.Get("LeNet5"), new Shape(3, 32, 32), 10, seed: 0, Device.Cpu);
        CnnImage picture = CnnImage.OfColor(new Shape(3, 40, 50), new RgbColor(200, 100, 50));
        CnnImage plane = CnnImage.OfColor(new Shape(1, 9, 9), new RgbColor(51, 51, 51));

        Sample made = new SampleReader(grey, new([0.5f], [0.25f])).Read(picture, "p");
        Sample repeated = new SampleReader(colour, new([0f, 0.1f, 0.2f], [1f, 1f, 2f])).Read(plane, "q");

        Assert.Equal(("p", 28 * 28), (made.Source, made.Values.Length));
        Assert.All(made.Values, value => Assert.Equal(((124 / 255f) - 0.5f) / 0.25f, value));
        CnnImage bgr = new(ImageInfo.OfMade(picture.Shape), picture.Shape, ChannelOrder.Bgr, Planes.Reverse(picture.Pixels, picture.Shape), null);
        Assert.Equal(made.Values, new SampleReader(grey, new([0.5f], [0.25f])).Read(bgr, "p").Values);
        Assert.Equal([0.2f, 0.1f, 0f], repeated.Values.Chunk(32 * 32).Select(p => p.Distinct().Single()).Select(v => MathF.Round(v, 6)));
    }

    [Fact]
    public void Numbers_are_pixel_values_in_the_models_own_shape()
    {
        using CnnModel model = Trained();
        ImageSet images = Fixtures.Data.Test;
        FeatureMap batch = new([.. images.Pixels.Select(p => (float)p)], new(images.Count, 1, 28, 28));
        SampleReader reader = new(model, model.Normalization!);

        float[][] expected = [.. Images(images).Select(image => reader.Read(image, "").Values)];

        Assert.Equal(expected, reader.Read(batch).Select(sample => sample.Values));
        Assert.Equal("InputDoesNotFit", Assert.Throws<CnnException>(() => reader.Read(new FeatureMap(new float[9], new(3, 3)))).Id);
    }

    [Fact]
    public void A_tie_goes_to_the_first_and_a_NaN_counts_as_largest()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        Predictor predictor = new(model, Device.Cpu, 1, threads: 1);

        Prediction tie = predictor.Interpret(new([1, 5, 5, 0, 0, 0, 0, 0, 0, 0], new(10)), top: 3, includeLogits: false);
        Prediction broken = predictor.Interpret(new([1, 5, float.NaN, 0, 0, 0, 0, 0, 0, 0], new(10)), top: 1, includeLogits: false);

        Assert.Equal([1, 2, 0], tie.Top.Select(c => c.ClassIndex));
        Assert.Empty(tie.Logits);
        Assert.Equal((2, double.NaN), (broken.ClassIndex, broken.Probability));
    }

    [Fact]
    public void A_model_in_use_is_left_alone()
    {
        using CnnModel model = Fixtures.NewModel("LeNet5");
        using IDisposable lease = model.Use("training");

        Assert.Equal("ModelBusy", Assert.Throws<CnnException>(() =>
            new Predictor(model, Device.Cpu, 1, threads: 1).Run([new("", new float[28 * 28])])).Id);
    }

    public void Dispose() => _fixtures.Dispose();

    private static CnnModel Trained()
    {
        CnnModel model = Fixtures.NewModel("LeNet5");
        Fixtures.Train(model, new() { Epochs = 1, Threads = 1 });
        return model;
    }

    private static IEnumerable<CnnImage> Images(ImageSet images) =>
        images.Pixels.Chunk((int)images.ImageShape.Count).Select(pixels => new CnnImage(pixels, images.ImageShape));

    private static Prediction[] Predict(CnnModel model, IEnumerable<CnnImage> images, int batchSize)
    {
        SampleReader reader = new(model, model.Normalization!);
        Predictor predictor = new(model, Device.Cpu, batchSize, threads: 1);
        return [.. images.Select(image => reader.Read(image, "")).Chunk(batchSize).SelectMany(predictor.Run).Select(output => predictor.Interpret(output, 10, includeLogits: true))];
    }
}
