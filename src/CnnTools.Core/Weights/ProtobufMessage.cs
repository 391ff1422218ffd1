using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CnnTools.Weights;

/// <summary>
/// A message in the wire format of Protocol Buffers. Long fields are not held: their bytes are asked for when they are
/// written, their length is known before.
/// </summary>
internal sealed class ProtobufMessage
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly List<byte> _bytes = [];
    private readonly List<(int Position, Action<Stream> Write)> _deferred = [];
    private long _deferredLength;

    private enum WireType
    {
        Varint = 0,
        Length = 2,
        Fixed32 = 5,
    }

    /// <summary>In bytes, without what tells it.</summary>
    public long Length => _bytes.Count + _deferredLength;

    public ProtobufMessage Add(int field, long value)
    {
        AddTag(field, WireType.Varint);
        AddVarint((ulong)value);
        return this;
    }

    public ProtobufMessage Add(int field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        AddTag(field, WireType.Fixed32);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <exception cref="EncoderFallbackException">The text is not Unicode.</exception>
    public ProtobufMessage Add(int field, string text)
    {
        byte[] bytes = Strict.GetBytes(text);
        return Add(field, bytes.Length, stream => stream.Write(bytes));
    }

    /// <param name="message">Complete: it must not grow any more.</param>
    public ProtobufMessage Add(int field, ProtobufMessage message) => Add(field, message.Length, message.WriteTo);

    /// <param name="length">How many bytes <paramref name="write"/> writes.</param>
    public ProtobufMessage Add(int field, long length, Action<Stream> write)
    {
        AddTag(field, WireType.Length);
        AddVarint((ulong)length);
        _deferred.Add((_bytes.Count, write));
        _deferredLength += length;
        return this;
    }

    /// <summary>A repeated field.</summary>
    public ProtobufMessage AddAll<T>(IEnumerable<T> values, Func<ProtobufMessage, T, ProtobufMessage> add) =>
        values.Aggregate(this, add);

    public void WriteTo(Stream stream)
    {
        ReadOnlySpan<byte> bytes = CollectionsMarshal.AsSpan(_bytes);
        int written = 0;
        foreach ((int position, Action<Stream> write) in _deferred)
        {
            stream.Write(bytes[written..position]);
            write(stream);
            written = position;
        }

        stream.Write(bytes[written..]);
    }

    private void AddTag(int field, WireType type) => AddVarint(((ulong)field << 3) | (ulong)type);

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private void AddVarint(ulong value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            _bytes.Add((byte)(value | 0x80));
        }

        _bytes.Add((byte)value);
    }
}
