using CnnTools.Operations;

namespace CnnTools.Tests.Operations;

public sealed class FeatureMapTests
{
    [Theory]
    [InlineData(new[] { 3 }, "3")]
    [InlineData(new[] { 2, 3 }, "1x2x3")]
    [InlineData(new[] { 4, 2, 3 }, "4x2x3")]
    [InlineData(new[] { 5, 4, 2, 3 }, "4x2x3")]
    public void One_sample_is_features_or_an_image(int[] sizes, string sample) =>
        Assert.Equal(sample, $"{Zeros(sizes).GetSampleShape()}");

    [Fact]
    public void Rows_of_features_are_samples_and_no_plane()
    {
        FeatureMap rows = Zeros(2, 3).AsRows();

        Assert.Equal(new Shape(3), rows.GetSampleShape());
        Assert.Equal(new Shape(2, 3), rows.Shape);
        Assert.Equal("NoImage", Assert.Throws<CnnException>(() => rows.GetImageShape()).Id);
    }

    [Fact]
    public void An_array_has_its_dimensions_and_is_a_copy()
    {
        FeatureMap map = new([1, 2, 3, 4, 5, 6], new(2, 3));
        float[,] array = Assert.IsType<float[,]>(map.ToArray());
        array[1, 2] = 9;

        Assert.Equal([1, 2, 3, 4, 5, 6], map.AsSpan());
        Assert.Equal(4, array[1, 0]);
        Assert.IsType<float[,,,]>(Zeros(1, 1, 2, 3).ToArray());
    }

    [Fact]
    public void It_does_not_change_with_the_array_that_it_was_made_of()
    {
        float[] values = [1, 2];
        FeatureMap map = new(values, new(2));
        values[0] = 5;

        Assert.Equal([1, 2], map.AsSpan());
    }

    [Fact]
    public void Statistics_are_those_of_all_values()
    {
        FeatureMap map = new([2, 4, 4, 4, 5, 5, 7, 9], new(2, 2, 2));

        Assert.Equal((2, 9, 5, 2), (map.Minimum, map.Maximum, map.Mean, map.Deviation));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2)]
    public void Sizes_that_are_not_those_of_the_values_are_refused(params int[] sizes) =>
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => new FeatureMap([1], new(sizes))).Id);

    [Theory]
    [InlineData(new float[] { 1, -2, 30, 4 }, new[] { 2, 2 }, "[[ 1 -2]\n [30  4]]")]
    [InlineData(new[] { 3.5f, 5.5f, 11.5f, 13.25f }, new[] { 2, 2 }, "[[ 3.50  5.50]\n [11.50 13.25]]")]
    [InlineData(new[] { 0.1f, 1f / 3 }, new[] { 2 }, "[0.1000 0.3333]")]
    [InlineData(new[] { 0.1f, 100f }, new[] { 2 }, "[  0.1 100.0]")]
    [InlineData(new float[] { 1, 2, 3, 4 }, new[] { 2, 1, 2 }, "[[[1 2]]\n\n [[3 4]]]")]
    [InlineData(new float[] { 1, 2, 3, 4 }, new[] { 2, 1, 2, 1 }, "[[[[1]\n   [2]]]\n\n\n [[[3]\n   [4]]]]")]
    [InlineData(new[] { float.NaN, float.PositiveInfinity, -0f, 1 }, new[] { 4 }, "[nan inf   0   1]")]
    [InlineData(new[] { 1e-9f, 100f }, new[] { 2 }, "[  0 100]")]
    [InlineData(new[] { 1e-5f, 2e-4f }, new[] { 2 }, "[1.0000e-05 2.0000e-04]")]
    [InlineData(new[] { 2e9f, 0 }, new[] { 2 }, "[2.0000e+09 0.0000e+00]")]
    public void Small_ones_print_as_NumPy_prints_them(float[] values, int[] sizes, string text) =>
        Assert.Equal(text, new FeatureMap(values, new(sizes)).ToString());

    [Fact]
    public void Large_ones_print_their_figures() =>
        Assert.Equal("1x100x100: from 0 to 0, mean 0, deviation 0", Zeros(1, 100, 100).ToString());

    private static FeatureMap Zeros(params int[] sizes)
    {
        Shape shape = new(sizes);
        return new(new float[shape.Count], shape);
    }
}
