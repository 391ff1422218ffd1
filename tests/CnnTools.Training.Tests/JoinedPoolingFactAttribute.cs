using CnnTools.Backends;

namespace CnnTools.Tests;

/// <summary>A test of networks whose convolutions run joined with their poolings; skipped on a backend that cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JoinedPoolingFactAttribute : FactAttribute
{
    public JoinedPoolingFactAttribute()
    {
        if (!Fixtures.Backend.Info.Capabilities.HasFlag(BackendCapabilities.FusedConvolutionPooling))
        {
            Skip = "This backend does not join convolutions with poolings.";
        }
    }
}
