using CnnTools.Backends;
using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>
/// An update rule with its state, one tensor of each kind for each parameter. The rules are torch.optim's, fused over
/// all parameters by the backend.
/// </summary>
public abstract class Optimizer(IBackend backend, ModelWeights weights) : IDisposable
{
    private readonly List<(string Kind, Tensor[] Tensors)> _state = [];

    protected IBackend Backend => backend;

    protected IReadOnlyList<Tensor> Parameters => weights.Parameters;

    /// <summary>Steps taken so far.</summary>
    public long StepNumber { get; set; }

    /// <summary>The state under names that a checkpoint uses: momentum/conv1.weight.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> State =>
        from state in _state
        from pair in weights.ParameterNames.Zip(state.Tensors)
        select ($"{state.Kind}/{pair.First}", pair.Second);

    public static Optimizer Create(IBackend backend, ModelWeights weights, TrainingOptions options) =>
        options.Optimizer switch
        {
            OptimizerKind.SGD => new Sgd(backend, weights, options),
            OptimizerKind.Adam => new Adam(backend, weights, options, decoupled: false),
            OptimizerKind.AdamW => new Adam(backend, weights, options, decoupled: true),
            OptimizerKind.RMSprop => new RmsProp(backend, weights, options),
            _ => throw Errors.InvalidArgument(
                "Optimizer", options.Optimizer, $"one of {string.Join(", ", Enum.GetNames<OptimizerKind>())}"),
        };

    /// <summary>Moves every parameter by its gradient and clears the gradients.</summary>
    public void Step(Pace pace)
    {
        StepNumber++;
        Update(pace);
        Backend.ClearGradients(Parameters);
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _state.SelectMany(s => s.Tensors))
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract void Update(Pace pace);

    /// <summary>A state tensor of zeros for each parameter; none of them where it is not needed.</summary>
    protected Tensor[] NewState(string kind, bool needed = true)
    {
        Tensor[] tensors = needed ? [.. Parameters.Select(p => Backend.Zeros([.. p.Sizes], p.Device))] : [];
        _state.Add((kind, tensors));
        return tensors;
    }

    private sealed class Sgd : Optimizer
    {
        private readonly TrainingOptions _options;
        private readonly Tensor[] _momentum;

        public Sgd(IBackend backend, ModelWeights weights, TrainingOptions options)
            : base(backend, weights)
        {
            _options = options;
            _momentum = NewState("momentum", options.HasMomentum);
        }

        protected override void Update(Pace pace) =>
            Backend.SgdStep(Parameters, _momentum,
                new(pace.LearningRate, pace.Momentum ?? _options.Momentum, _options.Nesterov, _options.EffectiveWeightDecay));
    }

    private sealed class Adam : Optimizer
    {
        private readonly TrainingOptions _options;
        private readonly bool _decoupled;
        private readonly Tensor[] _first;
        private readonly Tensor[] _second;

        public Adam(IBackend backend, ModelWeights weights, TrainingOptions options, bool decoupled)
            : base(backend, weights)
        {
            _options = options;
            _decoupled = decoupled;
            _first = NewState("first-moment");
            _second = NewState("second-moment");
        }

        protected override void Update(Pace pace) =>
            Backend.AdamStep(Parameters, _first, _second,
                new(pace.LearningRate, pace.Momentum ?? 0.9, 0.999, 1e-8, _options.EffectiveWeightDecay, _decoupled, StepNumber));
    }

    private sealed class RmsProp : Optimizer
    {
        private readonly TrainingOptions _options;
        private readonly Tensor[] _squares;
        private readonly Tensor[] _momentum;

        public RmsProp(IBackend backend, ModelWeights weights, TrainingOptions options)
            : base(backend, weights)
        {
            _options = options;
            _squares = NewState("square-average");
            _momentum = NewState("momentum", options.HasMomentum);
        }

        protected override void Update(Pace pace) =>
            Backend.RmsPropStep(Parameters, _squares, _momentum,
                new(pace.LearningRate, 0.99, 1e-8, _options.EffectiveWeightDecay, pace.Momentum ?? _options.Momentum));
    }
}
