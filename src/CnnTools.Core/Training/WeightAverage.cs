using CnnTools.Backends;
using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>
/// The exponential moving average of a model's weights, which is what is evaluated, saved and left in the model in the end.
/// Within an epoch the running statistics of batch norms are averaged alike, as timm does; at its end they are computed anew.
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly IBackend _backend;
    private readonly CnnModel _model;
    private readonly double _decay;
    private readonly string[] _names;
    private readonly Tensor[] _trained;
    private readonly Tensor[] _averages;

    /// <param name="model">It has been moved to the device, and stays there.</param>
    public WeightAverage(IBackend backend, CnnModel model, double decay)
    {
        (_backend, _model, _decay) = (backend, model, decay);
        Weights = CopyOf(backend, model);
        _names = [.. model.Weights.Names.Where(name => !model.Weights.Frozen.Contains(name))];
        _trained = [.. _names.Select(name => model.Weights[name])];
        _averages = [.. _names.Select(name => Weights[name])];
    }

    /// <summary>The averages under the weights' names; frozen ones are as they are.</summary>
    public ModelWeights Weights { get; }

    /// <summary>What is trained on, by name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Trained => _names.Zip(_trained);

    /// <summary>Takes in the weights after a step; the first ones as they are.</summary>
    /// <param name="step">From 1.</param>
    public void Update(long step) => _backend.Average(_averages, _trained, step == 1 ? 0 : _decay);

    /// <summary>Computes the statistics that batch norms have with the averages; those that are trained on stay as they are.</summary>
    public void RecalibrateBatchNorms(IBatchSource images, ReadOnlyMemory<long> order, int batchSize, CancellationToken stop) =>
        BatchNormRecalibration.Run(_model, Weights, images, order, batchSize, stop);

    /// <summary>Makes the averages the model's weights.</summary>
    public void Leave() => _backend.Average(_trained, _averages, decay: 0);

    /// <summary>Makes the model's weights the averages, before those that were trained on come back.</summary>
    public void Begin() => _backend.Average(_averages, _trained, decay: 0);

    public void Dispose() => Weights.Dispose();

    private static ModelWeights CopyOf(IBackend backend, CnnModel model)
    {
        Dictionary<string, float[]> values = model.Weights.Read(backend).ToDictionary(w => w.Name, w => w.Values, StringComparer.Ordinal);
        ModelWeights copy = ModelWeights.Create(backend, model.Graph, model.Device, (name, _) => values[name]);
        copy.Freeze(backend, model.Weights.Frozen);
        return copy;
    }
}
