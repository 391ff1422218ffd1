using System.Collections;
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
    // In a row: what names the image.
    private static readonly string[] Columns = ["Image", "Path"];

    private readonly List<Sample> _waiting = [];
    private CnnModel? _model;
    private string? _file;
    private SampleReader _reader = null!;
    private Predictor _predictor = null!;

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
        Open();
        foreach (object? item in Items)
        {
            StopToken.ThrowIfCancellationRequested();
            try
            {
                Add(item);
            }
            catch (CnnException exception)
            {
                // One bad image does not keep the others from being seen.
                WriteError(exception.ToErrorRecord());
            }
        }
    }

    protected override void Finish() => Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }

        base.Dispose(disposing);
    }

    /// <summary>Has the model ready; where it cannot be, no image of the pipeline could be seen.</summary>
    private void Open()
    {
        string? file = ParameterSetName == "Checkpoint" ? ResolveOutput(Checkpoint) : null;
        if (_model is not null && file == _file)
        {
            return;
        }

        Flush();
        Close();
        try
        {
            RequireSense();
            _model = file is null
                ? ModelSource.Open(Model, () => throw Errors.UntrainedNetwork($"{Model}"), seed: 0, ResolveOutput)
                : ModelFile.Read(Backend.Current, file);
            _file = file;
            Prepare(_model);
        }
        catch (CnnException exception) when (file is null)
        {
            ThrowTerminatingError(exception.ToErrorRecord());
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

    private void Prepare(CnnModel model)
    {
        if (!Raw)
        {
            model.RequireLogits();
        }

        if (Normalize is null && model.Normalization is null && model.InputShape.Rank == 3)
        {
            WriteWarning($"The model '{model.Name}' does not say how pixels are normalised: they are scaled to [0, 1]. -Normalize says it.");
        }

        _reader = new(model, Normalize is { Length: > 0 }
            ? NormalizeArgument.Parse(Normalize, model.InputShape.Channels, model.Normalization)
            : model.Normalization ?? Normalization.None);
        _predictor = new(model, Device is null ? model.Device : Backend.GetDevice(Device), BatchLimit, Threads);
    }

    private void Close()
    {
        // What was opened here is not left to the garbage collector.
        if (_model != Model?.Model)
        {
            _model?.Dispose();
        }

        _model = null;
    }

    /// <summary>A list of images is taken apart, one of numbers is not.</summary>
    private IEnumerable<object?> Items => Unwrap(InputObject) is IList { Count: > 0 } list && list.Cast<object?>().All(IsWhole)
        ? list.Cast<object?>()
        : [InputObject];

    private static bool IsWhole(object? item) =>
        Unwrap(item) is string or FileInfo or CnnImage or FeatureMap or PSCustomObject;

    private static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private void Add(object? item)
    {
        switch (Unwrap(item))
        {
            case string path when WildcardPattern.ContainsWildcardCharacters(path):
                foreach (string file in ResolveInput(UnderRoot(path, WildcardPattern.Escape)).Where(found => !Directory.Exists(found)))
                {
                    AddFile(file, file);
                }

                break;
            case string path:
                AddFile(ResolveOutput(UnderRoot(path)), path);
                break;
            case FileInfo file:
                AddFile(file.FullName, file.FullName);
                break;
            case CnnImage image:
                Add(_reader.Read(image, image.Path));
                break;
            case PSCustomObject:
                string named = ImageOf((PSObject)item!);
                AddFile(ResolveOutput(UnderRoot(named)), named);
                break;
            default:
                foreach (Sample sample in _reader.Read(DataSource.Read(item, nameof(InputObject))))
                {
                    Add(sample);
                }

                break;
        }
    }

    private void AddFile(string path, string source)
    {
        StopToken.ThrowIfCancellationRequested();
        try
        {
            Add(_reader.Read(ImageFile.Read(Backend.Images, path, ImageChanges.None), source));
        }
        catch (CnnException exception)
        {
            // Among the files that wildcards stand for, too.
            WriteError(exception.ToErrorRecord());
        }
    }

    /// <summary>A file name, seen from -Root; of a rooted one it stays as it is.</summary>
    private string UnderRoot(string path, Func<string, string>? escape = null) =>
        string.IsNullOrEmpty(Root) || System.IO.Path.IsPathRooted(path)
            ? path
            : System.IO.Path.Combine((escape ?? (root => root))(ResolveOutput(Root)), path);

    /// <summary>The file that a row, of Import-Csv for one, is about.</summary>
    private static string ImageOf(PSObject row) =>
        Columns.Select(name => $"{row.Properties[name]?.Value}").FirstOrDefault(cell => cell.Length > 0)
            ?? throw Errors.RowWithoutImage(row.Properties.Select(property => property.Name));

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

        Sample[] batch = [.. _waiting];
        _waiting.Clear();
        foreach (FeatureMap output in _predictor.Run(batch))
        {
            WriteObject(Raw ? output : _predictor.Interpret(output, Top ?? 1, IncludeLogits));
        }
    }
}
