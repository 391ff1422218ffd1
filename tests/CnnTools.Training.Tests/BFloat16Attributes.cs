using CnnTools.Backends;

namespace CnnTools.Tests;

/// <summary>A test in bfloat16, skipped where the CPU has no arithmetic in it, or the backend does not use it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BFloat16FactAttribute : FactAttribute
{
    private const string Missing = "Needs a CPU with AVX512-BF16 and a backend with mixed precision.";

    public BFloat16FactAttribute() => Skip = Reason;

    internal static string? Reason => Engine.Backend.Supports(Device.Cpu, Precision.BFloat16) ? null : Missing;
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BFloat16TheoryAttribute : TheoryAttribute
{
    public BFloat16TheoryAttribute() => Skip = BFloat16FactAttribute.Reason;
}
