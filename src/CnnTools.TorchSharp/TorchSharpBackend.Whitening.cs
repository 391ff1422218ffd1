using CnnTools.Backends;
using TorchSharp;

namespace CnnTools.TorchSharp;

// What whitening is fitted with, in double precision.
public sealed partial class TorchSharpBackend
{
    private const int MostValues = 16384; // as many squared are 2 GiB

    public void AddMoments(Tensor images, Span<double> sums, Span<double> products)
    {
        torch.Tensor all = In(images);
        RequireSquare(sums.Length, products.Length, nameof(AddMoments));
        Require(all.dtype == torch.ScalarType.Byte && all.ndim >= 2, "images must be uint8, one a row");
        long values = all.NumberOfElements / Math.Max(1, all.size(0));
        Require(values == sums.Length, $"images of {values} values, {sums.Length} were meant");
        (torch.Tensor sum, torch.Tensor product) = Run(() =>
        {
            using DisposeScope between = torch.NewDisposeScope();
            torch.Tensor rows = all.flatten(1).to(torch.ScalarType.Float64, torch.CPU);
            return between.MoveToOuter(rows.sum(0L), rows.t().mm(rows));
        });
        using (sum)
        using (product)
        {
            Add(TensorMemory.ValuesOf<double>(sum), sums);
            for (int row = 0; row < sums.Length; row++)
            {
                using torch.Tensor place = product.narrow(0, row, 1);
                Add(TensorMemory.ValuesOf<double>(place), products.Slice(row * sums.Length, sums.Length));
            }
        }
    }

    public double[] EigenSymmetric(Span<double> matrix)
    {
        double[] values = new double[(int)Math.Sqrt(matrix.Length)];
        RequireSquare(values.Length, matrix.Length, nameof(EigenSymmetric));
        foreach (double value in matrix)
        {
            Require(double.IsFinite(value), "the matrix holds values that are no numbers");
        }

        using torch.Tensor all = Run(() => torch.empty([values.Length, values.Length], torch.ScalarType.Float64));
        TensorMemory.Write<double>(all, matrix);
        (torch.Tensor lengths, torch.Tensor axes) = Run(() =>
        {
            using DisposeScope between = torch.NewDisposeScope();
            (torch.Tensor found, torch.Tensor columns) = torch.linalg.eigh(all);
            return between.MoveToOuter(found, columns.t().contiguous());
        });
        using (lengths)
        using (axes)
        {
            TensorMemory.Read<double>(lengths, values);
            TensorMemory.Read(axes, matrix);
        }

        return values;
    }

    private static void RequireSquare(int size, int count, string operation) =>
        Require(size is > 0 and <= MostValues && (long)size * size == count, $"a matrix of {size}x{size}, with {count} values", operation);

    private static void Add(ReadOnlySpan<double> values, Span<double> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += values[i];
        }
    }
}
