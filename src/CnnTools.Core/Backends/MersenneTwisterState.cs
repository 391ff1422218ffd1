using System.Buffers.Binary;

namespace CnnTools.Backends;

/// <summary>
/// The bytes in which libtorch keeps its generator for the CPU (at::CPUGeneratorImpl): whole numbers of the seed, how many
/// of the 624 words are left, whether it was seeded, and which word is next; then the words, and normal numbers in store.
/// </summary>
public static class MersenneTwisterState
{
    private const int Words = 624;
    private const int Length = 5056;
    private const int Left = 8;
    private const int Seeded = 12;
    private const int Next = 16;

    /// <summary>Whether libtorch takes these bytes for a state.</summary>
    public static bool IsValid(ReadOnlySpan<byte> state) =>
        state.Length == Length
        && BinaryPrimitives.ReadInt32LittleEndian(state[Left..]) is > 0 and <= Words
        && BinaryPrimitives.ReadInt32LittleEndian(state[Seeded..]) != 0
        && BinaryPrimitives.ReadUInt32LittleEndian(state[Next..]) <= Words;
}
