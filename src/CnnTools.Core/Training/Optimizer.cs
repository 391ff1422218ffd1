using CnnTools.Backends;
using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>
/// An update rule with its state, one tensor of each kind for each parameter. The rules are torch.optim's, fused over
/// all parameters by the backend.
/// </summary>
public abstract class Optimizer(IBackend backend, ModelWeights weights, TrainingOptions options) : IDisposable
{
    private readonly Group[] _groups = options.DecayWeightsOnly
        ?
        [
            new(options.EffectiveWeightDecay, IndicesWhere(weights, parameter => parameter.Sizes.Count > 1)),
            new(0, IndicesWhere(weights, parameter => parameter.Sizes.Count <= 1)),
        ]
        : [new(options.EffectiveWeightDecay, Indices: null)];

    private readonly List<(string Kind, Tensor[] Tensors)> _state = [];

    protected IBackend Backend => backend;

    protected TrainingOptions Options => options;

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
        foreach (Group group in _groups)
        {
            Update(group, weights.Parameters, pace);
        }

        Backend.ClearGradients(weights.Parameters);
    }

    public void Dispose()
    {
        foreach (Tensor tensor in _state.SelectMany(s => s.Tensors))
        {
            tensor.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract void Update(Group group, IReadOnlyList<Tensor> parameters, Pace pace);

    /// <summary>A state tensor of zeros for each parameter; none of them where it is not needed.</summary>
    protected Tensor[] NewState(string kind, bool needed = true)
    {
        Tensor[] tensors = needed ? [.. weights.Parameters.Select(p => Backend.Zeros([.. p.Sizes], p.Device))] : [];
        _state.Add((kind, tensors));
        return tensors;
    }

    private static int[] IndicesWhere(ModelWeights weights, Func<Tensor, bool> holds) =>
        [.. Enumerable.Range(0, weights.Parameters.Count).Where(i => holds(weights.Parameters[i]))];

    /// <summary>Parameters with a weight decay of their own.</summary>
    /// <param name="Indices">Which ones; null is all.</param>
    protected sealed record Group(double WeightDecay, int[]? Indices)
    {
        /// <summary>The group's part of the parameters, or of a state that there is for each of them or for none.</summary>
        public IReadOnlyList<Tensor> Of(IReadOnlyList<Tensor> all) =>
            Indices is null || all.Count == 0 ? all : [.. Indices.Select(i => all[i])];
    }

    private sealed class Sgd : Optimizer
    {
        private readonly Tensor[] _momentum;

        public Sgd(IBackend backend, ModelWeights weights, TrainingOptions options)
            : base(backend, weights, options)
        {
            _momentum = NewState("momentum", options.HasMomentum);
        }

        protected override void Update(Group group, IReadOnlyList<Tensor> parameters, Pace pace) =>
            Backend.SgdStep(group.Of(parameters), group.Of(_momentum),
                new(pace.LearningRate, pace.Momentum ?? Options.Momentum, Options.Nesterov, group.WeightDecay));
    }

    private sealed class Adam : Optimizer
    {
        private readonly bool _decoupled;
        private readonly Tensor[] _first;
        private readonly Tensor[] _second;

        public Adam(IBackend backend, ModelWeights weights, TrainingOptions options, bool decoupled)
            : base(backend, weights, options)
        {
            _decoupled = decoupled;
            _first = NewState("first-moment");
            _second = NewState("second-moment");
        }

        protected override void Update(Group group, IReadOnlyList<Tensor> parameters, Pace pace) =>
            Backend.AdamStep(group.Of(parameters), group.Of(_first), group.Of(_second),
                new(pace.LearningRate, pace.Momentum ?? 0.9, 0.999, 1e-8, group.WeightDecay, _decoupled, StepNumber));
    }

    private sealed class RmsProp : Optimizer
    {
        private readonly Tensor[] _squares;
        private readonly Tensor[] _momentum;

        public RmsProp(IBackend backend, ModelWeights weights, TrainingOptions options)
            : base(backend, weights, options)
        {
            _squares = NewState("square-average");
            _momentum = NewState("momentum", options.HasMomentum);
        }

        protected override void Update(Group group, IReadOnlyList<Tensor> parameters, Pace pace) =>
            Backend.RmsPropStep(group.Of(parameters), group.Of(_squares), group.Of(_momentum),
                new(pace.LearningRate, 0.99, 1e-8, group.WeightDecay, pace.Momentum ?? Options.Momentum));
    }
}
