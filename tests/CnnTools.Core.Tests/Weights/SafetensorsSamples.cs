using System.Buffers.Binary;
using System.Text;

namespace CnnTools.Tests.Weights;

/// <summary>Files of the format, made by hand and not by our writer.</summary>
internal static class SafetensorsSamples
{
    /// <summary>One F32 tensor of two values, one F16, one I64, and metadata.</summary>
    public static byte[] Good { get; } = Make(
        """
        {"__metadata__":{"format":"pt"},
        "n":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
        "w":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},
        "h":{"dtype":"F16","shape":[3],"data_offsets":[16,22]}}
        """,
        [42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0x3C, 0, 0xC0, 0, 0x7C]);

    /// <summary>A member of the header; everything but the name is JSON.</summary>
    public static string Entry(string name, string dtype, string shape, string offsets) =>
        $$$""" "{{{name}}}":{"dtype":{{{dtype}}},"shape":{{{shape}}},"data_offsets":{{{offsets}}}} """;

    public static byte[] Make(string header, params byte[] data) => Make(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Make(byte[] header, params byte[] data)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }
}
