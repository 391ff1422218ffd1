namespace CnnTools.Weights;

/// <summary>Finds the weights in what torch.save was given: a state dict, or a checkpoint that has one in it.</summary>
internal static class StateDict
{
    /// <summary>What checkpoints usually call it; the first one counts where there are several, and before all else.</summary>
    private static readonly string[] UsualNames = ["state_dict", "model_state_dict", "model"];

    /// <summary>What DataParallel puts before all names.</summary>
    private const string ParallelPrefix = "module.";

    /// <exception cref="InvalidDataException">There is none, or it is not clear which.</exception>
    public static Dictionary<string, PyTorchTensor> Find(object? root)
    {
        Dictionary<string, PyTorchTensor> tensors = TensorsOf(Choose(root));
        return tensors.Keys.All(name => name.StartsWith(ParallelPrefix, StringComparison.Ordinal))
            ? tensors.ToDictionary(t => t.Key[ParallelPrefix.Length..], t => t.Value, StringComparer.Ordinal)
            : tensors;
    }

    private static PickleDictionary Choose(object? root)
    {
        if (root is not PickleDictionary dictionary)
        {
            throw new InvalidDataException("it holds no dictionary of tensors");
        }

        // Each dictionary is looked into once, however many names it has.
        Dictionary<PickleDictionary, int> known = new(ReferenceEqualityComparer.Instance);
        Dictionary<string, PickleDictionary> inner = new(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dictionary.Items)
        {
            if (key is string name && value is PickleDictionary found && CountOf(found) > 0)
            {
                inner[name] = found;
            }
        }

        // A checkpoint may have a tensor or two beside its state dict, and a state dict a dictionary among its tensors.
        return UsualNames.Select(inner.GetValueOrDefault).FirstOrDefault(value => value is not null)
            ?? (CountOf(dictionary) > inner.Values.Sum(value => (long)CountOf(value)) ? dictionary : inner.Count switch
            {
                1 => inner.Values.Single(),
                0 => throw new InvalidDataException("it holds no dictionary of tensors"),
                _ => throw new InvalidDataException(
                    $"it holds several dictionaries of tensors ({Text.List(inner.Keys)}), and none is called {UsualNames[0]}"),
            });

        int CountOf(PickleDictionary candidate)
        {
            if (!known.TryGetValue(candidate, out int count))
            {
                known[candidate] = count = candidate.Items.Count(item => item.Key is string && item.Value is PyTorchTensor);
            }

            return count;
        }
    }

    private static Dictionary<string, PyTorchTensor> TensorsOf(PickleDictionary dictionary)
    {
        Dictionary<string, PyTorchTensor> tensors = new(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dictionary.Items)
        {
            if (key is string name && value is PyTorchTensor tensor)
            {
                tensors[name] = tensor;
            }
        }

        return tensors;
    }
}
