using CnnTools.Backends;

namespace CnnTools.LibTorch;

// What whitening is fitted with, in double precision.
public sealed partial class LibTorchBackend
{
    public void AddMoments(Tensor images, Span<double> sums, Span<double> products)
    {
        CheckCount(nameof(AddMoments), products.Length, [sums.Length, sums.Length]);
        Check(NativeMethods.AddMoments(In(images), sums, products, sums.Length));
    }

    public double[] EigenSymmetric(Span<double> matrix)
    {
        double[] values = new double[(int)Math.Sqrt(matrix.Length)];
        CheckCount(nameof(EigenSymmetric), matrix.Length, [values.Length, values.Length]);
        Check(NativeMethods.EigenSymmetric(matrix, values, values.Length));
        return values;
    }
}
