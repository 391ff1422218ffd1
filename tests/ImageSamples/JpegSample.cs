using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CnnTools.Tests.ImageSamples;

/// <summary>Pieces of JPEG files, and what a library of ours would not write.</summary>
internal static class JpegSample
{
    /// <summary>16x8 and progressive: the left block is (200, 100, 50), the right one (20, 60, 220).</summary>
    public static byte[] Progressive { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4z"
        + "NDL/2wBDAQkJCQwLDBgNDRgyIRwhMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjL/wgARCAAIABADAREAAhEB"
        + "AxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAgX/xAAVAQEBAAAAAAAAAAAAAAAAAAAFBv/aAAwDAQACEAMQAAABJjEK5mP/xAAUEAEAAAAAAAAAAAAAAAAA"
        + "AAAQ/9oACAEBAAEFAj//xAAUEQEAAAAAAAAAAAAAAAAAAAAQ/9oACAEDAQE/AT//xAAUEQEAAAAAAAAAAAAAAAAAAAAQ/9oACAECAQE/AT//xAAUEAEA"
        + "AAAAAAAAAAAAAAAAAAAQ/9oACAEBAAY/Aj//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/IT//2gAMAwEAAgADAAAAEE//xAAUEQEAAAAAAAAA"
        + "AAAAAAAAAAAQ/9oACAEDAQE/ED//xAAUEQEAAAAAAAAAAAAAAAAAAAAQ/9oACAECAQE/ED//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/ED//"
        + "2Q==");

    /// <summary>Files of every kind in use, by name, which tests/data/make-jpegs.sh made.</summary>
    public static IReadOnlyDictionary<string, byte[]> Files { get; } = JsonSerializer.Deserialize<Dictionary<string, byte[]>>(
        File.ReadAllBytes(Path.Combine(Folder(), "..", "data", "jpegs.json")))!;

    /// <summary>A file that ends with the header of its first scan.</summary>
    /// <param name="components">4: without a word to the contrary they are CMYK.</param>
    public static byte[] Header(int width, int height, int components, bool progressive = false) =>
    [
        0xFF, 0xD8, 0xFF, (byte)(progressive ? 0xC2 : 0xC0), 0, (byte)(8 + (3 * components)), 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width,
        (byte)components, .. Enumerable.Range(1, components).SelectMany(i => new byte[] { (byte)i, 0x11, 0 }),
        0xFF, 0xDA, 0, (byte)(6 + (2 * components)), (byte)components, .. Enumerable.Range(1, components).SelectMany(i => new byte[] { (byte)i, 0 }),
        0, 63, 0,
    ];

    /// <summary>EXIF data that say nothing but the orientation.</summary>
    public static byte[] Exif(int orientation) =>
        [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>A JPEG with EXIF data before all else.</summary>
    public static byte[] WithExif(byte[] file, byte[] exif) =>
        [.. file.AsSpan(0, 2), 0xFF, 0xE1, 0, (byte)(8 + exif.Length), .. "Exif\0\0"u8, .. exif, .. file.AsSpan(2)];

    private static string Folder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
