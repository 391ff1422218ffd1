namespace CnnTools.Weights;

/// <summary>Finds the weights in what torch.save was given: a state dict, or a checkpoint that has one in it.</summary>
internal static class StateDict
{
    /// <summary>What checkpoints usually call it; the first one counts where there are several.</summary>
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

        (string Name, PickleDictionary Value)[] inner =
        [
            .. from item in dictionary.Items
               where item.Key is string && item.Value is PickleDictionary value && TensorsOf(value).Count > 0
               select ((string)item.Key!, (PickleDictionary)item.Value!),
        ];
        return inner switch
        {
            [var only] => only.Value,
            [] when TensorsOf(dictionary).Count > 0 => dictionary,
            [] => throw new InvalidDataException("it holds no dictionary of tensors"),
            _ => UsualNames.Select(name => inner.LastOrDefault(i => i.Name == name).Value).FirstOrDefault(value => value is not null)
                ?? throw new InvalidDataException(
                    $"it holds several dictionaries of tensors ({Text.List(inner.Select(i => i.Name))}), and none is called {UsualNames[0]}"),
        };
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
