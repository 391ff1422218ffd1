using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Bench;

/// <summary>Something that both sides can do on the same data.</summary>
internal abstract record BenchCase(string Name, string Description)
{
    /// <summary>What is counted: steps, images.</summary>
    public abstract string Unit { get; }

    /// <summary>What <see cref="Round.Value"/> is.</summary>
    public abstract string ValueName { get; }

    /// <summary>The data set, and the images of it that are used.</summary>
    public abstract (Dataset Dataset, ImageSet Images) LoadData(BenchData data);

    /// <summary>What ours is measured against, and what ours is.</summary>
    public virtual string BaselineName => "PyTorch";

    public virtual string OursName => "CnnTools";

    public abstract ISide CreateBaseline(string interpreter, IBackend backend, Dataset dataset, ImageSet images);

    public abstract ISide CreateOurs(IBackend backend, Dataset dataset);
}

/// <summary>Something that PyTorch does too.</summary>
internal abstract record PyTorchCase(string Name, string Description) : BenchCase(Name, Description)
{
    /// <summary>What bench.py is told, but for the data.</summary>
    public abstract PyTorchSetup PyTorch { get; }

    /// <summary>How often bench.py does its unit of work in a round, and how many units that counts as here.</summary>
    public abstract (int Calls, double Count) PyTorchRound { get; }

    public override ISide CreateBaseline(string interpreter, IBackend backend, Dataset dataset, ImageSet images) =>
        new ProcessSide(ProcessSide.PyTorch(interpreter), this, images);
}
