using System.Collections.Immutable;
using System.Globalization;

namespace CnnTools;

/// <summary>
/// The sizes of a tensor without its batch dimension: (channels, height, width) or (features). Written 3x32x32.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly ImmutableArray<int> _sizes;

    public Shape(params ReadOnlySpan<int> sizes) => _sizes = [.. sizes];

    public int Rank => Sizes.Length;

    public ImmutableArray<int> Sizes => _sizes.IsDefault ? [] : _sizes;

    public int this[int dimension] => Sizes[dimension];

    /// <summary>The number of values in one sample; see <see cref="Multiply"/>.</summary>
    public long Count => Sizes.Aggregate(1L, (count, size) => Multiply(count, size));

    public int Channels => Sizes[0];

    public int Height => Sizes[1];

    public int Width => Sizes[2];

    /// <summary>Reads "3x32x32" or "3,32,32"; null where the text is no shape.</summary>
    public static Shape? TryParse(string text)
    {
        string[] parts = text.Split(['x', 'X', ','], StringSplitOptions.TrimEntries);
        int[] sizes = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out sizes[i]) || sizes[i] < 1)
            {
                return null;
            }
        }

        return new Shape(sizes);
    }

    /// <summary>The product of two sizes; <see cref="long.MaxValue"/> stands for all that is beyond.</summary>
    public static long Multiply(long left, long right) => (long)Int128.Min((Int128)left * right, long.MaxValue);

    /// <summary>The same with a batch dimension in front, as a backend wants it.</summary>
    public long[] WithBatch(int batch)
    {
        long[] sizes = new long[Rank + 1];
        sizes[0] = batch;
        for (int i = 0; i < Rank; i++)
        {
            sizes[i + 1] = Sizes[i];
        }

        return sizes;
    }

    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int size in Sizes)
        {
            hash.Add(size);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => string.Join('x', Sizes);

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);
}
