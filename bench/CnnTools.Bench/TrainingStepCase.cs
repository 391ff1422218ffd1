using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.Bench;

/// <summary>
/// Training steps, whole: gather the batch, forward, loss, backward, update, read the loss. Ours are the product's own
/// training loop, which yields a record every so many steps.
/// </summary>
internal sealed record TrainingStepCase(string Name, string Description) : PyTorchCase(Name, Description)
{
    public override string Unit => "steps";

    public override string ValueName => "loss";

    /// <summary>The name in the catalog and in networks.py.</summary>
    public required string Network { get; init; }

    /// <summary>Which loop of training.py.</summary>
    public required string PyTorchWork { get; init; }

    /// <summary>Steps of a round. An epoch is a whole number of rounds.</summary>
    public required int Steps { get; init; }

    public required int RoundsInEpoch { get; init; }

    public required TrainingOptions Options { get; init; }

    public required Func<BenchData, int, Dataset> Load { get; init; }

    public override (Dataset Dataset, ImageSet Images) LoadData(BenchData data)
    {
        Dataset dataset = Load(data, Steps * RoundsInEpoch * Options.BatchSize);
        return (dataset, dataset.Train);
    }

    public override PyTorchSetup PyTorch => new(PyTorchWork, Network, Options.BatchSize);

    public override (int Calls, double Count) PyTorchRound => (Steps, Steps);

    public override ISide CreateOurs(IBackend backend, Dataset dataset)
    {
        Graph graph = Catalog.Get(Network).Build(dataset.ImageShape, dataset.Classes);
        TrainingOptions options = Options with
        {
            Epochs = int.MaxValue,
            TestEvery = 0,
            LogEvery = Steps,
            Threads = 1,
        };
        CnnModel model = CnnModel.Create(backend, Network, graph, options.Seed, options.Device);
        return new Ours(model, new TrainingLoop(model, dataset, BenchData.Normalization, options, TrainingFiles.None), Steps);
    }

    private sealed class Ours(CnnModel model, TrainingLoop loop, int steps) : ISide
    {
        private readonly IEnumerator<ITrainingRecord> _records = loop.Run(CancellationToken.None).GetEnumerator();

        public Round Run()
        {
            RoundClock clock = RoundClock.Start();
            do
            {
                // At an epoch's end there is a record more; it belongs to the time, as the new permutation does.
                _records.MoveNext();
            }
            while (_records.Current is not StepRecord);

            return clock.Stop(steps, ((StepRecord)_records.Current).Loss);
        }

        public void Dispose()
        {
            _records.Dispose();
            model.Dispose();
        }
    }
}
