using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Bench;

/// <summary>The training steps of another case on all cores against the same on one; PyTorch has no part in it.</summary>
internal sealed record ThreadsCase(string Name, string Description, TrainingStepCase Steps) : BenchCase(Name, Description)
{
    public override string Unit => Steps.Unit;

    public override string ValueName => Steps.ValueName;

    public override string BaselineName => "One thread";

    public override string OursName => $"{Environment.ProcessorCount} threads";

    public override (Dataset Dataset, ImageSet Images) LoadData(BenchData data) => Steps.LoadData(data);

    public override ISide CreateBaseline(string interpreter, IBackend backend, Dataset dataset, ImageSet images) =>
        new OnThreads(backend, 1, Steps.CreateOurs(backend, dataset));

    public override ISide CreateOurs(IBackend backend, Dataset dataset) =>
        new OnThreads(backend, Environment.ProcessorCount, Steps.CreateOurs(backend, dataset));

    /// <summary>Changes the count past the trainings, which both have asked for one thread.</summary>
    private sealed class OnThreads : ISide
    {
        private readonly IBackend _backend;
        private readonly int _threads;
        private readonly ISide _side;

        public OnThreads(IBackend backend, int threads, ISide side)
        {
            (_backend, _threads, _side) = (backend, threads, side);
            side.Run(); // the training begins, and asks
        }

        public Round Run()
        {
            _backend.Threads = _threads;
            Round round = _side.Run();
            _backend.Threads = 1;
            return round;
        }

        public void Dispose() => _side.Dispose();
    }
}
