using CnnTools.Backends;

namespace CnnTools.LibTorch.Tests;

/// <summary>Core's optimizer loops, which other backends use, against those of src/native: the same bits.</summary>
public sealed class OptimizerLoopTests
{
    private const int Count = 1003; // fills no vector at the end
    private const int Steps = 5;

    private static readonly IBackend Backend = LibTorchBackend.Load();

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0, false, 5e-4)]
    [InlineData(0.9, false, 5e-4)]
    [InlineData(0.9, true, 5e-4)]
    public void Sgd(double momentum, bool nesterov, double decay)
    {
        SgdStep step = new(0.05, momentum, nesterov, decay);
        AssertSame(
            momentum == 0 ? 0 : 1,
            (parameter, states, _) => Backend.SgdStep([parameter], states, step),
            (parameter, gradient, first, _, _) => OptimizerLoops.Sgd(parameter, gradient, first, step));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1e-2)]
    [InlineData(true, 1e-2)]
    public void Adam(bool decoupled, double decay) => AssertSame(
        2,
        (parameter, states, number) => Backend.AdamStep([parameter], [states[0]], [states[1]], Step(decoupled, decay, number)),
        (parameter, gradient, first, second, number) =>
            OptimizerLoops.Adam(parameter, gradient, first, second, Step(decoupled, decay, number)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.9, 1e-2)]
    public void RmsProp(double momentum, double decay)
    {
        RmsPropStep step = new(0.01, 0.99, 1e-8, decay, momentum);
        AssertSame(
            momentum == 0 ? 1 : 2,
            (parameter, states, _) => Backend.RmsPropStep([parameter], [states[0]], [.. states.Skip(1)], step),
            (parameter, gradient, first, second, _) => OptimizerLoops.RmsProp(parameter, gradient, first, second, step));
    }

    private static AdamStep Step(bool decoupled, double decay, int number) => new(0.01, 0.9, 0.999, 1e-8, decay, decoupled, number);

    private static void AssertSame(int states, Action<Tensor, Tensor[], int> native, ManagedStep managed)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        RandomStream random = new(1, "optimizer loops");
        float[] values = Values(random), factors = Values(random);
        float[] first = new float[states > 0 ? Count : 0], second = new float[states > 1 ? Count : 0];
        Tensor parameter = Backend.FromFloats(values, [Count], Device.Cpu), weights = Backend.FromFloats(factors, [Count], Device.Cpu);
        Tensor[] kept = [.. Enumerable.Range(0, states).Select(_ => Backend.Zeros([Count], Device.Cpu))];
        Backend.RequireGradient(parameter, required: true);
        for (int number = 1; number <= Steps; number++)
        {
            Backend.ClearGradients([parameter]);
            Backend.Backward(Backend.Mean(Backend.Multiply(Backend.Multiply(parameter, parameter), weights), 0));
            float[] gradient = Read(Backend.GetGradient(parameter)!);
            native(parameter, kept, number);
            managed(values, gradient, first, second, number);
            Assert.Equal(Read(parameter), values);
        }
    }

    private static float[] Values(RandomStream random) => [.. Enumerable.Range(0, Count).Select(_ => (random.NextInt32(2001) - 1000) / 500f)];

    private static float[] Read(Tensor tensor)
    {
        float[] values = new float[Count];
        Backend.Read(tensor, values);
        return values;
    }

    private delegate void ManagedStep(Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, int number);
}
