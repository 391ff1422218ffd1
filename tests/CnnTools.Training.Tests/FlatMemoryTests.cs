using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Training;
using Xunit.Abstractions;

namespace CnnTools.Tests;

/// <summary>Memory grows neither with the steps taken nor with the models dropped.</summary>
public sealed class FlatMemoryTests(ITestOutputHelper output)
{
    private static readonly IBackend Backend = Fixtures.Backend;

    [Fact]
    public void Resident_memory_is_flat_from_step_2000_to_20000_and_all_handles_come_back()
    {
        const int first = 2000;
        const int last = 20_000;
        using CnnModel model = Fixtures.NewModel("LeNet5");
        TrainingOptions options = new()
        {
            Epochs = last * 2 / Fixtures.Data.Train.Count,
            BatchSize = 2,
            TestEvery = 20,
            Threads = 1,
        };
        long handles = Fixtures.CountLiveHandles();
        long step = 0;
        Dictionary<long, long> resident = [];
        TrainingLoop loop = new(
            model, Fixtures.Data, Fixtures.Data.Normalization, options, Runs.TrainingFiles.None, onStep: _ =>
            {
                if (++step is first or last)
                {
                    resident[step] = ResidentMemory();
                }
            });

        Assert.Equal(options.Epochs, loop.Run(CancellationToken.None).Count());
        output.WriteLine($"step {first}: {resident[first] / 1e6:F1} MB, step {last}: {resident[last] / 1e6:F1} MB");
        Assert.Equal(handles, Backend.LiveHandles);
        Assert.InRange(resident[last], 1, resident[first] * 1.05);
    }

    [Fact]
    public void A_hundred_models_made_and_dropped_do_not_pile_up()
    {
        MakeAndDrop(10);
        long before = ResidentMemory();
        long handles = Fixtures.CountLiveHandles();

        // 55 MB each: 5.5 GB, were they to pile up.
        long peak = MakeAndDrop(100);

        output.WriteLine($"{before / 1e6:F0} MB before, {peak / 1e6:F0} at the most, {ResidentMemory() / 1e6:F0} after");
        Assert.InRange(peak - before, long.MinValue, 2_000_000_000);
        Assert.InRange(ResidentMemory() - before, long.MinValue, 100_000_000);
        Assert.InRange(Backend.LiveHandles, 0, handles);

        // Nobody disposes at a prompt.
        static long MakeAndDrop(int count)
        {
            Zoo.Architecture network = Zoo.Catalog.Get("ImageClassificationOptimised");
            Graph graph = network.Build(network.Input, network.Classes);
            long peak = 0;
            for (int i = 0; i < count; i++)
            {
                _ = ModelWeights.Create(Backend, graph, Device.Cpu, (_, spec) => new float[spec.Count]);
                peak = Math.Max(peak, Environment.WorkingSet);
            }

            return peak;
        }
    }

    /// <summary>After a collection: how full the collector lets its youngest generation become is not the question.</summary>
    private static long ResidentMemory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
