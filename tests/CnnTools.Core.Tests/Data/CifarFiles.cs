namespace CnnTools.Tests.Data;

/// <summary>Small CIFAR files: pixels tell the image and the place.</summary>
internal static class CifarFiles
{
    public const int ImageBytes = 3 * 32 * 32;

    /// <param name="coarse">Whether the record begins with a coarse label, as CIFAR-100's does.</param>
    public static byte[] Records(bool coarse, params byte[] labels) =>
        [.. labels.SelectMany((label, i) => (byte[])[.. coarse ? new byte[] { 19 } : [], label, .. Pixels(i)])];

    public static byte[] Pixels(int image) => [.. Enumerable.Range(0, ImageBytes).Select(i => (byte)((i * 7) + image))];

    /// <summary>CIFAR-10 with two images a batch.</summary>
    public static void WriteCifar10(TemporaryFolder folder, string subfolder = "cifar-10-batches-bin")
    {
        for (int i = 1; i <= 5; i++)
        {
            folder.Write(Path.Combine(subfolder, $"data_batch_{i}.bin"), Records(false, (byte)i, (byte)(i + 4)));
        }

        folder.Write(Path.Combine(subfolder, "test_batch.bin"), Records(false, 3, 2, 1));
    }
}
