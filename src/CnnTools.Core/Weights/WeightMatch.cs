using CnnTools.Graphs;

namespace CnnTools.Weights;

/// <summary>A weight that the network and the file have, with other sizes.</summary>
internal sealed record WeightDifference(string Name, IReadOnlyList<long> Expected, IReadOnlyList<long> Found);

/// <summary>A network's weights held against those of a file, name by name.</summary>
internal sealed class WeightMatch
{
    /// <summary>What PyTorch's batch norm has besides: how many batches it has seen. Nothing is computed from it.</summary>
    public const string BatchCount = "num_batches_tracked";

    /// <summary>What stands before the names of a checkpoint's other tensors.</summary>
    public const string TrainingPrefix = "training/";

    /// <summary>What stands before the names of tensors that images go through before they come to the network.</summary>
    public const string PreprocessingPrefix = "preprocessing/";

    private readonly string _path;
    private readonly Dictionary<string, IWeightEntry> _fitting = new(StringComparer.Ordinal);
    private readonly List<string> _missing = [];
    private readonly List<WeightDifference> _differing = [];

    public WeightMatch(IWeightFile file, Graph graph)
    {
        _path = file.Path;
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((string name, WeightSpec spec) in graph.Weights)
        {
            names.Add(name);
            if (file.Find(name) is not { } entry)
            {
                _missing.Add(name);
            }
            else if (entry.Shape.SequenceEqual(spec.Sizes))
            {
                _fitting.Add(name, entry);
            }
            else
            {
                _differing.Add(new(name, spec.Sizes, entry.Shape));
            }
        }

        Unexpected =
        [
            .. file.Tensors.Select(t => t.Name).Where(name => !names.Contains(name)
                && !name.EndsWith($".{BatchCount}", StringComparison.Ordinal)
                && !name.StartsWith(TrainingPrefix, StringComparison.Ordinal)
                && !name.StartsWith(PreprocessingPrefix, StringComparison.Ordinal)),
        ];
    }

    /// <summary>The file's tensors that are the network's, by name.</summary>
    public IReadOnlyDictionary<string, IWeightEntry> Fitting => _fitting;

    /// <summary>The network's weights that the file lacks or has with other sizes.</summary>
    public IEnumerable<string> Left => _missing.Concat(_differing.Select(d => d.Name));

    /// <summary>The file's tensors that the network has not.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <exception cref="CnnException">Something is missing, unexpected or of other sizes: lists all three.</exception>
    public WeightMatch RequireAll() => _missing.Count + _differing.Count + Unexpected.Count == 0
        ? this
        : throw Errors.WeightsDoNotFit(_path, _missing, Unexpected, _differing);

    /// <exception cref="CnnException">Not one weight fits: lists the same.</exception>
    public WeightMatch RequireAny() => _fitting.Count > 0
        ? this
        : throw Errors.WeightsDoNotFit(_path, _missing, Unexpected, _differing);
}
