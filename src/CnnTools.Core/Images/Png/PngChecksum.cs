namespace CnnTools.Images.Png;

/// <summary>CRC-32, as PNG has it at the end of each chunk.</summary>
internal static class PngChecksum
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(OfByte)];

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        }

        return ~sum;
    }

    private static uint OfByte(int value)
    {
        uint sum = (uint)value;
        for (int bit = 0; bit < 8; bit++)
        {
            sum = (sum >> 1) ^ ((sum & 1) * Polynomial);
        }

        return sum;
    }
}
