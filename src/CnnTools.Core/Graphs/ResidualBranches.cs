using System.Collections.Immutable;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>
/// Finds where a branch joins its shortcut, and lets a training drop branches there. The branch is the side that is computed
/// from the other, or, where the shortcut is a projection, the one with more convolutions.
/// </summary>
internal static class ResidualBranches
{
    /// <summary>The same network with a <see cref="StochasticDepth"/> at the end of each residual branch.</summary>
    /// <param name="probability">Of the last branch being dropped; of the l-th of L it is l/L of that.</param>
    /// <param name="uniform">Whether it is the same for all instead.</param>
    /// <exception cref="CnnException">There is no residual branch.</exception>
    public static Graph WithStochasticDepth(Graph graph, string model, double probability, bool uniform)
    {
        Dictionary<string, string> branches = Find(graph);
        if (branches.Count == 0)
        {
            throw Errors.NoResidualBranches(model);
        }

        ImmutableArray<Node>.Builder nodes = ImmutableArray.CreateBuilder<Node>(graph.Nodes.Length + branches.Count);
        int block = 0;
        foreach (Node node in graph.Nodes)
        {
            if (!branches.TryGetValue(node.Name, out string? branch))
            {
                nodes.Add(node);
                continue;
            }

            block++;
            string name = $"{node.Name}.stochastic_depth";
            nodes.Add(new(name, new StochasticDepth(uniform ? probability : probability * block / branches.Count), [branch]));
            nodes.Add(node with { Inputs = [.. node.Inputs.Select(input => input == branch ? name : input)] });
        }

        return new(graph.InputShape, nodes.DrainToImmutable(), graph.Output, graph.Auxiliary);
    }

    /// <summary>The branch's last node by the name of the sum in which it joins its shortcut.</summary>
    private static Dictionary<string, string> Find(Graph graph)
    {
        Dictionary<string, ImmutableHashSet<string>> sources = new(StringComparer.Ordinal) { [Graph.InputName] = [Graph.InputName] };
        HashSet<string> convolutions = new(graph.Nodes.Where(n => n.Layer is Conv2d).Select(n => n.Name), StringComparer.Ordinal);
        Dictionary<string, string> branches = new(StringComparer.Ordinal);
        foreach (Node node in graph.Nodes)
        {
            sources.Add(node.Name, node.Inputs.Select(input => sources[input]).Aggregate((all, some) => all.Union(some)).Add(node.Name));
            if (node is { Layer: Add, Inputs: [{ } left, { } right] })
            {
                int more = Convolutions(left, right) - Convolutions(right, left);
                if (more != 0)
                {
                    branches.Add(node.Name, more > 0 ? left : right);
                }
            }
        }

        return branches;

        int Convolutions(string of, string without) => sources[of].Except(sources[without]).Count(convolutions.Contains);
    }
}
