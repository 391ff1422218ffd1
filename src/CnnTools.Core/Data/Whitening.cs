using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace CnnTools.Data;

/// <summary>In which axes whitened images are given.</summary>
public enum WhiteningKind
{
    /// <summary>Those of the pixels: what comes out is a picture still, as near to the image as whitening allows.</summary>
    Zca,

    /// <summary>Those along which the images vary, the most first, row by row in the places of pixels.</summary>
    Pca,
}

/// <summary>
/// Takes out of images how their values vary together: y = W · x, where x is an image less the mean image, and W is
/// (Λ + ε)^-½ · Uᵀ for PCA and U · (Λ + ε)^-½ · Uᵀ for ZCA, of the covariance U · Λ · Uᵀ of the images that are trained on
/// (Bell and Sejnowski 1997; Krizhevsky 2009, appendix A).
/// </summary>
/// <param name="Epsilon">ε, above 0: what is added to each variance, of values from 0 to 1.</param>
public sealed record Whitening(WhiteningKind Kind, double Epsilon)
{
    /// <summary>The most values of an image: 32x32 of three channels. The map has as many squared.</summary>
    public const int MostValues = 3 * 32 * 32;

    /// <summary>
    /// Enlarges nothing more than tenfold. Places that are the same in all training images, as the edges of digits, have no
    /// variance of their own: with a much smaller ε a single test pixel there outweighs the image.
    /// </summary>
    public const double DefaultEpsilon = 0.01;

    /// <summary>W, (C·H·W, C·H·W) row by row. It is saved as a tensor, not as JSON.</summary>
    [JsonIgnore]
    public float[] Map { get; init; } = [];

    /// <summary>One image (C, H, W), less the mean image, whitened.</summary>
    internal float[] Apply(float[] image)
    {
        float[] whitened = new float[image.Length];
        for (int row = 0; row < whitened.Length; row++)
        {
            whitened[row] = Dot(Map.AsSpan(row * image.Length, image.Length), image);
        }

        return whitened;
    }

    public bool Equals(Whitening? other) =>
        other is not null && Kind == other.Kind && Epsilon.Equals(other.Epsilon) && Map.AsSpan().SequenceEqual(other.Map);

    public override int GetHashCode() => HashCode.Combine(Kind, Epsilon);

    public override string ToString() =>
        $"{Kind.ToString().ToUpperInvariant()} whitening with epsilon {Epsilon.ToString(CultureInfo.InvariantCulture)}";

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ReadOnlySpan<Vector<float>> lefts = MemoryMarshal.Cast<float, Vector<float>>(left);
        ReadOnlySpan<Vector<float>> rights = MemoryMarshal.Cast<float, Vector<float>>(right);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < lefts.Length; i++)
        {
            sums += lefts[i] * rights[i];
        }

        float sum = Vector.Sum(sums);
        for (int i = lefts.Length * Vector<float>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
