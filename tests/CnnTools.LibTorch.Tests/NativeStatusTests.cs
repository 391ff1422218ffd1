namespace CnnTools.LibTorch.Tests;

/// <summary>What libtorch says, told as our errors.</summary>
public sealed class NativeStatusTests
{
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
