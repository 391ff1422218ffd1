using System.Text;

namespace CnnTools.Tests;

/// <summary>The fields of a message of Protocol Buffers, read independently of what wrote them.</summary>
internal sealed class ProtobufFields
{
    private readonly List<(int Field, ulong Number, byte[] Bytes)> _fields = [];

    public ProtobufFields(byte[] message)
    {
        int position = 0;
        while (position < message.Length)
        {
            ulong tag = Varint();
            (ulong number, int length) = (tag & 7) switch
            {
                0 => (Varint(), 0),
                2 => (0UL, (int)Varint()),
                5 => (0UL, 4),
                _ => throw new InvalidDataException($"The tag {tag} stands at {position}."),
            };
            _fields.Add(((int)(tag >> 3), number, message[position..(position + length)]));
            position += length;
        }

        ulong Varint()
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[position++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                {
                    return value;
                }
            }
        }
    }

    public IEnumerable<ProtobufFields> Messages(int field) => Bytes(field).Select(bytes => new ProtobufFields(bytes));

    public ProtobufFields Message(int field) => Messages(field).Single();

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field).Single());

    public IEnumerable<byte[]> Bytes(int field) => _fields.Where(f => f.Field == field).Select(f => f.Bytes);

    public IEnumerable<long> Numbers(int field) => _fields.Where(f => f.Field == field).Select(f => (long)f.Number);
}
