using System.Globalization;
using System.Text;
using CnnTools.Images;

namespace CnnTools.Tests.Data;

/// <summary>Images as text, for tests that are not about formats: "channels,height,width,value"; all else is broken.</summary>
internal sealed class PlainCodec : IImageCodec
{
    public static byte[] File(int channels, int height, int width, int value) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{channels},{height},{width},{value}"));

    public ImageInfo Probe(ReadOnlySpan<byte> file, string path)
    {
        int[] numbers = Read(file, path);
        return ImageInfo.OfMade(new(numbers[0], numbers[1], numbers[2])) with { Path = path };
    }

    public void Decode(ReadOnlySpan<byte> file, ImageInfo info, Span<byte> pixels) => pixels.Fill((byte)Read(file, info.Path)[3]);

    public byte[] Encode(ReadOnlySpan<byte> pixels, Shape shape, ImageFormat format, int quality, string path) =>
        throw new NotSupportedException();

    private static int[] Read(ReadOnlySpan<byte> file, string path)
    {
        string[] parts = Encoding.ASCII.GetString(file).Split(',');
        return parts.Length == 4
            ? Array.ConvertAll(parts, part => int.Parse(part, CultureInfo.InvariantCulture))
            : throw Errors.CorruptFile(path, "plain", "it is broken", "Get the file once more.");
    }
}
