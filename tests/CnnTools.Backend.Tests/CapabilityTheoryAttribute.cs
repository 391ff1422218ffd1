using CnnTools.Backends;

namespace CnnTools.Tests;

/// <summary>A test of what a backend may lack, skipped where the one that was built does.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CapabilityTheoryAttribute : TheoryAttribute
{
    public CapabilityTheoryAttribute(BackendCapabilities capability)
    {
        Capability = capability;
        if (!Engine.Backend.Info.Capabilities.HasFlag(capability))
        {
            Skip = $"{Engine.Backend.Info.Name} has no {capability}.";
        }
    }

    public BackendCapabilities Capability { get; }
}
