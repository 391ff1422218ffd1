using System.Globalization;

namespace CnnTools.Tests.Fuzzing;

/// <summary>
/// Feeds a reader broken files: from a fixed seed, so that what fails once fails again. Whatever they hold, only a result
/// or a <see cref="CnnException"/> may come out, and memory stays in proportion to the file.
/// </summary>
/// <remarks>20,000 files each; $env:CNNTOOLS_FUZZ_FILES makes them more, or other ones by more of them.</remarks>
internal static class Fuzzer
{
    // What a reader may allocate for any file: buffers of one chunk and an exception's text.
    private const long AllocatedAtMost = 1 << 20;

    private static int Files =>
        int.TryParse(Environment.GetEnvironmentVariable("CNNTOOLS_FUZZ_FILES"), CultureInfo.InvariantCulture, out int files)
            ? files
            : 20_000;

    /// <param name="name">The seed.</param>
    /// <param name="mutate">Makes one broken file.</param>
    /// <param name="read">The reader under test.</param>
    /// <param name="ids">The errors that may come; others are not what the file deserves.</param>
    public static void Run(
        string name, Func<RandomStream, byte[]> mutate, Action<byte[]> read, params ReadOnlySpan<string> ids)
    {
        RandomStream random = new(1, name);
        int results = 0;
        int errors = 0;
        for (int i = 0; i < Files; i++)
        {
            byte[] file = mutate(random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(file);
                results++;
            }
            catch (CnnException error)
            {
                errors++;
                if (!ids.Contains(error.Id) || error.Message.Length > 2000)
                {
                    Assert.Fail($"{error.Id} for {Save(file, i)}: {error.Message}");
                }
            }
            catch (Exception error)
            {
                Assert.Fail($"{error.GetType().Name} for {Save(file, i)}: {error}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > AllocatedAtMost)
            {
                Assert.Fail($"{allocated} bytes were allocated for {Save(file, i)}");
            }
        }

        Assert.True(results > Files / 200 && errors > Files / 4, $"{results} results, {errors} errors: too much of one kind");

        string Save(byte[] file, int number)
        {
            string path = Path.Combine(Path.GetTempPath(), $"cnntools-fuzz-{name.Replace(' ', '-')}-{number}");
            File.WriteAllBytes(path, file);
            return path;
        }
    }
}
