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

    public abstract ISide CreateOurs(IBackend backend, Dataset dataset);

    /// <summary>What bench.py is told, but for the data.</summary>
    public abstract PyTorchSetup PyTorch { get; }

    /// <summary>How often bench.py does its unit of work in a round, and how many units that counts as here.</summary>
    public abstract (int Calls, double Count) PyTorchRound { get; }
}
