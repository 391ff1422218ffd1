using CnnTools.Backends;
using CnnTools.LibTorch.Tests.Contract;

namespace CnnTools.LibTorch.Tests;

// The contract, run on this backend.

public sealed class LibTorchTensorTests : TensorContract
{
    protected override IBackend Backend => LibTorchBackend.Load();
}

public sealed class LibTorchLayerTests : LayerContract
{
    protected override IBackend Backend => LibTorchBackend.Load();
}

public sealed class LibTorchGradientTests : GradientContract
{
    protected override IBackend Backend => LibTorchBackend.Load();
}

public sealed class LibTorchOptimizerTests : OptimizerContract
{
    protected override IBackend Backend => LibTorchBackend.Load();
}

public sealed class LibTorchDataTests : DataContract
{
    protected override IBackend Backend => LibTorchBackend.Load();
}

public sealed class LibTorchAugmentationTests : AugmentationContract
{
    protected override IBackend Backend => LibTorchBackend.Load();
}

public sealed class LibTorchScopeTests : ScopeContract
{
    protected override IBackend Backend => LibTorchBackend.Load();
}

public sealed class LibTorchPrecisionTests : PrecisionContract
{
    protected override IBackend Backend => LibTorchBackend.Load();

    [Theory]
    [InlineData("adaptive_avg_pool2d_backward_cuda does not have a deterministic implementation, but you set ...")]
    [InlineData("Deterministic behavior was enabled with either `torch.use_deterministic_algorithms(True)` or ...")]
    public void What_libtorch_refuses_to_compute_deterministically_is_named(string message)
    {
        CnnException error = NativeStatus.FailureOf("Backward", message);
        Assert.Equal("NotDeterministic", error.Id);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}

public sealed class LibTorchRandomTests : RandomContract
{
    protected override IBackend Backend => LibTorchBackend.Load();

    [Fact]
    public void Dropout_is_that_of_PyTorch_with_the_same_seed()
    {
        // torch.manual_seed(7); functional.dropout(torch.ones(16), 0.25)
        const float k = 1 / 0.75f;
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        using IGenerator generator = Backend.CreateGenerator(Device.Cpu, 7);
        AssertValues(
            [k, k, 0, k, 0, 0, k, k, 0, 0, k, k, k, k, k, 0],
            Backend.Dropout(Make([.. Enumerable.Repeat(1f, 16)], 16), 0.25, generator));
    }
}
