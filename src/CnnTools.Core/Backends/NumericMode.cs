namespace CnnTools.Backends;

/// <summary>What CUDA devices may do with float32, all operations of the process alike.</summary>
/// <param name="AllowTF32">Whether convolutions and matrix products are computed in TF32.</param>
/// <param name="Deterministic">Whether an operation that has no form that gives the same bits each time fails.</param>
public readonly record struct NumericMode(bool AllowTF32, bool Deterministic);
