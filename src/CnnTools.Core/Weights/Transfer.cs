using CnnTools.Backends;
using CnnTools.Zoo;

namespace CnnTools.Weights;

/// <summary>What a transfer did.</summary>
/// <param name="Path">The file.</param>
/// <param name="Loaded">How many weights are now the file's.</param>
/// <param name="Fresh">The weights that stay as they were drawn: the file lacks them or has other sizes.</param>
/// <param name="Unused">The file's tensors that the network has not.</param>
public sealed record TransferReport(string Path, int Loaded, IReadOnlyList<string> Fresh, IReadOnlyList<string> Unused)
{
    /// <summary>Whether the network has all its weights from the file, and the file no others.</summary>
    public bool IsWhole => Fresh.Count + Unused.Count == 0;

    public override string ToString() =>
        $"{Loaded} weights are those of '{Path}'"
        + (Fresh.Count > 0 ? $"; {Fresh.Count} stay fresh ({Text.List(Fresh)})" : "")
        + (Unused.Count > 0 ? $"; {Unused.Count} of the file's are not the network's ({Text.List(Unused)})" : "") + ".";
}

/// <summary>Begins a network with what fits of another's weights, as for other classes: all but the head.</summary>
public static class Transfer
{
    /// <summary>Overwrites the model's weights with those of the file that have their names and sizes.</summary>
    /// <exception cref="CnnException">The file is not valid, none of its weights fits, or they are for another stem.</exception>
    public static TransferReport Load(CnnModel model, string path)
    {
        using IWeightFile file = WeightFile.Open(path);
        Stems.RequireSame(file, model.Graph);
        WeightMatch match = new WeightMatch(file, model.Graph).RequireAny();
        foreach ((string name, IWeightEntry entry) in match.Fitting)
        {
            Tensor weight = model.Weights[name];
            model.Backend.Write(weight, entry.ReadFloats());
        }

        return new(path, match.Fitting.Count, [.. match.Left], match.Unexpected);
    }
}
