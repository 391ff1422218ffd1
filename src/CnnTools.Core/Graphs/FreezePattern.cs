namespace CnnTools.Graphs;

/// <summary>A user's word for what is to be frozen: a weight, a layer, or a block of layers, with wildcards.</summary>
/// <param name="Text">As it was typed.</param>
/// <param name="Matches">Whether it means a name, such as layer1, layer1.0.conv1 or layer1.0.conv1.weight.</param>
public sealed record FreezePattern(string Text, Predicate<string> Matches)
{
    /// <summary>The names of the weights, buffers included, that the patterns mean.</summary>
    /// <exception cref="CnnException">One of them means none; names what is near.</exception>
    internal static IReadOnlySet<string> Find(Graph graph, IReadOnlyList<FreezePattern> patterns)
    {
        string[] weights = [.. graph.Weights.Select(w => w.Name)];
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (FreezePattern pattern in patterns)
        {
            string[] meant = [.. weights.Where(name => WithOwners(name).Any(pattern.Matches.Invoke))];
            found.UnionWith(meant.Length > 0
                ? meant
                : throw Errors.NothingToFreeze(pattern.Text, [.. weights.SelectMany(WithOwners).Distinct()]));
        }

        return found;
    }

    /// <summary>layer1.0.weight: layer1, layer1.0, layer1.0.weight.</summary>
    private static IEnumerable<string> WithOwners(string name)
    {
        for (int dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }

        yield return name;
    }
}
