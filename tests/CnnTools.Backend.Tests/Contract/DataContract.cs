using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Batches gathered from data on the device.</summary>
public sealed class DataContract : BackendContract
{
    [Theory]
    [InlineData(MemoryLayout.Contiguous, 2)]
    [InlineData(MemoryLayout.ChannelsLast, 2)]
    [InlineData(MemoryLayout.ChannelsLast, 1)]
    public void Gathers_images_through_the_lookup(MemoryLayout layout, int channels)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        const int count = 5, area = 6;
        byte[] pixels = [.. Enumerable.Range(0, count * channels * area).Select(i => (byte)(i * 83))];
        float[] table = [.. Enumerable.Range(0, channels * 256).Select(i => (i % 256 / 255f) - (i / 256))];
        Tensor images = Backend.FromBytes(pixels, [count, channels, 2, 3], Device.Cpu);
        Tensor lookup = Make(table, channels, 256);
        long[] indices = [4, 0, 0, 3];
        Tensor batch = Backend.GatherImages(images, indices, lookup, layout);
        Assert.Equal([4, channels, 2, 3], batch.Sizes);
        Assert.Equal(ElementType.Float32, batch.ElementType);
        float[] expected =
        [
            .. from index in indices
               from c in Enumerable.Range(0, channels)
               from p in Enumerable.Range(0, area)
               select table[(c * 256) + pixels[(((index * channels) + c) * area) + p]],
        ];
        Assert.Equal(expected, Values(batch));
    }

    [Fact]
    public void Gathers_large_batches_alike_on_any_thread_count()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        byte[] pixels = [.. Enumerable.Range(0, 64 * 3 * 1024).Select(i => (byte)(i * 7))];
        Tensor images = Backend.FromBytes(pixels, [64, 3, 32, 32], Device.Cpu);
        Tensor lookup = MakeRamp([3, 256]);
        long[] indices = [.. Enumerable.Range(0, 200).Select(i => i * 13L % 64)];
        try
        {
            float[] one = Values(Backend.GatherImages(images, indices, lookup, MemoryLayout.ChannelsLast));
            Backend.Threads = 2;
            Assert.Equal(one, Values(Backend.GatherImages(images, indices, lookup, MemoryLayout.ChannelsLast)));
        }
        finally
        {
            Backend.Threads = 1;
        }
    }

    [Fact]
    public void Gathers_labels()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor labels = Backend.GatherLabels(Labels(7, 1, 0), [2, 1, 1]);
        Assert.Equal([3], labels.Sizes);
        Tensor logits = Make([9, 0, 0, 9, 0, 9], 3, 2); // rows that are largest at 0, 1, 1
        Assert.Equal(3, Backend.CountCorrect(logits, labels));
    }

    [Fact]
    public void Selects_rows()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        AssertValues([5, 6, 1, 2, 5, 6], Backend.SelectRows(Make([1, 2, 3, 4, 5, 6], 3, 2), [2, 0, 2]));
        AssertFails("BackendFailed", () => Backend.SelectRows(Make([1, 2], 2, 1), [2]));
    }

    [Fact]
    public void Indices_and_shapes_that_do_not_fit_are_errors()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor images = Backend.FromBytes(new byte[8], [2, 1, 2, 2], Device.Cpu);
        Tensor lookup = Backend.Zeros([1, 256], Device.Cpu);
        CnnException error = AssertFails(
            "BackendFailed", () => Backend.GatherImages(images, [0, 2], lookup, MemoryLayout.Contiguous));
        Assert.Contains("index 2", error.Message, StringComparison.Ordinal);
        AssertFails("BackendFailed", () => Backend.GatherImages(images, [-1], lookup, MemoryLayout.Contiguous));
        AssertFails("BackendFailed", () => Backend.GatherLabels(Labels(1, 2), [2]));
        Tensor wrong = Backend.Zeros([3, 256], Device.Cpu);
        AssertFails("BackendFailed", () => Backend.GatherImages(images, [0], wrong, MemoryLayout.Contiguous));
        AssertFails("BackendFailed", () => Backend.GatherImages(lookup, [0], lookup, MemoryLayout.Contiguous));
    }

    [Fact]
    public void Moments_add_up_exactly_in_parts()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        double[] sums = new double[4], products = new double[16];
        Backend.AddMoments(Backend.FromBytes([255, 0, 3, 1], [1, 1, 2, 2], Device.Cpu), sums, products);
        Backend.AddMoments(Backend.FromBytes([255, 2, 0, 1, 1, 1, 1, 1], [2, 1, 2, 2], Device.Cpu), sums, products);

        Assert.Equal([511, 3, 4, 3], sums);
        Assert.Equal([130051, 511, 766, 511, 511, 5, 1, 3, 766, 1, 10, 4, 511, 3, 4, 3], products);
        AssertFails("BackendFailed", () => Backend.AddMoments(Backend.FromBytes([1, 2], [1, 2, 1, 1], Device.Cpu), sums, products));
        AssertFails("BackendFailed", () => Backend.AddMoments(Make([1, 2, 3, 4], 1, 1, 2, 2), sums, products));
        AssertFails("BackendFailed", () => Backend.AddMoments(Backend.FromBytes([1], [1, 1, 1, 1], Device.Cpu), sums, new double[4]));
    }

    [Fact]
    public void Symmetric_matrices_have_eigenvectors_in_rows()
    {
        double[] matrix = [2, 1, 0, 1, 2, 0, 0, 0, -5];
        double[] values = Backend.EigenSymmetric(matrix);

        double half = Math.Sqrt(0.5);
        double[][] expected = [[0, 0, 1], [half, -half, 0], [half, half, 0]];
        Assert.Equal([-5, 1, 3], values, (left, right) => Math.Abs(left - right) < 1e-12);
        Assert.Equal(expected, matrix.Chunk(3), (left, right) =>
            Math.Abs(Math.Abs(left.Zip(right, (a, b) => a * b).Sum()) - 1) < 1e-12);
        AssertFails("BackendFailed", () => Backend.EigenSymmetric(new double[3]));
        AssertFails("BackendFailed", () => Backend.EigenSymmetric([]));
        AssertFails("BackendFailed", () => Backend.EigenSymmetric([1, double.NaN, double.NaN, 1]));
    }
}
