using CnnTools.Backends;

namespace CnnTools.Tests;

/// <summary>A test of networks whose convolutions run joined with their poolings; skipped on a backend that cannot.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JoinedPoolingFactAttribute : FactAttribute
{
    public JoinedPoolingFactAttribute() => Skip = Reason;

    internal static string? Reason => Fixtures.Backend.Info.Capabilities.HasFlag(BackendCapabilities.FusedConvolutionPooling)
        ? null
        : "This backend does not join convolutions with poolings.";
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JoinedPoolingTheoryAttribute : TheoryAttribute
{
    public JoinedPoolingTheoryAttribute() => Skip = JoinedPoolingFactAttribute.Reason;
}
