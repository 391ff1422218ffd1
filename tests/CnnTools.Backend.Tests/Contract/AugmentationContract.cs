using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Batches of bytes changed image by image. That the values are torchvision's is for the parity tests.</summary>
public sealed class AugmentationContract : BackendContract
{
    private static readonly byte[] Pixels = [.. Enumerable.Range(0, 2 * 3 * 4 * 5).Select(i => (byte)(i * 37))];

    [Fact]
    public void Pixels_are_selected_by_row_and_column()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        int[] rows = [3, -1, 0, 1], columns = [4, 0, -1, 2, 2, 2];

        Tensor selected = Backend.SelectPixels(Images(), [1, 0], rows, columns, fill: 9);

        Assert.Equal([2, 3, 2, 3], selected.Sizes);
        byte[] expected =
        [
            .. from n in Enumerable.Range(0, 2)
               from c in Enumerable.Range(0, 3)
               from y in Enumerable.Range(0, 2)
               from x in Enumerable.Range(0, 3)
               let row = rows[(n * 2) + y]
               let column = columns[(n * 3) + x]
               select row < 0 || column < 0 ? (byte)9 : Pixels[((((1 - n) * 3) + c) * 20) + (row * 5) + column],
        ];
        Assert.Equal(expected, Bytes(selected));
    }

    [Fact]
    public void Images_are_put_back_in_place()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor images = Images();

        Backend.PutImages(images, [1], Backend.FromBytes(new byte[60], [1, 3, 4, 5], Device.Cpu));

        Assert.Equal([.. Pixels[..60], .. new byte[60]], Bytes(images));
    }

    [Fact]
    public void Values_are_counted_and_mapped_plane_by_plane()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        long[] counts = Backend.CountBytes(Images());
        byte[] tables = [.. Enumerable.Range(0, 6 * 256).Select(i => (byte)((i % 256) ^ (i / 256)))];

        Assert.All(Enumerable.Range(0, 6), plane => Assert.Equal(20, counts.Skip(plane * 256).Take(256).Sum()));
        Assert.Equal(Pixels[40..60].Count(value => value == Pixels[47]), counts[(2 * 256) + Pixels[47]]);
        Assert.Equal(Pixels.Select((value, i) => (byte)(value ^ (i / 20))), Bytes(Backend.MapBytes(Images(), tables)));
    }

    [Fact]
    public void Changes_of_nothing_change_nothing()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        float[] identity = [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0];

        Assert.All(Enum.GetValues<BlendPartner>(), partner => Assert.Equal(Pixels, Bytes(Backend.BlendImages(Images(), [1, 1], partner))));
        Assert.All(Enum.GetValues<Interpolation>(), mode => Assert.Equal(Pixels, Bytes(Backend.WarpImages(Images(), identity, mode, 5))));
        Assert.Equal(Pixels, Bytes(Backend.ResizeCrops(Images(), [0, 0, 4, 5, 0, 0, 4, 5])));
    }

    [Fact]
    public void Hue_goes_round_the_circle()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor red = Backend.FromBytes([255, 0, 0], [1, 3, 1, 1], Device.Cpu);

        Assert.Equal([0, 255, 0], Bytes(Backend.ShiftHue(red, [1 / 3.0])));
        Assert.Equal([0, 0, 255], Bytes(Backend.ShiftHue(red, [-1 / 3.0])));
        AssertFails("BackendFailed", () => Backend.ShiftHue(Backend.FromBytes([1], [1, 1, 1, 1], Device.Cpu), [0.1]));
    }

    [Theory]
    [InlineData(MemoryLayout.Contiguous)]
    [InlineData(MemoryLayout.ChannelsLast)]
    public void Boxes_are_erased_in_place_and_cut_at_the_edge(MemoryLayout layout)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        Tensor images = Backend.Copy(MakeRamp([2, 2, 3, 3]), Device.Cpu, layout);
        float[] before = Values(images);

        Backend.EraseBoxes(images, [-1, 1, 2, 9, 0, 0, 0, 3], 7);

        Assert.Equal(before.Select((value, i) => i < 18 && i % 9 is (1 or 2) ? 7 : value), Values(images));
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        AssertFails("BackendFailed", () => Backend.SelectPixels(Images(), [2], [0], [0], 0));
        AssertFails("BackendFailed", () => Backend.SelectPixels(Images(), [0], [4], [0], 0));
        AssertFails("BackendFailed", () => Backend.SelectPixels(Images(), [0], [0], [-2], 0));
        AssertFails("BackendFailed", () => Backend.SelectPixels(Images(), [0, 1], [0, 0, 0], [0, 0], 0));
        AssertFails("BackendFailed", () => Backend.PutImages(Images(), [2], Images()));
        AssertFails("BackendFailed", () => Backend.MapBytes(Images(), new byte[256]));
        AssertFails("BackendFailed", () => Backend.BlendImages(Images(), [1], BlendPartner.Grey));
        AssertFails("BackendFailed", () => Backend.ResizeCrops(Images(), [0, 0, 4, 5, 1, 0, 4, 5]));
        AssertFails("BackendFailed", () => Backend.WarpImages(Make([1, 2], 1, 1, 1, 2), [1, 0, 0, 0, 1, 0], default, 0));
        AssertFails("BackendFailed", () => Backend.EraseBoxes(Images(), new long[8], 0));
    }

    private static Tensor Images() => Backend.FromBytes(Pixels, [2, 3, 4, 5], Device.Cpu);

    /// <summary>Bytes are read through a table of themselves.</summary>
    private static byte[] Bytes(Tensor images)
    {
        int channels = (int)images.Sizes[1];
        Tensor lookup = Make([.. Enumerable.Range(0, channels * 256).Select(i => (float)(i % 256))], channels, 256);
        long[] all = [.. Enumerable.Range(0, (int)images.Sizes[0]).Select(i => (long)i)];
        return [.. Values(Backend.GatherImages(images, all, lookup, MemoryLayout.Contiguous)).Select(value => (byte)value)];
    }
}
