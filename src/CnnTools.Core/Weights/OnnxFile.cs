using System.Globalization;
using System.Text;
using System.Text.Json;
using CnnTools.Graphs;
using CnnTools.Runs;

namespace CnnTools.Weights;

/// <summary>
/// A network in evaluation as an ONNX model: from a batch of N normalised images, whatever N, to its output. Nodes and
/// weights have their own names; dropout and auxiliary outputs are not in it. How pixels are normalised, the number of
/// classes and the architecture stand in its metadata.
/// </summary>
public static class OnnxFile
{
    /// <summary>Creates or replaces a file, whole or not at all.</summary>
    /// <exception cref="CnnException">
    /// A layer has no counterpart in ONNX, the model sees whitened images or would be larger than the format holds, or the
    /// file cannot be written.
    /// </exception>
    public static void Write(CnnModel model, string path)
    {
        if (model.Normalization?.Whitening is not null)
        {
            throw Errors.WhiteningNotInOnnx(model.Name);
        }

        Write(model.Graph, model.Name, Metadata(model), path,
            (weight, name) => ModelFile.ToTensor(model.Backend, name, model.Weights[weight]));
    }

    /// <param name="readWeight">Gives the weight of the first name under the second one.</param>
    internal static void Write(
        Graph graph, string name, IReadOnlyDictionary<string, string> metadata, string path,
        Func<string, string, SafetensorsTensor> readWeight)
    {
        ProtobufMessage file;
        try
        {
            file = OnnxMessages.Model(new OnnxGraph(graph, readWeight).ToMessage(name), metadata);
        }
        catch (EncoderFallbackException)
        {
            throw Errors.NotUnicode(path, name);
        }

        // What Protocol Buffers allow for one message.
        if (file.Length > int.MaxValue)
        {
            throw Errors.OnnxTooLarge(path, name, file.Length);
        }

        AtomicFile.Write(path, file.WriteTo);
    }

    private static SortedDictionary<string, string> Metadata(CnnModel model)
    {
        SortedDictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["cnntools.name"] = model.Name,
            ["cnntools.architecture"] = model.Architecture,
            ["cnntools.classes"] = model.Classes.ToString(CultureInfo.InvariantCulture),
        };
        if (model.Normalization is not null)
        {
            metadata["cnntools.normalization"] = JsonSerializer.Serialize(model.Normalization, GraphJson.Options);
        }

        if (model.TrainedOn is not null)
        {
            metadata["cnntools.trainedOn"] = model.TrainedOn;
        }

        return metadata;
    }
}
