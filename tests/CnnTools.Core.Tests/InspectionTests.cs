using System.Buffers.Binary;
using System.Text;
using CnnTools.Images;
using CnnTools.Inspection;
using CnnTools.Operations;

namespace CnnTools.Tests;

/// <summary>How feature maps become pictures and files.</summary>
public sealed class InspectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnntools-maps-").FullName;

    [Fact]
    public void A_grid_has_a_tile_for_each_channel_and_a_gap_between()
    {
        FeatureMap map = new([0, 1, 0, 2, 0, 4], new(3, 1, 2));

        CnnImage tiles = new MapDrawing { TileSize = 1 }.Draw(map);
        CnnImage layer = new MapDrawing { TileSize = 1, Scale = MapScale.Layer, Columns = 3 }.Draw(map);

        Assert.Equal(new Shape(1, 4, 6), tiles.Shape);
        Assert.Equal<byte>([0, 255, 96, 96, 0, 255], tiles.Pixels[..6]);
        Assert.Equal<byte>([0, 255, 96, 96, 96, 96], tiles.Pixels[^6..]);
        Assert.Equal<byte>([0, 64, 96, 96, 0, 128, 96, 96, 0, 255], layer.Pixels);
    }

    [Fact]
    public void Values_become_squares_of_whole_pixels()
    {
        CnnImage image = new MapDrawing { TileSize = 5 }.Draw(new([0, 1, 1, 0], new(2, 2)));

        Assert.Equal(new Shape(1, 4, 4), image.Shape);
        Assert.Equal<byte>([0, 0, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0], image.Pixels);
    }

    [Fact]
    public void A_picture_that_would_be_too_large_is_refused() => Assert.Equal("DrawingTooLarge", Assert.Throws<CnnException>(
        () => new MapDrawing { TileSize = int.MaxValue }.Draw(new(new float[4], new(2, 2)))).Id);

    [Theory]
    [InlineData(ColorMap.Gray)]
    [InlineData(ColorMap.Viridis)]
    [InlineData(ColorMap.Heat)]
    public void Colours_become_lighter_from_the_least_to_the_largest(ColorMap map)
    {
        double[] light = [.. ColorTable.Of(map).Select(Lightness)];

        Assert.Equal(256, light.Length);

        // Red, green and blue are whole numbers.
        Assert.All(light.Zip(light.Skip(1)), pair => Assert.True(pair.Second > pair.First - 1e-3, $"{pair}"));
        Assert.All(light.Zip(light.Skip(16)), pair => Assert.True(pair.Second > pair.First, $"{pair}"));
    }

    [Fact]
    public void Blue_is_below_zero_and_red_above()
    {
        (RgbColor first, RgbColor middle, RgbColor last) = (
            ColorTable.Of(ColorMap.BlueRed)[0], ColorTable.Of(ColorMap.BlueRed)[128], ColorTable.Of(ColorMap.BlueRed)[255]);

        Assert.True(first.Blue > first.Red + 50 && last.Red > last.Blue + 50);
        Assert.True(Lightness(middle) > 0.9);
        Assert.Equal(new ValueRange(-3, 3), new MapDrawing { ColorMap = ColorMap.BlueRed }.RangeOf(new([-3, 1], new(1, 2))));
    }

    [Fact]
    public void What_is_no_number_is_drawn_as_the_least()
    {
        ValueRange range = ValueRange.Of([float.NaN, 1, float.PositiveInfinity, 3]);

        Assert.Equal(new ValueRange(1, 3), range);
        Assert.Equal<byte>([0, 0, 128, 255, 255, 0], [.. new[] { float.NaN, 1, 2, 3, float.PositiveInfinity, float.NegativeInfinity }.Select(range.ToByte)]);
        Assert.Equal(0, ValueRange.Of([float.NaN]).ToByte(float.NaN));
        Assert.Equal(0, ValueRange.Of([5, 5]).ToByte(5));
        Assert.Equal(255, new ValueRange(float.MinValue, float.MaxValue).ToByte(float.MaxValue));
    }

    [Fact]
    public void Bilinear_scaling_takes_pixels_for_squares()
    {
        Assert.Equal([0, 0.25f, 0.75f, 1], BilinearScaling.Apply([0, 1], new(1, 2), new(1, 4)));
        Assert.Equal([0.5f, 2.5f], BilinearScaling.Apply([0, 1, 2, 3], new(1, 4), new(1, 2)));
    }

    [Fact]
    public void Npy_files_are_as_NumPy_documents_them()
    {
        string path = Path.Combine(_folder, "a.npy");
        MapFile.WriteNpy(new([1, -2.5f, 3, 4, 5, 6], new(2, 3)), path);

        byte[] bytes = File.ReadAllBytes(path);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        string header = Encoding.Latin1.GetString(bytes, 10, length);
        Assert.Equal<byte>([0x93, .. "NUMPY"u8, 1, 0], bytes[..8]);
        Assert.Equal(0, (10 + length) % 64);
        Assert.StartsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, ), }", header, StringComparison.Ordinal);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        Assert.Equal(10 + length + 24, bytes.Length);
        Assert.Equal(-2.5f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(10 + length + 4)));
    }

    [Fact]
    public void Csv_files_have_a_line_for_each_row_of_each_channel()
    {
        string path = Path.Combine(_folder, "a.csv");
        MapFile.WriteCsv(new([1, 2.5f, 3, 4, 5, float.NaN, 7, 8], new(1, 2, 2, 2)), path);

        Assert.Equal("Sample,Channel,Row,0,1\n0,0,0,1,2.5\n0,0,1,3,4\n0,1,0,5,NaN\n0,1,1,7,8\n", File.ReadAllText(path));
    }

    [Fact]
    public void No_two_maps_go_to_one_file()
    {
        FeatureMap map = new([1], new(1, 1)) { Label = "a/b" };
        MapPlaces folder = new(_folder, format: null);
        MapPlaces file = new(Path.Combine(_folder, "one.npy"), format: null);

        Assert.Equal(Path.Combine(_folder, "a_b.png"), folder.Take(map, plane: null));
        Assert.Equal(Path.Combine(_folder, "a_b-2.png"), folder.Take(map, plane: null));
        Assert.Equal(Path.Combine(_folder, "a_b-07.png"), folder.Take(map, (7, 12)));
        Assert.Equal(MapFormat.Npy, file.Format);
        file.Take(map, plane: null);
        Assert.Equal("OneFileForSeveralMaps", Assert.Throws<CnnException>(() => file.Take(map, plane: null)).Id);
        Assert.Equal("NoMapFormat", Assert.Throws<CnnException>(() => new MapPlaces(Path.Combine(_folder, "one.gif"), null)).Id);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>OKLab's L (Ottosson 2020), from 0 to 1.</summary>
    private static double Lightness(RgbColor color)
    {
        (double red, double green, double blue) = (Linear(color.Red), Linear(color.Green), Linear(color.Blue));
        return (0.2104542553 * Math.Cbrt((0.4122214708 * red) + (0.5363325363 * green) + (0.0514459929 * blue)))
            + (0.7936177850 * Math.Cbrt((0.2119034982 * red) + (0.6806995451 * green) + (0.1073969566 * blue)))
            - (0.0040720468 * Math.Cbrt((0.0883024619 * red) + (0.2817188376 * green) + (0.6299787005 * blue)));

        static double Linear(byte level) => level <= 10 ? level / 255.0 / 12.92 : Math.Pow(((level / 255.0) + 0.055) / 1.055, 2.4);
    }
}
