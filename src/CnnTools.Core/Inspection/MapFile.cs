using System.Globalization;
using System.Text;
using CnnTools.Images;
using CnnTools.Operations;
using CnnTools.Runs;

namespace CnnTools.Inspection;

/// <summary>What feature maps are written as.</summary>
public enum MapFormat
{
    /// <summary>A picture.</summary>
    Png,

    /// <summary>Numbers as text, invariant: a line for each row of each channel, with a header.</summary>
    Csv,

    /// <summary>Numbers as NumPy's load reads them: little-endian float32, all sizes.</summary>
    Npy,
}

/// <summary>Feature maps' values and pictures on disk, written whole or not at all.</summary>
public static class MapFile
{
    /// <summary>The format that a name's extension tells; null where it tells none.</summary>
    public static MapFormat? FormatOf(string path) =>
        Enum.TryParse(Path.GetExtension(path).TrimStart('.'), ignoreCase: true, out MapFormat format) && Enum.IsDefined(format)
            && !char.IsDigit(Path.GetExtension(path)[^1])
            ? format
            : null;

    /// <summary>The extension of a format, with its point.</summary>
    public static string ExtensionOf(MapFormat format) => $".{format.ToString().ToLowerInvariant()}";

    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void WriteImage(IImageCodec codec, CnnImage image, string path) =>
        ImageFile.Write(codec, image, path, ImageFormat.Png, quality: 100);

    /// <summary>Columns Sample, Channel and Row, then the row's values under their columns' numbers.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void WriteCsv(FeatureMap map, string path) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        int channels = map.Shape.Rank < 3 ? 1 : map.Shape[map.Shape.Rank - 3];
        int width = map.Shape[map.Shape.Rank - 1];
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"Sample,Channel,Row,{string.Join(',', Enumerable.Range(0, width))}\n"));
        foreach ((int index, FeatureMap plane) in map.GetPlanes().Index())
        {
            ReadOnlySpan<float> values = plane.AsSpan();
            for (int row = 0; row < plane.Shape[0]; row++)
            {
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{index / channels},{index % channels},{row}"));
                foreach (float value in values.Slice(row * width, width))
                {
                    writer.Write(string.Create(CultureInfo.InvariantCulture, $",{value:R}"));
                }

                writer.Write('\n');
            }
        }
    });

    /// <summary>NumPy's format, version 1.0, as its documentation has it.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void WriteNpy(FeatureMap map, string path) => AtomicFile.Write(path, stream =>
    {
        // Magic, version and the header's length take 10 bytes, and the values begin at a multiple of 64.
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({string.Concat(map.Shape.Sizes.Select(size => $"{size}, "))}), }}";
        int length = ((10 + header.Length + 1 + 63) / 64 * 64) - 10;
        using BinaryWriter writer = new(stream, Encoding.Latin1, leaveOpen: true);
        writer.Write([0x93, .. "NUMPY"u8, 1, 0]);
        writer.Write((ushort)length);
        writer.Write(Encoding.Latin1.GetBytes(header.PadRight(length - 1) + '\n'));
        foreach (float value in map.AsSpan())
        {
            writer.Write(value);
        }
    });
}

/// <summary>A file that a feature map was written to.</summary>
/// <param name="Path">Full.</param>
/// <param name="Model">Empty where the map is no layer's.</param>
/// <param name="Layer">Empty where the map is no layer's.</param>
/// <param name="Source">What the map was made from: a file, empty for numbers.</param>
/// <param name="Channels">Planes in the file.</param>
/// <param name="Shape">All sizes of the values in it.</param>
public sealed record MapFileRecord(string Path, string Model, string Layer, string Source, int Channels, Shape Shape);
