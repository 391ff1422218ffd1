namespace CnnTools.Tests.Fuzzing;

/// <summary>Damages bytes the ways that files get damaged, and that find faults in readers.</summary>
internal static class Mutation
{
    private static readonly byte[] Telling = [0, 1, 0x7F, 0x80, 0xFF];

    public static byte[] Of(byte[] original, RandomStream random)
    {
        List<byte> bytes = [.. original];
        int changes = 1 + random.NextInt32(4);
        for (int i = 0; i < changes && bytes.Count > 0; i++)
        {
            // Half of the time in the header, where it matters most.
            int at = random.NextInt32(random.NextInt32(2) == 0 ? Math.Min(20, bytes.Count) : bytes.Count);
            switch (random.NextInt32(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt32(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.NextInt32(256);
                    break;
                case 2:
                    bytes[at] = Telling[random.NextInt32(Telling.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 4:
                    bytes.Insert(at, (byte)random.NextInt32(256));
                    break;
                default:
                    bytes.RemoveRange(at, Math.Min(1 + random.NextInt32(4), bytes.Count - at));
                    break;
            }
        }

        return [.. bytes];
    }
}
