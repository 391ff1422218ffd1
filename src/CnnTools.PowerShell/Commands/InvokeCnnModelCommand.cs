using System.Management.Automation;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;
using CnnTools.Predictions;
using CnnTools.Weights;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsLifecycle.Invoke, "CnnModel", DefaultParameterSetName = "Model")]
[OutputType(typeof(Prediction), typeof(FeatureMap))]
public sealed class InvokeCnnModelCommand : CnnCmdlet
{
    private readonly List<Sample> _waiting = [];
    private LoadedModel? _loaded;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Model")]
    [ModelArgument]
    public ModelArgument Model { get; set; } = null!;

    // By property name a record gives its checkpoint, never its model's label: that would be a fresh network.
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "Checkpoint")]
    public string Checkpoint { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = "Model")]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Checkpoint")]
    public object? InputObject { get; set; }

    [Parameter]
    public string? Root { get; set; }

    [Parameter]
    [Number<int>]
    public int? Top { get; set; }

    [Parameter]
    public SwitchParameter IncludeLogits { get; set; }

    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(NormalizeCompleter))]
    public object[]? Normalize { get; set; }

    [Parameter]
    [Number<int>]
    public int? BatchSize { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    [Parameter]
    [Number<int>]
    public int? Threads { get; set; }

    private int BatchLimit => BatchSize ?? Predictor.DefaultBatchSize;

    protected override void Process()
    {
        SampleReader reader = Open().Reader;
        Each(ImageItems.Of(InputObject), item => Add(item, reader));
    }

    protected override void Finish() => Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _loaded?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Has the model ready; where it cannot be, no image of the pipeline could be seen.</summary>
    private LoadedModel Open()
    {
        string? file = ParameterSetName == "Checkpoint" ? ResolveOutput(Checkpoint) : null;
        if (_loaded is not null && file == _loaded.File)
        {
            return _loaded;
        }

        Guard(Flush);
        _loaded?.Dispose();
        _loaded = null;
        try
        {
            RequireSense();
            return _loaded = Load(file);
        }
        catch (CnnException exception) when (file is null)
        {
            ThrowTerminatingError(exception.ToErrorRecord());
            throw;
        }
    }

    private void RequireSense()
    {
        if (BatchSize is < 1 || Top is < 1)
        {
            (string name, int? value) = BatchSize is < 1 ? (nameof(BatchSize), BatchSize) : (nameof(Top), Top);
            throw Errors.InvalidArgument(name, value, "at least 1");
        }

        if (Raw && (IncludeLogits || Top is not null))
        {
            throw Errors.IncompatibleArguments(
                "-Raw gives the network's output as it is; -Top and -IncludeLogits are for predictions.", "Leave either out.");
        }
    }

    private LoadedModel Load(string? file)
    {
        CnnModel model = file is null
            ? ModelSource.Open(Model, () => throw Errors.UntrainedNetwork($"{Model}"), seed: 0, ResolveOutput)
            : ModelFile.Read(Backend.Current, file);
        bool isOwn = model != Model?.Model;
        try
        {
            (SampleReader reader, Predictor predictor) = Prepare(model);
            return new(model, file, isOwn, reader, predictor);
        }
        catch when (isOwn)
        {
            model.Dispose();
            throw;
        }
    }

    private (SampleReader, Predictor) Prepare(CnnModel model)
    {
        if (!Raw)
        {
            model.RequireLogits();
        }

        if (Normalize is null && model.Normalization is null && model.InputShape.Rank == 3)
        {
            WriteWarning($"The model '{model.Name}' does not say how pixels are normalised: they are scaled to [0, 1]. -Normalize says it.");
        }

        Normalization normalization = Normalize is { Length: > 0 }
            ? NormalizeArgument.Parse(Normalize, model.InputShape.Channels, model.Normalization)
            : model.Normalization ?? Normalization.None;
        return (
            new(model, normalization),
            new(model, Device is null ? model.Device : Backend.GetDevice(Device), BatchLimit, Threads));
    }

    private void Add(object? item, SampleReader reader)
    {
        switch (item.Unwrap())
        {
            case string path when WildcardPattern.ContainsWildcardCharacters(path):
                string itself = ResolveOutput(UnderRoot(path));
                Each(FilesOf(UnderRoot(path, WildcardPattern.Escape))!, file => AddFile(file, file == itself ? path : file));
                break;
            case string path:
                AddFile(ResolveOutput(UnderRoot(path)), path);
                break;
            case FileSystemInfo file:
                AddFile(file.FullName, file.FullName);
                break;
            case PSCustomObject:
                string named = ImageItems.NameIn((PSObject)item!);
                AddFile(ResolveOutput(UnderRoot(named)), named);
                break;
            case CnnImage image:
                Add(reader.Read(image, image.Path));
                break;
            default:
                foreach (Sample sample in reader.Read(DataSource.Read(item, nameof(InputObject))))
                {
                    Add(sample);
                }

                break;
        }

        void AddFile(string path, string source) => Add(reader.Read(ImageFile.Read(Backend.Images, path, ImageChanges.None, keep: true), source));
    }

    /// <summary>A file name, seen from -Root; a rooted one stays as it is.</summary>
    private string UnderRoot(string path, Func<string, string>? escape = null) =>
        string.IsNullOrEmpty(Root) || System.IO.Path.IsPathRooted(path)
            ? path
            : System.IO.Path.Combine((escape ?? (root => root))(ResolveOutput(Root)), path);

    private void Add(Sample sample)
    {
        _waiting.Add(sample);
        if (_waiting.Count == BatchLimit)
        {
            Flush();
        }
    }

    private void Flush()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        Predictor predictor = _loaded!.Predictor;
        Sample[] batch = [.. _waiting];
        _waiting.Clear();
        IReadOnlyList<FeatureMap> outputs;
        try
        {
            outputs = predictor.Run(batch);
        }
        catch (CnnException exception)
        {
            throw Errors.BatchFailed(exception, [.. batch.Select(sample => sample.Source)]);
        }

        foreach (FeatureMap output in outputs)
        {
            WriteObject(Raw ? output : predictor.Interpret(output, Top ?? 1, IncludeLogits));
        }
    }

    /// <summary>A model with what its images go through.</summary>
    /// <param name="File">Where it is from, if it was given by -Checkpoint.</param>
    /// <param name="IsOwn">Whether it was opened here: then it is not left to the garbage collector.</param>
    private sealed record LoadedModel(CnnModel Model, string? File, bool IsOwn, SampleReader Reader, Predictor Predictor) : IDisposable
    {
        public void Dispose()
        {
            if (IsOwn)
            {
                Model.Dispose();
            }
        }
    }
}
