using CnnTools.Images;
using CnnTools.Tests.Fuzzing;

namespace CnnTools.Tests.Images;

/// <summary>Broken image files: an image or an error comes out, and little memory is taken.</summary>
public sealed class ImageFuzzTests
{
    private static readonly IImageCodec Codec = Engine.Images;

    [Fact]
    public void Png() => Run("png", BrokenImages.Png());

    [Fact]
    public void Jpeg() => Run("jpeg", BrokenImages.Jpeg(Codec));

    private static void Run(string name, Func<RandomStream, byte[]> mutate)
    {
        byte[] room = BrokenImages.Room();
        Fuzzer.Run(
            name, mutate, file => BrokenImages.Read(Codec, file, room), "CorruptFile", "UnsupportedImage", "ImageTooLarge");
    }
}
