using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Training;

namespace CnnTools.Inspection;

/// <summary>
/// A pass in evaluation that remembers what layers give, and the gradients with respect to it. The model is in use
/// until it is disposed, and its weights have no gradient then.
/// </summary>
internal sealed class GradientPass : IDisposable
{
    private readonly CnnModel _model;
    private readonly Dictionary<string, Tensor> _outputs = new(StringComparer.Ordinal);
    private readonly IDisposable[] _leases;

    public GradientPass(CnnModel model, NetworkInput input, IReadOnlySet<string> layers)
    {
        _model = model;
        IBackend backend = model.Backend;
        IDisposable lease = model.Use("looking into its layers");
        IDisposable? threads = null;
        ITensorScope? scope = null;
        try
        {
            threads = ThreadCount.UseCurrentOr(backend, ThreadCount.ByRule(model.Graph, input.Samples, model.Device));
            scope = backend.BeginScope(recordGradients: true);
            Output = new GraphExecutor(backend, model.Graph, model.Weights)
                .Forward(input.ToTensor(backend, model.Device), PassMode.Evaluation, Take, layers);
            _leases = [scope, threads, lease];
        }
        catch
        {
            scope?.Dispose();
            threads?.Dispose();
            lease.Dispose();
            throw;
        }

        void Take(Node node, Tensor output)
        {
            if (layers.Contains(node.Name))
            {
                backend.RequireGradient(output, true);
                _outputs.Add(node.Name, output);
            }
        }
    }

    /// <summary>The network's output.</summary>
    public Tensor Output { get; }

    /// <summary>A layer's output.</summary>
    public Tensor this[string layer] => _outputs[layer];

    public void Backward(Tensor loss) => _model.Backend.Backward(loss);

    /// <summary>The gradient with respect to a layer's output; zeros where the loss does not hang on it.</summary>
    public Tensor GradientOf(string layer) => _model.Backend.GetGradient(_outputs[layer])
        ?? _model.Backend.Zeros([.. _outputs[layer].Sizes], _model.Device);

    public void Dispose()
    {
        _model.Backend.ClearGradients(_model.Weights.Parameters);
        foreach (IDisposable lease in _leases)
        {
            lease.Dispose();
        }
    }
}
