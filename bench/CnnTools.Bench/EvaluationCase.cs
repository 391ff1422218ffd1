using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.Bench;

/// <summary>
/// Evaluation of a network on a whole split: PyTorch in the tutorial's batches, which gives the accuracy; ours through the
/// evaluator at its own batch size, which gives loss, accuracies and the confusion matrix.
/// </summary>
internal sealed record EvaluationCase(string Name, string Description) : PyTorchCase(Name, Description)
{
    private const int Count = 10_000;

    public override string Unit => "images";

    public override string ValueName => "accuracy";

    public override (Dataset Dataset, ImageSet Images) LoadData(BenchData data)
    {
        Dataset dataset = data.Digits(trainCount: 10, testCount: Count);
        return (dataset, dataset.Test);
    }

    public override PyTorchSetup PyTorch => new("evaluate", "SimpleCnn", 64);

    public override (int Calls, double Count) PyTorchRound => (1, Count);

    public override ISide CreateOurs(IBackend backend, Dataset dataset)
    {
        Graph graph = Catalog.Get("SimpleCnn").Build(dataset.ImageShape, dataset.Classes);
        return new Ours(backend, CnnModel.Create(backend, "SimpleCnn", graph, seed: 1, Device.Cpu), dataset);
    }

    private sealed class Ours(IBackend backend, CnnModel model, Dataset dataset) : ISide
    {
        private readonly ResidentSplit _split = new(backend, dataset.Test, BenchData.Normalization, Device.Cpu);
        private readonly IDisposable _threads = ThreadCount.Use(backend, 1);

        public Round Run()
        {
            RoundClock clock = RoundClock.Start();
            Evaluation evaluation = Evaluator.Evaluate(model, _split, dataset.Name, "Test", dataset.ClassNames);
            return clock.Stop(Count, evaluation.Accuracy);
        }

        public void Dispose()
        {
            _threads.Dispose();
            _split.Dispose();
            model.Dispose();
        }
    }
}
