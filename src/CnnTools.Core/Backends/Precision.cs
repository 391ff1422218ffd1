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
