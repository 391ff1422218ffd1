using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Weights;

/// <summary>Writes a model in any of the formats.</summary>
public static class ModelExport
{
    /// <summary>The format that a file of this name has by custom.</summary>
    public static ModelFormat FormatFor(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".PTH" or ".PT" => ModelFormat.PyTorch,
        ".ONNX" => ModelFormat.Onnx,
        ".JSON" => ModelFormat.Json,
        _ => ModelFormat.Safetensors,
    };

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void Write(CnnModel model, string path, ModelFormat format)
    {
        switch (format)
        {
            case ModelFormat.PyTorch:
                PyTorchWriter.Write(path, StateDictOf(model));
                break;
            case ModelFormat.Onnx:
                OnnxFile.Write(model, path);
                break;
            case ModelFormat.Json:
                NetworkFile.Write(path, new(model.Name, model.Graph));
                break;
            default:
                ModelFile.Write(model, path);
                break;
        }
    }

    /// <summary>The weights as PyTorch's modules have them: batch norm counts its batches too.</summary>
    private static IEnumerable<SafetensorsTensor> StateDictOf(CnnModel model)
    {
        HashSet<string> last = [.. model.Graph.Nodes
            .Where(n => n.Layer is BatchNorm2d && n.SharedWith is null).Select(n => $"{n.Name}.running_var")];
        foreach (string name in model.Weights.Names)
        {
            yield return ModelFile.ToTensor(model.Backend, name, model.Weights[name]);
            if (last.Contains(name))
            {
                yield return SafetensorsTensor.FromInt64s($"{name[..^"running_var".Length]}{WeightMatch.BatchCount}", [], new long[1]);
            }
        }
    }
}
