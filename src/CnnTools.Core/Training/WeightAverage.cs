using CnnTools.Backends;
using CnnTools.Graphs;

namespace CnnTools.Training;

/// <summary>
/// The exponential moving average of a model's weights, which is what is evaluated, saved and left in the model in the end.
/// The running statistics of batch norms are averaged alike, as timm does: no pass over the data is needed, and a training
/// that goes on has them to the bit.
/// </summary>
internal sealed class WeightAverage(IBackend backend, CnnModel model, double decay) : IDisposable
{
    private readonly string[] _names = [.. model.Weights.Names.Where(name => IsTrained(model, name))];

    /// <summary>The averages under the weights' names; frozen ones are as they are.</summary>
    public ModelWeights Weights { get; } = CopyOf(backend, model);

    /// <summary>What is trained on, by name.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Trained => _names.Select(name => (name, model.Weights[name]));

    /// <summary>Takes in the weights after a step; the first ones as they are.</summary>
    /// <param name="step">From 1.</param>
    public void Update(long step) => backend.Average(Of(Weights), Of(model.Weights), step == 1 ? 0 : decay);

    /// <summary>Makes the averages the model's weights.</summary>
    public void Leave() => backend.Average(Of(model.Weights), Of(Weights), decay: 0);

    /// <summary>Makes the model's weights the averages, before those that were trained on come back.</summary>
    public void Begin() => backend.Average(Of(Weights), Of(model.Weights), decay: 0);

    public void Dispose() => Weights.Dispose();

    private Tensor[] Of(ModelWeights weights) => [.. _names.Select(name => weights[name])];

    private static bool IsTrained(CnnModel model, string name) => !model.Weights.Frozen.Contains(name);

    private static ModelWeights CopyOf(IBackend backend, CnnModel model)
    {
        Dictionary<string, float[]> values = model.Weights.Read(backend).ToDictionary(w => w.Name, w => w.Values, StringComparer.Ordinal);
        return ModelWeights.Create(backend, model.Graph, model.Device, (name, _) => values[name]);
    }
}
