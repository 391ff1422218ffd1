namespace CnnTools.Images.Jpeg;

/// <summary>What begins a part of a JPEG file: the byte after 0xFF, by the names of ITU-T T.81.</summary>
internal enum JpegMarker : byte
{
    None = 0,
    TEM = 0x01,
    SOF0 = 0xC0,
    SOF1 = 0xC1,
    SOF2 = 0xC2,
    DHT = 0xC4,
    SOF9 = 0xC9,
    SOF10 = 0xCA,
    SOF15 = 0xCF,
    RST0 = 0xD0,
    RST7 = 0xD7,
    SOI = 0xD8,
    EOI = 0xD9,
    SOS = 0xDA,
    DQT = 0xDB,
    DNL = 0xDC,
    DRI = 0xDD,
    APP0 = 0xE0,
    APP1 = 0xE1,
    APP14 = 0xEE,
    APP15 = 0xEF,
    COM = 0xFE,
}

/// <summary>Finds them.</summary>
internal static class JpegMarkers
{
    /// <summary>What stands before each.</summary>
    public const byte Start = 0xFF;

    /// <summary>How many restart markers there are, one after the other.</summary>
    public const int Restarts = JpegMarker.RST7 - JpegMarker.RST0 + 1;

    /// <summary>The next marker; bytes before it are passed over.</summary>
    /// <returns>Where it ends.</returns>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static int Next(ReadOnlySpan<byte> file, int position, out JpegMarker marker)
    {
        bool started = false;
        for (; position < file.Length; position++)
        {
            if (started && file[position] is not (0 or Start))
            {
                marker = (JpegMarker)file[position];
                return position + 1;
            }

            started = file[position] == Start;
        }

        throw new InvalidDataException(ImageReader.EndsEarly);
    }
}
