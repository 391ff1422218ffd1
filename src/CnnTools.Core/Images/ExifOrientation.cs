using System.Buffers.Binary;

namespace CnnTools.Images;

/// <summary>EXIF: the one thing that is read of it.</summary>
internal static class ExifOrientation
{
    private const int HeaderSize = 8;
    private const int EntrySize = 12;
    private const int ValueOffset = 8;  // within an entry
    private const int Tag = 0x0112;
    private const int ShortType = 3;

    /// <summary>
    /// The orientation, 1 to 8, in the TIFF structure that EXIF data are; 1 where there is none or it is broken.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> tiff)
    {
        bool little = tiff.StartsWith("II*\0"u8);
        if (tiff.Length < HeaderSize || !(little || tiff.StartsWith("MM\0*"u8)))
        {
            return 1;
        }

        uint directory = little
            ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..])
            : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - sizeof(ushort))
        {
            return 1;
        }

        int count = Short(tiff, (int)directory);
        for (int i = 0, at = (int)directory + sizeof(ushort); i < count && at <= tiff.Length - EntrySize; i++, at += EntrySize)
        {
            if (Short(tiff, at) == Tag && Short(tiff, at + sizeof(ushort)) == ShortType)
            {
                return Short(tiff, at + ValueOffset) is >= 1 and <= 8 and int value ? value : 1;
            }
        }

        return 1;

        int Short(ReadOnlySpan<byte> from, int at) => little
            ? BinaryPrimitives.ReadUInt16LittleEndian(from[at..])
            : BinaryPrimitives.ReadUInt16BigEndian(from[at..]);
    }
}
