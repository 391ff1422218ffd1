using CnnTools.Backends;
using CnnTools.Training;

namespace CnnTools.Data;

/// <summary>
/// Computes a whitening from images, in double precision. They are read in parts: memory is that of the covariance, whatever
/// their number. Sums of bytes and of their products are exact, so the parts do not show in the result.
/// </summary>
internal sealed class WhiteningFit
{
    private const int ImagesAtOnce = 512;

    private readonly IBackend _backend;
    private readonly ImageSet _images;
    private readonly int _size;
    private readonly double[] _sums;
    private readonly double[] _matrix;

    private WhiteningFit(IBackend backend, ImageSet images)
    {
        _backend = backend;
        _images = images;
        _size = (int)images.ImageShape.Count;
        _sums = new double[_size];
        _matrix = new double[_size * _size];
    }

    /// <summary>The mean image of a set, and the whitening behind it.</summary>
    /// <exception cref="CnnException">The images are too large, or ε is not above 0.</exception>
    public static Normalization Of(IBackend backend, ImageSet images, WhiteningKind kind, double epsilon, CancellationToken stop)
    {
        if (images.ImageShape.Count > Whitening.MostValues)
        {
            throw Errors.WhiteningTooLarge(images.ImageShape);
        }

        if (!(double.IsFinite(epsilon) && epsilon > 0))
        {
            throw Errors.InvalidArgument("Normalize", $"{kind} {epsilon}", "a whitening with an epsilon above 0, as 'Zca 0.01'");
        }

        // Eigenvectors hang on the number of threads, by rounding.
        using IDisposable threads = ThreadCount.UseCurrentOr(backend, threads: 1);
        WhiteningFit fit = new(backend, images);
        fit.AddImages(stop);
        fit.ToCovariance();
        double[] variances = backend.EigenSymmetric(fit._matrix);
        return Normalization.None with
        {
            MeanImage = Array.ConvertAll(fit._sums, sum => (float)(sum / (255.0 * images.Count))),
            Whitening = new(kind, epsilon)
            {
                Map = kind == WhiteningKind.Pca ? fit.ToPca(variances, epsilon) : fit.ToZca(variances, epsilon),
            },
        };
    }

    private void AddImages(CancellationToken stop)
    {
        for (int first = 0; first < _images.Count; first += ImagesAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            int count = Math.Min(ImagesAtOnce, _images.Count - first);
            byte[] pixels = new byte[count * _size];
            for (int i = 0; i < count; i++)
            {
                _images.Read(first + i, pixels.AsSpan(i * _size, _size));
            }

            using ITensorScope scope = _backend.BeginScope(recordGradients: false);
            _backend.AddMoments(_backend.FromBytes(pixels, _images.ImageShape.WithBatch(count), Device.Cpu), _sums, _matrix);
        }
    }

    /// <summary>From sums of products to the covariance of values from 0 to 1, divided by the number of images.</summary>
    private void ToCovariance()
    {
        double count = _images.Count, scale = 1 / (count * count * 255 * 255);
        for (int row = 0; row < _size; row++)
        {
            for (int column = 0; column < _size; column++)
            {
                int place = (row * _size) + column;
                _matrix[place] = ((count * _matrix[place]) - (_sums[row] * _sums[column])) * scale;
            }
        }
    }

    /// <summary>The axes, the one of the largest variance first; each points to where its largest part is positive.</summary>
    private float[] ToPca(double[] variances, double epsilon)
    {
        float[] map = new float[_matrix.Length];
        for (int row = 0; row < _size; row++)
        {
            int from = _size - 1 - row;
            Span<double> axis = _matrix.AsSpan(from * _size, _size);
            double scale = Math.Sign(LargestOf(axis)) / Math.Sqrt(Math.Max(variances[from], 0) + epsilon);
            for (int i = 0; i < _size; i++)
            {
                map[(row * _size) + i] = (float)(scale * axis[i]);
            }
        }

        return map;
    }

    /// <summary>A · Aᵀ with A = U · (Λ + ε)^-¼: symmetric to the last bit, or nearly.</summary>
    private float[] ToZca(double[] variances, double epsilon)
    {
        float[] roots = new float[_matrix.Length];
        for (int axis = 0; axis < _size; axis++)
        {
            double scale = Math.Pow(Math.Max(variances[axis], 0) + epsilon, -0.25);
            for (int i = 0; i < _size; i++)
            {
                roots[(i * _size) + axis] = (float)(scale * _matrix[(axis * _size) + i]);
            }
        }

        float[] map = new float[roots.Length];
        using ITensorScope scope = _backend.BeginScope(recordGradients: false);
        Tensor root = _backend.FromFloats(roots, [_size, _size], Device.Cpu);
        _backend.Read(_backend.Linear(root, root, bias: null), map);
        return map;
    }

    private static double LargestOf(ReadOnlySpan<double> values)
    {
        double largest = 0;
        foreach (double value in values)
        {
            largest = Math.Abs(value) > Math.Abs(largest) ? value : largest;
        }

        return largest;
    }
}
