using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Zoo;

// Thread counts and live handles are the process's: tests that look at them must not run beside others.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CnnTools.Tests;

/// <summary>A backend, a small data set that is learned within a few epochs, and a folder that goes away.</summary>
public sealed class Fixtures : IDisposable
{
    public static IBackend Backend => Engine.Backend;

    public string Folder { get; } = Directory.CreateTempSubdirectory("cnntools-training-").FullName;

    public static Dataset Data { get; } = Stripes(train: 200, test: 50);

    public string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>Handles that are alive, after those that earlier tests left to the garbage collector are gone.</summary>
    public static long CountLiveHandles()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Backend.LiveHandles;
    }

    public static CnnModel NewModel(string architecture, ulong seed = 0)
    {
        Architecture known = Catalog.Get(architecture);
        return CnnModel.Create(Backend, known.Name, known.Build(Data.ImageShape, Data.Classes), seed, Device.Cpu);
    }

    public static EpochRecord[] Train(
        CnnModel model, TrainingOptions options, TrainingFiles? files = null, TrainingCheckpoint? resumeFrom = null) =>
        [.. new TrainingLoop(model, Data, Data.Normalization, options, files ?? TrainingFiles.None, resumeFrom)
            .Run(CancellationToken.None).OfType<EpochRecord>()];

    public static float[] WeightsOf(CnnModel model) =>
        [.. model.Graph.Weights.SelectMany(w => Values(model, w.Name))];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static float[] Values(CnnModel model, string name)
    {
        Tensor tensor = model.Weights[name];
        float[] values = new float[tensor.Count];
        Backend.Read(tensor, values);
        return values;
    }

    /// <summary>1x28x28 images of one bright stripe, whose height is the class.</summary>
    private static Dataset Stripes(int train, int test)
    {
        RandomStream random = new(1, "stripes");
        return new Dataset(
            "Stripes", Split(train), Split(test), [.. Enumerable.Range(0, 10).Select(c => $"row {c}")],
            new Normalization([0.1f], [0.3f]));

        ImageSet Split(int count)
        {
            byte[] pixels = new byte[count * 28 * 28];
            int[] labels = [.. Enumerable.Range(0, count).Select(i => i % 10)];
            for (int i = 0; i < count; i++)
            {
                Span<byte> image = pixels.AsSpan(i * 28 * 28, 28 * 28);
                for (int p = 0; p < image.Length; p++)
                {
                    bool inStripe = p / 28 / 2 == labels[i] + 2;
                    image[p] = (byte)(random.NextInt32(60) + (inStripe ? 180 : 0));
                }
            }

            return new ImageSet(pixels, labels, new Shape(1, 28, 28));
        }
    }
}
