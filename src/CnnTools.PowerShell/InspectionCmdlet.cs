using System.ComponentModel;
using System.Management.Automation;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.Inspection;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;
using CnnTools.Predictions;

namespace CnnTools.PowerShell;

/// <summary>What cmdlets that look into a network share: the model, and how data become its input.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class InspectionCmdlet : CnnCmdlet
{
    private CnnModel? _opened;

    [Parameter]
    [CropArgument]
    public CropBox? Crop { get; set; }

    [Parameter]
    [Choice<PictureFit>]
    public PictureFit? Resize { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(NormalizeCompleter))]
    public object[]? Normalize { get; set; }

    /// <summary>The model, opened once for the whole pipeline.</summary>
    protected CnnModel OpenModel(ModelArgument argument) =>
        argument.Model ?? (_opened ??= ModelSource.Open(argument, WriteWarning, ResolveOutput));

    /// <summary>The same, made for a data set where it comes by name.</summary>
    protected CnnModel OpenModel(ModelArgument argument, Func<Dataset> dataset) =>
        argument.Model ?? (_opened ??= ModelSource.Open(argument, dataset, seed: 0, ResolveOutput));

    /// <summary>The names of the layers that patterns match; a name that no layer has is an error of its own.</summary>
    protected IReadOnlySet<string> FindLayers(CnnModel model, string[] names)
    {
        string[] known = [.. model.Graph.Nodes.Select(node => node.Name)];
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
            string[] matches = [.. known.Where(pattern.IsMatch)];
            found.UnionWith(matches);
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(Errors.UnknownLayer(model.Name, name, known).ToErrorRecord());
            }
        }

        return found;
    }

    /// <summary>What the network is to look at, one after the other; a file that cannot be read is an error of its own.</summary>
    protected IEnumerable<NetworkInput> ReadInputs(CnnModel model, object? data) => ImageItems.Of(data).SelectMany(item =>
        FilesOf(item) is { } files
            ? files.Select(path => ReadFile(model, path)).OfType<NetworkInput>()
            : [item.Unwrap() is CnnImage image ? See(model, image) : See(model, DataSource.Read(item, "InputObject"))]);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _opened?.Dispose();
        }

        base.Dispose(disposing);
    }

    private NetworkInput? ReadFile(CnnModel model, string path)
    {
        StopToken.ThrowIfCancellationRequested();
        NetworkInput? input = null;

        // One bad file does not keep the others from being read.
        Guard(() => input = See(model, ImageFile.Read(Backend.Images, path, ImageChanges.None)));
        return input;
    }

    private NetworkInput See(CnnModel model, CnnImage image) =>
        NetworkInput.Of(ReaderFor(model), Crop is { } box ? image.Crop(box) : image, model.InputShape, Resize ?? PictureFit.Stretch);

    private NetworkInput See(CnnModel model, FeatureMap map) =>
        Crop is null && Resize is null
            ? NetworkInput.Of(ReaderFor(model), map, model.InputShape)
            : throw Errors.IncompatibleArguments("-Crop and -Resize are for images; numbers are taken as they are.", "Leave them out.");

    /// <summary>Normalises as -Normalize says, else the model, else the data set where there is one.</summary>
    private protected SampleReader ReaderFor(CnnModel model, Normalization? dataset = null)
    {
        Normalization? own = model.Normalization ?? dataset;
        int channels = model.InputShape.Rank == 3 ? model.InputShape.Channels : 1;
        return new(model, Normalize is null ? own ?? Normalization.None : NormalizeArgument.Parse(Normalize, channels, own));
    }
}
