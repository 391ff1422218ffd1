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
