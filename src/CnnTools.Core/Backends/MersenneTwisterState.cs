using System.Buffers.Binary;

namespace CnnTools.Backends;

/// <summary>
/// The bytes in which libtorch keeps its generator for the CPU (at::CPUGeneratorImpl): whole numbers of the seed, how many
/// of the 624 words are left, whether it was seeded, and which word is next; then the words, and normal numbers in store.
/// </summary>
public static class MersenneTwisterState
{
    /// <summary>In bytes.</summary>
    public const int Length = 5056;

    private const int Words = 624;
    private const int Left = 8;
    private const int Seeded = 12;
    private const int Next = 16;

    /// <summary>Whether these bytes are a state that libtorch can go on from.</summary>
    public static bool IsValid(ReadOnlySpan<byte> state) =>
        state.Length == Length
        && BinaryPrimitives.ReadInt32LittleEndian(state[Seeded..]) != 0
        && BinaryPrimitives.ReadInt32LittleEndian(state[Left..]) is int left and > 0 and <= Words
        && BinaryPrimitives.ReadUInt64LittleEndian(state[Next..]) <= (ulong)(Words + 1 - left); // else it would read behind the words
}
