namespace CnnTools.Weights;

/// <summary>What a tensor in a safetensors file holds, under the format's own names.</summary>
public enum SafetensorsType
{
    BOOL,
    U8,
    I8,
    F8E5M2,
    F8E4M3,
    F8E8M0,
    I16,
    U16,
    F16,
    BF16,
    I32,
    U32,
    F32,
    I64,
    U64,
    F64,
    C64,
}

internal static class SafetensorsTypes
{
    private static readonly Dictionary<string, SafetensorsType> Dtypes =
        Enum.GetValues<SafetensorsType>().ToDictionary(Dtype, StringComparer.Ordinal);

    /// <summary>As the header writes it.</summary>
    public static string Dtype(this SafetensorsType type) => type switch
    {
        SafetensorsType.F8E5M2 => "F8_E5M2",
        SafetensorsType.F8E4M3 => "F8_E4M3",
        SafetensorsType.F8E8M0 => "F8_E8M0",
        _ => type.ToString(),
    };

    /// <summary>Null where the format has no such type. Types of less than a byte (F4) are not supported.</summary>
    public static SafetensorsType? TryParse(string dtype) =>
        Dtypes.TryGetValue(dtype, out SafetensorsType type) ? type : null;

    /// <summary>Bytes for each value.</summary>
    public static int Size(this SafetensorsType type) => type switch
    {
        <= SafetensorsType.F8E8M0 => 1,
        <= SafetensorsType.BF16 => 2,
        <= SafetensorsType.F32 => 4,
        _ => 8,
    };

    /// <summary>The number of values in a shape; null where a size is negative or the bytes would be beyond a long.</summary>
    public static long? Count(IEnumerable<long> shape)
    {
        const long Most = long.MaxValue / 8;
        long count = 1;
        foreach (long size in shape)
        {
            if (size < 0 || (size > 0 && count > Most / size))
            {
                return null;
            }

            count *= size;
        }

        return count;
    }
}
