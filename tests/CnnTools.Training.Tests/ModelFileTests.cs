using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.Tests;

public sealed class ModelFileTests : IDisposable
{
    private readonly Fixtures _fixtures = new();

    [Fact]
    public void A_model_comes_back_whole()
    {
        string path = _fixtures.PathOf("model.safetensors");
        foreach (Architecture architecture in Catalog.All.Where(a => a.Parameters < 14_000_000))
        {
            using CnnModel model = CnnModel.Create(
                Fixtures.Backend, architecture.Name, architecture.Build(architecture.Input, 7), 9, Device.Cpu, "label");
            model.Normalization = new Normalization([0.5f], [0.25f]);
            ModelFile.Write(model, path);
            using CnnModel read = ModelFile.Read(Fixtures.Backend, path);

            Assert.Equal(Fixtures.WeightsOf(model), Fixtures.WeightsOf(read));
            Assert.Equal(("label", architecture.Name, 7), (read.Name, read.Architecture, read.Classes));
            Assert.Equal(model.Normalization, read.Normalization);
            Assert.Equal(model.InputShape, read.InputShape);
        }
    }

    [Fact]
    public void A_file_cut_anywhere_is_an_error_of_ours()
    {
        string path = _fixtures.PathOf("cut.safetensors");
        using (CnnModel model = Fixtures.NewModel("LeNet5"))
        {
            ModelFile.Write(model, path);
        }

        byte[] whole = File.ReadAllBytes(path);
        for (int i = 1; i <= 40; i++)
        {
            File.WriteAllBytes(path, whole[..(int)((long)whole.Length * i / 41)]);
            Assert.Equal("CorruptFile", Assert.Throws<CnnException>(() => ModelFile.Read(Fixtures.Backend, path)).Id);
        }
    }

    [Fact]
    public void Weights_for_another_network_are_refused_by_tensor()
    {
        string path = _fixtures.PathOf("other.safetensors");
        using CnnModel model = Fixtures.NewModel("LeNet5");
        ModelFile.Write(model, path);

        CnnException error = Assert.Throws<CnnException>(() => ModelFile.ReadWeights(
            Fixtures.Backend, path, "LeNet5", LeNet.LeNet5(new Shape(3, 32, 32), 10, ArchitectureOptions.None)));

        Assert.Equal("WeightsDoNotFit", error.Id);
        Assert.Contains("conv1.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("6x3x5x5", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _fixtures.Dispose();
}
