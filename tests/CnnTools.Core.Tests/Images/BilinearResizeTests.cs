using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.Tests.Images;

/// <summary>Scaling, against numbers that can be worked out by hand; tests/CnnTools.Parity.Tests compares with Pillow.</summary>
public sealed class BilinearResizeTests
{
    [Fact]
    public void Halving_weighs_the_pixels_around()
    {
        // Each new pixel reaches two old ones to each side of its centre: 1/8, 3/8, 3/8, 1/8, and at the edge 3/7, 3/7, 1/7.
        byte[] half = BilinearResize.Apply([0, 80, 160, 240], new(1, 1, 4), new(1, 2));
        Assert.Equal([(byte)Math.Round((80 * 3 + 160 * 1) / 7.0), (byte)Math.Round((80 * 1 + 160 * 3 + 240 * 3) / 7.0)], half);
        Assert.Equal(half, BilinearResize.Apply([0, 80, 160, 240], new(1, 4, 1), new(2, 1)));
    }

    [Fact]
    public void Doubling_interpolates() =>
        Assert.Equal([0, 25, 75, 100], BilinearResize.Apply([0, 100], new(1, 1, 2), new(1, 4)));

    [Fact]
    public void One_pixel_is_the_mean_of_all_weighted() =>
        Assert.Equal([100], BilinearResize.Apply([0, 200, 200, 0], new(1, 2, 2), 1));

    [Theory]
    [InlineData(7, 5)]
    [InlineData(1, 100)]
    [InlineData(64, 1)]
    [InlineData(3, 300)]
    public void One_colour_stays_it(int height, int width)
    {
        byte[] white = [.. Enumerable.Repeat((byte)255, 3 * 20 * 30)];
        byte[] scaled = BilinearResize.Apply(white, new(3, 20, 30), new Pair(height, width));
        Assert.Equal(3 * height * width, scaled.Length);
        Assert.All(scaled, value => Assert.Equal(255, value));
    }

    [Fact]
    public void The_same_size_changes_nothing()
    {
        byte[] pixels = [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 4))];
        Assert.Equal(pixels, BilinearResize.Apply(pixels, new(3, 4, 5), new Pair(4, 5)));
    }

    [Fact]
    public void Planes_do_not_mix()
    {
        byte[] pixels = [.. Enumerable.Repeat((byte)10, 16), .. Enumerable.Repeat((byte)200, 16), .. Enumerable.Repeat((byte)90, 16)];
        byte[] scaled = BilinearResize.Apply(pixels, new(3, 4, 4), 3);
        Assert.Equal([.. Enumerable.Repeat((byte)10, 9), .. Enumerable.Repeat((byte)200, 9), .. Enumerable.Repeat((byte)90, 9)], scaled);
    }
}
