using System.Buffers.Binary;

namespace CnnTools.Images.Jpeg;

/// <summary>
/// A JPEG file from marker to marker. Its pixels equal libjpeg-turbo's, but that a progressive file without its last scans
/// is not smoothed. What that library warns of and replaces by pixels of its own invention is an error.
/// </summary>
internal ref struct JpegReader
{
    private const int MostBlocksOfUnit = 10;
    private const string Impossible = "one of its scans is impossible";

    // A scan may cost a few bytes of the file and a walk over the whole image. Files in use have about ten.
    private const int MostScans = 100;

    private readonly ReadOnlySpan<byte> _file;
    private readonly JpegHeader _header;
    private readonly JpegTables _tables = new();
    private int _at;

    /// <summary>Reads what stands before the first scan.</summary>
    /// <param name="file">Beginning with <see cref="Signature"/>.</param>
    /// <exception cref="InvalidDataException">It is broken.</exception>
    /// <exception cref="CnnException">UnsupportedImage, ImageTooLarge.</exception>
    public JpegReader(ReadOnlySpan<byte> file, string path)
    {
        _file = file;
        _header = new(path);
        _at = Signature.Length - 1;
        JpegMarker marker;
        while ((marker = Next()) != JpegMarker.SOS)
        {
            if (marker == JpegMarker.EOI)
            {
                throw new InvalidDataException("it has no pixels");
            }

            ReadSegment(marker);
        }

        _header.RequireReadable(file.Length);
    }

    /// <summary>What every JPEG begins with.</summary>
    public static ReadOnlySpan<byte> Signature => [JpegMarkers.Start, (byte)JpegMarker.SOI, JpegMarkers.Start];

    public readonly ImageInfo Info => _header.Info;

    /// <summary>Reads the pixels; once.</summary>
    /// <exception cref="InvalidDataException">The file is broken.</exception>
    public void Decode(UprightPlanes pixels)
    {
        JpegFrame frame = _header.Frame;
        if (!frame.Progressive)
        {
            _tables.CompleteHuffman();
        }

        JpegPlane[] planes = [.. frame.Components.Select(component => new JpegPlane(frame, component))];
        int scans = 0;
        for (JpegMarker marker = JpegMarker.SOS; marker != JpegMarker.EOI; marker = Next())
        {
            if (marker != JpegMarker.SOS)
            {
                ReadSegment(marker);
                continue;
            }

            if (++scans > MostScans)
            {
                throw new InvalidDataException("it has more scans than any picture needs");
            }

            ReadScan(frame, planes);
        }

        foreach (JpegPlane plane in planes)
        {
            plane.Finish();
        }

        JpegUpsampling.Write(frame, _header.Colors, planes, pixels);
    }

    private JpegMarker Next()
    {
        _at = JpegMarkers.Next(_file, _at, out JpegMarker marker);
        return marker;
    }

    private void ReadSegment(JpegMarker marker)
    {
        if (marker is JpegMarker.TEM or (>= JpegMarker.RST0 and <= JpegMarker.RST7))
        {
            return;
        }

        ReadOnlySpan<byte> segment = Segment();
        _header.Read(marker, segment);
        _tables.Read(marker, segment);
    }

    /// <summary>What follows a marker, without its length.</summary>
    private ReadOnlySpan<byte> Segment()
    {
        ReadOnlySpan<byte> left = _file[_at..];
        int length = left.Length < sizeof(ushort) ? left.Length + 1 : BinaryPrimitives.ReadUInt16BigEndian(left);
        if (length < sizeof(ushort) || length > left.Length)
        {
            throw new InvalidDataException(
                length > left.Length ? ImageReader.EndsEarly : "one of its parts has an impossible length");
        }

        _at += length;
        return left[sizeof(ushort)..length];
    }

    private void ReadScan(JpegFrame frame, JpegPlane[] planes)
    {
        ReadOnlySpan<byte> segment = Segment();
        int count = segment.Length > 0 ? segment[0] : 0;
        if (count is < 1 or > 4 || segment.Length != (2 * count) + 4)
        {
            throw new InvalidDataException(Impossible);
        }

        ReadOnlySpan<byte> last = segment[^3..];
        JpegSelection selection = frame.Progressive ? new(last[0], last[1], last[2] >> 4, last[2] & 15) : default;
        if (frame.Progressive && !selection.IsPossible(count))
        {
            throw new InvalidDataException(Impossible);
        }

        List<JpegPlane> scanned = [];
        for (int i = 0; i < count; i++)
        {
            (byte id, byte tables) = (segment[1 + (2 * i)], segment[2 + (2 * i)]);
            JpegPlane plane = Array.Find(planes, known => known.Component.Id == id) is { } found && !scanned.Contains(found)
                ? found
                : throw new InvalidDataException(Impossible);
            plane.Begin(
                _tables.Quantizers(plane.Component.Quantizer),
                selection is { First: 0, High: 0 } ? _tables.Dc(tables >> 4) : null,
                !frame.Progressive || selection.First > 0 ? _tables.Ac(tables & 15) : null);
            scanned.Add(plane);
        }

        if (count > 1 && scanned.Sum(plane => plane.Component.Horizontal * plane.Component.Vertical) > MostBlocksOfUnit)
        {
            throw new InvalidDataException(Impossible);
        }

        _at = new JpegScan(frame, scanned, selection, _tables.RestartInterval, new(_file, _at)).Read();
    }
}
