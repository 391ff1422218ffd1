namespace CnnTools.Backends;

/// <summary>What convolutions and linear layers are computed in.</summary>
public enum Precision
{
    Float32 = 0,

    /// <summary>float32 whose factors are rounded to 10 bits of mantissa: NVIDIA's TensorFloat-32.</summary>
    TF32 = 1,

    /// <summary>Factors of 7 bits of mantissa, sums in float32; all that needs more stays float32 (autocast).</summary>
    BFloat16 = 2,
}

/// <summary>What CUDA devices may do with float32, all operations of the process alike.</summary>
/// <param name="AllowTF32">Whether convolutions and matrix products are computed in TF32.</param>
/// <param name="Deterministic">Whether an operation that has no form that gives the same bits each time fails.</param>
public readonly record struct NumericMode(bool AllowTF32, bool Deterministic);
