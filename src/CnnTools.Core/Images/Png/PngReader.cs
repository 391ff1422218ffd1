using System.Buffers.Binary;
using System.Text;

namespace CnnTools.Images.Png;

/// <summary>A PNG file from chunk to chunk. What libpng warns of and passes over is passed over here too.</summary>
internal ref struct PngReader
{
    private const int LengthSize = sizeof(uint);
    private const int TypeSize = 4;
    private const int SumSize = sizeof(uint);
    private const int ColorSize = 3;
    private const int MostColors = 256;

    // Deflate makes at most 1032 bytes of one.
    private const long MostBytesFromOne = 1032;

    private readonly ReadOnlySpan<byte> _file;
    private readonly string _path;
    private readonly PngHeader _header;
    private RgbColor[]? _palette;
    private bool _isTransparent;
    private int? _orientation;
    private int _at = Signature.Length;

    /// <summary>Reads what stands before the pixels.</summary>
    /// <param name="file">Beginning with <see cref="Signature"/>.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    /// <exception cref="CnnException">ImageTooLarge.</exception>
    public PngReader(ReadOnlySpan<byte> file, string path)
    {
        _file = file;
        _path = path;
        ReadOnlySpan<byte> header = Next(out string type);
        _header = type == "IHDR" ? PngHeader.Read(header) : throw new InvalidDataException("its header is missing");
        while (TypeAt() != "IDAT")
        {
            ReadOnlySpan<byte> chunk = Next(out type);
            ReadBeforePixels(type, chunk);
        }

        if (_header.IsIndexed && _palette is null)
        {
            throw new InvalidDataException("its palette is missing");
        }

        ImageReader.RequireSize(path, _header.Width, _header.Height);
        if (_header.RowSize(_header.Width) * _header.Height / MostBytesFromOne > file.Length)
        {
            throw new InvalidDataException(ImageReader.EndsEarly);
        }
    }

    /// <summary>What every PNG begins with.</summary>
    public static ReadOnlySpan<byte> Signature =>
        [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public readonly ImageInfo Info => UprightPlanes.InfoOf(new(
        _path, ImageFormat.Png, _header.Width, _header.Height, _header.Kind, _header.BitDepth, _palette ?? [],
        _isTransparent || _header.HasAlphaChannel, _header.Interlaced, _orientation ?? 1));

    /// <summary>Reads the pixels, and that the end is there; once.</summary>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public void Decode(UprightPlanes pixels)
    {
        using CompressedPixels compressed = new();
        bool isOver = false;  // what follows other chunks does not belong to it
        while (true)
        {
            ReadOnlySpan<byte> chunk = Next(out string type);
            switch (type)
            {
                case "IDAT" when !isOver:
                    compressed.Write(chunk);
                    break;
                case "IEND":
                    compressed.Position = 0;
                    new PngPixels(_header, _palette ?? []).Read(compressed, pixels);
                    return;
                case "IHDR":
                    throw new InvalidDataException("it has a second header");
                default:
                    isOver = true;
                    break;
            }
        }
    }

    private void ReadBeforePixels(string type, ReadOnlySpan<byte> chunk)
    {
        switch (type)
        {
            case "PLTE":
                ReadPalette(chunk);
                break;
            case "tRNS" when !_isTransparent:
                _isTransparent = _header.ColorType switch
                {
                    0 => chunk.Length == 2,
                    2 => chunk.Length == 6,
                    3 => chunk.Length > 0 && chunk.Length <= _palette?.Length,
                    _ => false,
                };
                break;
            case "eXIf":
                _orientation ??= ExifOrientation.Read(chunk);
                break;
            case "IHDR" or "IEND":
                throw new InvalidDataException("it has no pixels");
        }
    }

    private void ReadPalette(ReadOnlySpan<byte> chunk)
    {
        if (!_header.IsIndexed)
        {
            return;
        }

        int count = chunk.Length / ColorSize;
        if (_palette is not null || count is 0 or > MostColors || chunk.Length % ColorSize != 0)
        {
            throw new InvalidDataException("its palette is broken");
        }

        _palette = new RgbColor[Math.Min(count, 1 << _header.BitDepth)];
        for (int i = 0; i < _palette.Length; i++)
        {
            _palette[i] = new(chunk[ColorSize * i], chunk[(ColorSize * i) + 1], chunk[(ColorSize * i) + 2]);
        }
    }

    /// <summary>The type of the chunk that comes next.</summary>
    private readonly string TypeAt()
    {
        ReadOnlySpan<byte> left = _file[_at..];
        ReadOnlySpan<byte> type = left.Length < LengthSize + TypeSize
            ? throw new InvalidDataException(ImageReader.EndsEarly)
            : left.Slice(LengthSize, TypeSize);
        foreach (byte letter in type)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                throw new InvalidDataException("it has a chunk without a type");
            }
        }

        return Encoding.ASCII.GetString(type);
    }

    /// <summary>A chunk's content. The type is empty where it is broken and nothing hangs on it.</summary>
    private ReadOnlySpan<byte> Next(out string type)
    {
        type = TypeAt();
        ReadOnlySpan<byte> left = _file[_at..];
        uint length = BinaryPrimitives.ReadUInt32BigEndian(left);
        if (length > left.Length - LengthSize - TypeSize - SumSize)
        {
            throw new InvalidDataException(
                length > int.MaxValue ? "it has a chunk of an impossible length" : ImageReader.EndsEarly);
        }

        ReadOnlySpan<byte> content = left.Slice(LengthSize + TypeSize, (int)length);
        _at += LengthSize + TypeSize + content.Length + SumSize;
        bool isIntact = BinaryPrimitives.ReadUInt32BigEndian(_file[(_at - SumSize)..])
            == PngChecksum.Of(left.Slice(LengthSize, TypeSize + content.Length));
        if (char.IsLower(type[0]))
        {
            type = isIntact ? type : "";
            return content;
        }

        return !isIntact ? throw new InvalidDataException($"the check sum of its chunk {type} is wrong")
            : type is "IHDR" or "PLTE" or "IDAT" or "IEND" ? content
            : throw new InvalidDataException($"it has a chunk of no known kind ({type})");
    }

    /// <summary>What is compressed knows where it ends: it asks for more only where something is missing.</summary>
    private sealed class CompressedPixels : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            return read > 0 ? read : throw new EndOfStreamException();
        }
    }
}
