using CnnTools.PyTorch;

namespace CnnTools.Tests;

/// <summary>A test against PyTorch, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PyTorchFactAttribute : FactAttribute
{
    public PyTorchFactAttribute() => Skip = PyTorchInterpreter.Command is null ? PyTorchInterpreter.Missing : null;
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PyTorchTheoryAttribute : TheoryAttribute
{
    public PyTorchTheoryAttribute() => Skip = PyTorchInterpreter.Command is null ? PyTorchInterpreter.Missing : null;
}

/// <summary>A test against torchvision, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TorchvisionTheoryAttribute : TheoryAttribute
{
    internal const string Missing = "Needs a Python with torchvision: install python3-torchvision.";

    public TorchvisionTheoryAttribute() => Skip = PyTorchInterpreter.HasTorchvision ? null : Missing;
}

/// <summary>The same, run only where CNNTOOLS_ALL_NETWORKS is 1.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllNetworksTheoryAttribute : TheoryAttribute
{
    private const string Variable = "CNNTOOLS_ALL_NETWORKS";

    public AllNetworksTheoryAttribute() => Skip =
        Environment.GetEnvironmentVariable(Variable) != "1" ? $"Takes long: set {Variable} to 1."
        : PyTorchInterpreter.HasTorchvision ? null
        : TorchvisionTheoryAttribute.Missing;
}

/// <summary>A test against Pillow, skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PillowFactAttribute : FactAttribute
{
    public PillowFactAttribute() =>
        Skip = PyTorchInterpreter.HasPillow ? null : "Needs a Python with torch, numpy and Pillow: install python3-torch and python3-pil.";
}
