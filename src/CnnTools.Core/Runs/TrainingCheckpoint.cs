using System.Text.Json;
using System.Text.Json.Serialization;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Runs;

/// <summary>
/// A training's whole state in one model file: besides the weights the optimizer's state, the generators' and the
/// position. Whoever wants the weights alone reads it as a model.
/// </summary>
public sealed class TrainingCheckpoint
{
    private const string TrainingKey = "cnntools.training";
    private const string OptimizerPrefix = WeightMatch.TrainingPrefix + "optimizer/";
    private const string TrainedPrefix = WeightMatch.TrainingPrefix + "trained/";
    private const string DropoutName = WeightMatch.TrainingPrefix + "dropout-generator";
    // Before version 3 other figures were decided by, and the best epochs were known by these alone.
    private const int FormatVersion = 3;

    private readonly string _path;
    private readonly Description _description;

    private TrainingCheckpoint(string path, CnnModel model, Description description)
    {
        _path = path;
        _description = description;
        Model = model;
    }

    /// <summary>The model with the checkpoint's weights.</summary>
    public CnnModel Model { get; }

    public TrainingOptions Options => _description.Options;

    /// <summary>How the data set was asked for.</summary>
    public DatasetRequest Data => _description.Data ?? new(_description.Dataset);

    /// <summary>Steps taken when it was saved.</summary>
    public long Step => _description.Position.Step;

    /// <summary>Epochs completed then.</summary>
    public int Epoch => _description.Position.Epoch;

    /// <summary>Where a checkpoint stands; null where the file is missing or is none.</summary>
    internal static long? StepOf(string path)
    {
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            return ReadDescription(file).Position.Step;
        }
        catch (CnnException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file whole, or leaves it as it was.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    internal static void Save(
        string path, CnnModel model, Dataset dataset, Normalization normalization, TrainingOptions options,
        TrainingPosition position, Optimizer optimizer, IGenerator dropout, WeightAverage? average)
    {
        byte[] dropoutState = dropout.GetState();
        Description description = new(
            FormatVersion, dataset.Name, dataset.Fingerprint, options, position, optimizer.StepNumber)
        {
            Data = dataset.Request,
        };
        ModelFile.Write(
            model,
            path,
            [
                .. optimizer.State.Select(s => ModelFile.ToTensor(model.Backend, OptimizerPrefix + s.Name, s.Tensor)),
                .. (average?.Trained ?? []).Select(t => ModelFile.ToTensor(model.Backend, TrainedPrefix + t.Name, t.Tensor, RequireFinite)),
                SafetensorsTensor.FromBytes(DropoutName, SafetensorsType.U8, [dropoutState.Length], dropoutState),
            ],
            [new(TrainingKey, JsonSerializer.Serialize(description, GraphJson.Options))],
            inspect: RequireFinite,
            average?.Weights,
            normalization);

        // A good checkpoint is not replaced by a ruined one.
        void RequireFinite(string name, float[] values)
        {
            if (!Array.TrueForAll(values, float.IsFinite))
            {
                throw Errors.WeightsNotFinite(path, name);
            }
        }
    }

    /// <summary>Reads what is needed to go on; the optimizer's state waits for <see cref="Restore"/>.</summary>
    /// <exception cref="CnnException">The file is missing or corrupt, or holds a model but no training.</exception>
    public static TrainingCheckpoint Open(IBackend backend, string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Description description = ReadDescription(file);
        return new(path, ModelFile.Read(backend, file), description);
    }

    /// <summary>
    /// Sets an optimizer, a dropout generator and an average to their saved states; gives the position. Devices of another type have
    /// generators of another kind: there dropout begins anew from the seed.
    /// </summary>
    /// <exception cref="CnnException">The data are not those of the training, or the file is not whole.</exception>
    internal TrainingPosition Restore(
        IBackend backend, Dataset dataset, Device device, Optimizer optimizer, IGenerator dropout, WeightAverage? average)
    {
        if (dataset.Fingerprint != _description.Fingerprint)
        {
            throw Errors.DatasetDiffers(_path, dataset.Name);
        }

        using SafetensorsFile file = SafetensorsFile.Open(_path);
        foreach ((string name, Tensor tensor) in optimizer.State)
        {
            backend.Write(tensor, ReadTensor(file, OptimizerPrefix + name, tensor.Sizes));
        }

        average?.Begin();
        foreach ((string name, Tensor tensor) in average?.Trained ?? [])
        {
            backend.Write(tensor, ReadTensor(file, TrainedPrefix + name, tensor.Sizes));
        }

        SafetensorsEntry state = file.Find(DropoutName) ?? throw Errors.WeightMissing(_path, DropoutName);
        if (Options.Device.Type == device.Type)
        {
            try
            {
                dropout.SetState(state.ReadBytes());
            }
            catch (CnnException exception) when (exception.Id == "BackendFailed")
            {
                // Only the backend can tell whether the bytes are a generator's.
                throw SafetensorsFile.Corrupt(_path, "the state of its dropout generator is none", exception);
            }
        }

        optimizer.StepNumber = _description.OptimizerStep;
        return _description.Position with { };
    }

    private static Description ReadDescription(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(TrainingKey, out string? json))
        {
            throw Errors.NoTrainingInFile(file.Path);
        }

        try
        {
            int? version = JsonSerializer.Deserialize<Header>(json, GraphJson.Options)?.Version;
            if (version != FormatVersion)
            {
                throw new JsonException($"its version is {version}, and this CnnTools goes on with version {FormatVersion}; Import-CnnModel reads its weights");
            }

            Description description = JsonSerializer.Deserialize<Description>(json, GraphJson.Options)!;
            return description.Position.IsValid ? description : throw new JsonException("its position is not one");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw SafetensorsFile.Corrupt(file.Path, $"its training state cannot be read ({Text.Short(exception.Message)})", exception);
        }
    }

    /// <summary>The values of a tensor that must be there with these sizes.</summary>
    private static float[] ReadTensor(SafetensorsFile file, string name, IReadOnlyList<long> sizes)
    {
        SafetensorsEntry entry = file.Find(name)
            ?? throw Errors.WeightMissing(file.Path, name);
        return entry.Shape.SequenceEqual(sizes)
            ? entry.ReadFloats()
            : throw Errors.WeightDiffers(file.Path, name, sizes, entry.Shape);
    }

    private sealed record Header(int Version);

    // What a later version adds, an earlier one must not pass over.
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Description(
        int Version, string Dataset, string Fingerprint, TrainingOptions Options, TrainingPosition Position,
        long OptimizerStep)
    {
        /// <summary>Absent where the data set is known by name alone.</summary>
        public DatasetRequest? Data { get; init; }
    }
}
