using CnnTools.Backends;

namespace CnnTools.LibTorch.Tests;

public class SmokeTests
{
    [Fact]
    public void A_small_network_learns()
    {
        IBackend b = LibTorchBackend.Load();
        Assert.Equal(1, b.Threads);
        long before = b.LiveHandles;
        Random random = new(1);
        float[] Values(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)random.NextDouble() - 0.5f)];
        Tensor w1 = b.FromFloats(Values(4 * 1 * 9), [4, 1, 3, 3], Device.Cpu);
        Tensor w2 = b.FromFloats(Values(3 * 64), [3, 64], Device.Cpu);
        Tensor b2 = b.Zeros([3], Device.Cpu);
        Tensor[] parameters = [w1, w2, b2];
        foreach (Tensor t in parameters) { b.RequireGradient(t, true); }
        Tensor x = b.FromFloats(Values(6 * 100), [6, 1, 10, 10], Device.Cpu);
        Tensor y = b.FromIndices([0, 1, 2, 0, 1, 2], Device.Cpu);
        List<float> losses = [];
        for (int i = 0; i < 50; i++)
        {
            using ITensorScope scope = b.BeginScope(true);
            Tensor h = b.Conv2d(x, w1, null, new ConvolutionGeometry(1, 0, 1, 1));
            h = b.Activate(h, Activation.ReLU);
            h = b.MaxPool2d(h, new PoolingGeometry(2, 2, 0));
            Tensor loss = b.CrossEntropy(b.Linear(b.Flatten(h), w2, b2), y);
            losses.Add(b.ReadScalar(loss));
            b.Backward(loss);
            b.SgdStep(parameters, [], new SgdStep(0.1, 0, false, 0));
            b.ClearGradients(parameters);
        }
        Assert.True(losses[^1] < 0.5 * losses[0], string.Join(' ', losses));
        foreach (Tensor t in parameters) { t.Dispose(); }
        x.Dispose();
        y.Dispose();
        Assert.Equal(before, b.LiveHandles);
    }
}
