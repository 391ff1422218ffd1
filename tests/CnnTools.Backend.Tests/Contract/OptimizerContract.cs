using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Optimizer steps, against three steps of torch.optim with the same gradients.</summary>
public sealed class OptimizerContract : BackendContract
{
    private static readonly float[] Start = [0.5f, -1, 2, 0];

    private static readonly float[][] Gradients =
    [
        [0.1f, -0.2f, 0.3f, 0.4f],
        [-0.3f, 0.1f, 0, 0.2f],
        [0.05f, 0.5f, -0.25f, -1],
    ];

    [Theory]
    [InlineData(0, false, 0, new[] { 0.515000045f, -1.03999996f, 1.995f, 0.0399999991f })]
    [InlineData(0, false, 0.05, new[] { 0.507487178f, -1.02522433f, 1.96544909f, 0.040498998f })]
    [InlineData(0.9, false, 0, new[] { 0.524900019f, -1.01479995f, 1.94370008f, -0.0463999994f })]
    [InlineData(0.9, true, 0.05, new[] { 0.51743263f, -1.01426768f, 1.86607325f, 0.000653754862f })]
    public void Sgd(double momentum, bool nesterov, double weightDecay, float[] expected) =>
        AssertThreeSteps(expected, (p, s) => Backend.SgdStep(
            p, momentum == 0 ? [] : s.First, new SgdStep(0.1, momentum, nesterov, weightDecay)));

    [Theory]
    [InlineData(0.9, 0.999, 1e-8, 0, false, new[] { 0.497716904f, -0.99232918f, 1.98341393f, -0.0164289158f })]
    [InlineData(0.8, 0.95, 1e-6, 0.1, false, new[] { 0.493624479f, -0.986616671f, 1.97543657f, -0.0154689942f })]
    [InlineData(0.9, 0.999, 1e-8, 0.1, true, new[] { 0.496233463f, -0.989354908f, 1.97744679f, -0.0163996052f })]
    public void Adam(double beta1, double beta2, double epsilon, double weightDecay, bool decoupled, float[] expected) =>
        AssertThreeSteps(expected, (p, s) => Backend.AdamStep(
            p, s.First, s.Second, new AdamStep(0.01, beta1, beta2, epsilon, weightDecay, decoupled, s.Number)));

    [Theory]
    [InlineData(0.99, 1e-8, 0, 0, new[] { 0.479214102f, -1.0363251f, 1.96439779f, -0.0534775779f })]
    [InlineData(0.9, 1e-6, 0.1, 0.5, new[] { 0.475411415f, -0.971492946f, 1.93008816f, -0.0478505082f })]
    public void RmsProp(double alpha, double epsilon, double weightDecay, double momentum, float[] expected) =>
        AssertThreeSteps(expected, (p, s) => Backend.RmsPropStep(
            p, s.First, momentum == 0 ? [] : s.Second, new RmsPropStep(0.01, alpha, epsilon, weightDecay, momentum)));

    [Fact]
    public void Averages()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        (Tensor average, Tensor values) = (Make([1, 3], 2), Make([2, 3], 2));
        Backend.Average([average], [values], decay: 0.75);
        AssertValues([1.25f, 3], average);
        Backend.Average([average], [values], decay: 0);
        AssertValues([2, 3], average);
        AssertFails("BackendFailed", () => Backend.Average([average], [], decay: 0.5));
        AssertFails("BackendFailed", () => Backend.Average([average], [values], decay: 1));
    }

    [Fact]
    public void Parameters_without_gradients_stay()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        (Tensor used, Tensor unused) = (Make([1], 1, 1), Make([1], 1, 1));
        Backend.RequireGradient(used, required: true);
        Backend.RequireGradient(unused, required: true);
        Backend.Backward(Backend.Linear(Make([1], 1, 1), used, null));
        Backend.SgdStep([unused, used], [], new SgdStep(0.5, 0, false, 0.1));
        AssertValues([1], unused);
        AssertValues([0.45f], used);
    }

    [Fact]
    public void State_that_does_not_fit_is_an_error()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        Tensor p = Make([1, 2], 1, 2);
        SgdStep step = new(0.1, 0.9, false, 0);
        AssertFails("BackendFailed", () => Backend.SgdStep([p], [], step));
        AssertFails("BackendFailed", () => Backend.SgdStep([p], [Backend.Zeros([3], Device.Cpu)], step));
    }

    /// <summary>A parameter, its gradient and its state may lie in memory in different orders.</summary>
    [Fact]
    public void Layouts_may_differ()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        float[] Train(MemoryLayout parameterLayout, MemoryLayout stateLayout, Action<Tensor, Tensor, Tensor, int> update)
        {
            Tensor weight = Backend.Copy(MakeRamp([4, 3, 3, 3]), Device.Cpu, parameterLayout);
            Tensor first = Backend.Copy(Backend.Zeros([4, 3, 3, 3], Device.Cpu), Device.Cpu, stateLayout);
            Tensor second = Backend.Copy(first, Device.Cpu, stateLayout);
            Backend.RequireGradient(weight, required: true);
            for (int i = 1; i <= 3; i++)
            {
                Tensor x = Backend.Copy(MakeRamp([2, 3, 5, 5], shift: i), Device.Cpu, parameterLayout);
                Tensor logits = Backend.AdaptiveAvgPool2d(
                    Backend.Conv2d(x, weight, null, new ConvolutionGeometry(1, 0, 1, 1)), 1);
                Backend.Backward(Backend.CrossEntropy(Backend.Flatten(logits), Labels(0, 2)));
                update(weight, first, second, i);
                Backend.ClearGradients([weight]);
            }

            return Values(weight);
        }

        Action<Tensor, Tensor, Tensor, int>[] updates =
        [
            (p, a, _, _) => Backend.SgdStep([p], [a], new SgdStep(0.1, 0.9, Nesterov: true, 0.01)),
            (p, _, _, _) => Backend.SgdStep([p], [], new SgdStep(0.1, 0, Nesterov: false, 0.01)),
            (p, a, b, i) => Backend.AdamStep([p], [a], [b], new AdamStep(0.01, 0.9, 0.99, 1e-6, 0.01, false, i)),
            (p, a, b, i) => Backend.AdamStep([p], [a], [b], new AdamStep(0.01, 0.9, 0.99, 1e-6, 0.01, true, i)),
            (p, a, _, _) => Backend.RmsPropStep([p], [a], [], new RmsPropStep(0.01, 0.9, 1e-6, 0.01, 0)),
            (p, a, b, _) => Backend.RmsPropStep([p], [a], [b], new RmsPropStep(0.01, 0.9, 1e-6, 0.01, 0.5)),
        ];
        foreach (Action<Tensor, Tensor, Tensor, int> update in updates)
        {
            float[] expected = Train(MemoryLayout.Contiguous, MemoryLayout.Contiguous, update);
            AssertClose(expected, Train(MemoryLayout.ChannelsLast, MemoryLayout.ChannelsLast, update), 1e-4f);
            AssertClose(expected, Train(MemoryLayout.ChannelsLast, MemoryLayout.Contiguous, update), 1e-4f);
        }
    }

    [Fact]
    public void The_thread_count_changes_no_bit()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        const int count = 200_003;
        float[] Step(int threads)
        {
            Backend.Threads = threads;
            (Tensor p, Tensor a, Tensor b) = (
                MakeRamp([1, count]), Backend.Zeros([1, count], Device.Cpu), Backend.Zeros([1, count], Device.Cpu));
            Backend.RequireGradient(p, required: true);
            Backend.Backward(Backend.Linear(MakeRamp([1, count], shift: 7), p, null));
            Backend.AdamStep([p], [a], [b], new AdamStep(0.01, 0.9, 0.999, 1e-8, 0.1, false, 1));
            return Values(p);
        }

        try
        {
            Assert.Equal(Step(1), Step(2));
        }
        finally
        {
            Backend.Threads = 1;
        }
    }

    private static void AssertThreeSteps(float[] expected, Action<Tensor[], (Tensor[] First, Tensor[] Second, int Number)> update)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        Tensor[] parameters = [Make(Start, 1, 4)];
        Tensor[] first = [Backend.Zeros([1, 4], Device.Cpu)];
        Tensor[] second = [Backend.Zeros([1, 4], Device.Cpu)];
        Backend.RequireGradient(parameters[0], required: true);
        for (int i = 0; i < Gradients.Length; i++)
        {
            // Of a linear layer with one output, the weight's gradient is the input.
            Backend.Backward(Backend.Linear(Make(Gradients[i], 1, 4), parameters[0], null));
            update(parameters, (first, second, i + 1));
            Backend.ClearGradients(parameters);
        }

        AssertValues(expected, parameters[0], 3e-7f);
    }
}
