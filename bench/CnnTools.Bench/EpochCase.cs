using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.Bench;

/// <summary>
/// Whole epochs of training, each side as its users would: PyTorch through torchvision's data set, ToTensor and a
/// DataLoader, as the tutorials write it; ours through the training loop.
/// </summary>
internal sealed record EpochCase(string Name, string Description) : PyTorchCase(Name, Description)
{
    public override string Unit => "images";

    public override string ValueName => "loss";

    /// <summary>The name in the catalog and in networks.py.</summary>
    public required string Network { get; init; }

    /// <summary>Which loop of epochs.py.</summary>
    public required string PyTorchWork { get; init; }

    /// <summary>Images of an epoch.</summary>
    public required int Count { get; init; }

    public required TrainingOptions Options { get; init; }

    public required Func<BenchData, int, Dataset> Load { get; init; }

    public override (Dataset Dataset, ImageSet Images) LoadData(BenchData data)
    {
        Dataset dataset = Load(data, Count);
        return (dataset, dataset.Train);
    }

    public override PyTorchSetup PyTorch => new(PyTorchWork, Network, Options.BatchSize);

    public override (int Calls, double Count) PyTorchRound => (1, Count);

    public override ISide CreateOurs(IBackend backend, Dataset dataset)
    {
        Graph graph = Catalog.Get(Network).Build(dataset.ImageShape, dataset.Classes);
        TrainingOptions options = Options with { Epochs = int.MaxValue, TestEvery = 0, Threads = 1 };
        CnnModel model = CnnModel.Create(backend, Network, graph, options.Seed, options.Device);
        return new Ours(model, new TrainingLoop(model, dataset, BenchData.Normalization, options, TrainingFiles.None), Count);
    }

    private sealed class Ours(CnnModel model, TrainingLoop loop, int count) : ISide
    {
        private readonly IEnumerator<ITrainingRecord> _records = loop.Run(CancellationToken.None).GetEnumerator();

        public Round Run()
        {
            RoundClock clock = RoundClock.Start();
            _records.MoveNext();
            return clock.Stop(count, ((EpochRecord)_records.Current).TrainLoss);
        }

        public void Dispose()
        {
            _records.Dispose();
            model.Dispose();
        }
    }
}
