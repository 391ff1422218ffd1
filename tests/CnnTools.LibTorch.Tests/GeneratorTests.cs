using CnnTools.Backends;

namespace CnnTools.LibTorch.Tests;

/// <summary>The generators are libtorch's own.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public void Dropout_is_that_of_PyTorch_with_the_same_seed()
    {
        // torch.manual_seed(7); functional.dropout(torch.ones(16), 0.25)
        const float k = 1 / 0.75f;
        LibTorchBackend backend = LibTorchBackend.Load();
        using ITensorScope scope = backend.BeginScope(recordGradients: false);
        using IGenerator generator = backend.CreateGenerator(Device.Cpu, 7);
        float[] values = [.. Enumerable.Repeat(1f, 16)];
        backend.Read(backend.Dropout(backend.FromFloats(values, [16], Device.Cpu), 0.25, generator), values);
        Assert.Equal([k, k, 0, k, 0, 0, k, k, 0, 0, k, k, k, k, k, 0], values);
    }
}
