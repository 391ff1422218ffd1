using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Training;

namespace CnnTools.Bench;

/// <summary>
/// One augmentation of images of 32x32, normalisation included: torchvision's transform image by image, ours on whole batches.
/// </summary>
/// <param name="Spec">As -Augmentation takes it.</param>
/// <param name="Transform">The name under which bench/pytorch/augmentation.py has the same.</param>
internal sealed record AugmentationCase(string Spec, string Transform)
    : PyTorchCase($"augment-{Transform}", $"'{Spec}' on colour images of 32x32, batch {Batch}")
{
    private const int Batch = 128;
    private const int Batches = 16;

    public override string Unit => "images";

    public override string ValueName => "mean of the last batch";

    public override (Dataset Dataset, ImageSet Images) LoadData(BenchData data)
    {
        Dataset dataset = BenchData.Colours(Batch * Batches);
        return (dataset, dataset.Train);
    }

    public override PyTorchSetup PyTorch => new($"augment {Transform}", "SimpleCnn", Batch);

    public override (int Calls, double Count) PyTorchRound => (Batches, Batch * Batches);

    public override ISide CreateOurs(IBackend backend, Dataset dataset) => new Ours(backend, dataset.Train, Spec);

    private sealed class Ours(IBackend backend, ImageSet images, string spec) : ISide
    {
        private readonly ResidentSplit _split = new(backend, images, BenchData.Normalization, Device.Cpu);
        private readonly AugmentationPlan _plan = AugmentationPlan.Parse([spec], images.ImageShape, seed: 0)!;
        private readonly IDisposable _threads = ThreadCount.Use(backend, 1);
        private readonly float[] _last = new float[Batch * images.ImageShape.Count];
        private int _epoch;

        public Round Run()
        {
            RoundClock clock = RoundClock.Start();
            _epoch++;
            long[] indices = new long[Batch];
            for (int batch = 0; batch < Batches; batch++)
            {
                for (int i = 0; i < Batch; i++)
                {
                    indices[i] = (batch * Batch) + i;
                }

                using ITensorScope scope = backend.BeginScope(recordGradients: false);
                (Tensor gathered, _) = _split.Gather(indices, MemoryLayout.ChannelsLast, _plan.For(_epoch, batch));
                if (batch == Batches - 1)
                {
                    backend.Read(gathered, _last);
                }
            }

            return clock.Stop(Batch * Batches, _last.Average());
        }

        public void Dispose()
        {
            _threads.Dispose();
            _split.Dispose();
        }
    }
}
