using System.Collections;
using System.Management.Automation;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Arguments;

/// <summary>
/// What -Model takes: a live model, an architecture or its name, or a model file. A string is looked up in the catalog
/// first, then among files.
/// </summary>
public sealed class ModelArgument
{
    public ModelArgument(CnnModel model) => Model = model;

    public ModelArgument(string name) => Name = name;

    /// <summary>The live model; null where a name was given.</summary>
    public CnnModel? Model { get; }

    /// <summary>The name or path as it was typed.</summary>
    public string? Name { get; }

    public override string ToString() => Model?.Name ?? Name ?? "";
}

/// <summary>Makes a <see cref="ModelArgument"/> of what it knows and passes the rest on, so that other binding is tried.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ModelArgumentAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        inputData.Unwrap() switch
        {
            CnnModel model => new ModelArgument(model),
            FileInfo file => new ModelArgument(file.FullName),
            Architecture architecture => new ModelArgument(architecture.Name),
            string name => new ModelArgument(name),
            IList => throw new ArgumentTransformationMetadataException("One model is expected; pipe several into the cmdlet."),
            _ => inputData,
        };
}
