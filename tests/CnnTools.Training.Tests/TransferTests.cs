using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>Weights that go from one network into another, and files that hold other weights than the network's.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    private static Graph Normed { get; } = new GraphBuilder(new Shape(1, 6, 6))
        .Then("conv", new Conv2d(4, 3))
        .Then("norm", new BatchNorm2d())
        .Then("flat", new Flatten())
        .Then("fc", new Linear(10))
        .Build();

    public void Dispose() => _fixtures.Dispose();

    [Theory]
    [InlineData("net.safetensors")]
    [InlineData("net.pth")]
    public void What_fits_is_taken_and_the_head_stays_fresh(string file)
    {
        string path = _fixtures.PathOf(file);
        using CnnModel source = Fixtures.NewModel("LeNet5", seed: 1);
        ModelExport.Write(source, path, ModelExport.FormatFor(path));
        using CnnModel model = NewLeNet5(classes: 4);
        using CnnModel fresh = NewLeNet5(classes: 4);

        TransferReport report = Transfer.Load(model, path);

        Assert.Equal(["fc3.weight", "fc3.bias"], report.Fresh);
        Assert.Equal((8, true, false), (report.Loaded, report.Unused.Count == 0, report.IsWhole));
        Assert.Equal(Values(source, "conv1.weight"), Values(model, "conv1.weight"));
        Assert.Equal(Values(source, "fc2.bias"), Values(model, "fc2.bias"));
        Assert.Equal(Values(fresh, "fc3.weight"), Values(model, "fc3.weight"));
        Assert.True(Transfer.Load(source, path).IsWhole);
    }

    [Fact]
    public void A_file_of_which_nothing_fits_is_an_error_and_so_is_the_other_stem()
    {
        string path = _fixtures.PathOf("net.pth");
        using CnnModel model = NewLeNet5(classes: 10);
        using (CnnModel other = CnnModel.Create(Fixtures.Backend, "Normed", Normed, 1, Device.Cpu))
        {
            ModelExport.Write(other, path, ModelFormat.PyTorch);
            Assert.Equal("WeightsDoNotFit", Assert.Throws<CnnException>(() => Transfer.Load(model, path)).Id);
        }

        Architecture resNet = Catalog.Get("ResNet18");
        Shape small = new(1, 32, 32);
        using (CnnModel other = CnnModel.Create(Fixtures.Backend, resNet, small, 10, 1, Device.Cpu, options: new() { Stem = Stem.Conv7x7 }))
        {
            ModelExport.Write(other, path, ModelFormat.PyTorch);
        }

        using CnnModel stemmed = CnnModel.Create(Fixtures.Backend, resNet, small, 10, 1, Device.Cpu);
        Assert.Equal("StemDiffers", Assert.Throws<CnnException>(() => Transfer.Load(stemmed, path)).Id);
    }

    [Fact]
    public void A_state_dict_comes_back_with_equal_values_and_equal_bytes()
    {
        string path = _fixtures.PathOf("net.pth");
        using CnnModel model = CnnModel.Create(Fixtures.Backend, "Normed", Normed, 3, Device.Cpu);
        ModelExport.Write(model, path, ModelFormat.PyTorch);
        byte[] bytes = File.ReadAllBytes(path);
        using CnnModel read = ModelFile.ReadWeights(Fixtures.Backend, path, "Normed", Normed);
        Assert.Equal(Fixtures.WeightsOf(model), Fixtures.WeightsOf(read));

        ModelExport.Write(read, path, ModelFormat.PyTorch);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Equal("NoNetworkInFile", Assert.Throws<CnnException>(() => ModelFile.Read(Fixtures.Backend, path)).Id);
    }

    [Fact]
    public void One_error_lists_what_is_missing_unexpected_and_of_other_sizes()
    {
        string path = _fixtures.PathOf("net.safetensors");
        SafetensorsWriter.Write(path,
        [
            Zeros("conv.weight", 4, 1, 3, 3), Zeros("conv.bias", 4), Zeros("norm.weight", 4), Zeros("norm.num_batches_tracked"),
            Zeros("fc.weight", 5, 64), .. Enumerable.Range(0, 9).Select(i => Zeros($"more.{i}", 1)),
        ]);

        CnnException error = Assert.Throws<CnnException>(() => ModelFile.ReadWeights(Fixtures.Backend, path, "Normed", Normed));

        Assert.Equal("WeightsDoNotFit", error.Id);
        Assert.Contains("4 missing (norm.bias, norm.running_mean, norm.running_var, fc.bias)", error.Message, StringComparison.Ordinal);
        Assert.Contains("9 unexpected (more.0, more.1, more.2, more.3, more.4 and 4 more)", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 of other sizes (fc.weight: 5x64, the network's 10x64)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("num_batches_tracked", error.Message, StringComparison.Ordinal);

        static SafetensorsTensor Zeros(string name, params long[] sizes) =>
            SafetensorsTensor.FromFloats(name, sizes, () => new float[sizes.Aggregate(1L, (a, b) => a * b)]);
    }

    private static CnnModel NewLeNet5(int classes) =>
        CnnModel.Create(Fixtures.Backend, Catalog.Get("LeNet5"), Fixtures.Data.ImageShape, classes, 2, Device.Cpu);

    private static float[] Values(CnnModel model, string name) =>
        model.Weights.Read(Fixtures.Backend).Single(w => w.Name == name).Values;
}
