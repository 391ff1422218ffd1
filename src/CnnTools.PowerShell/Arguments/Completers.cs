using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnTools.Augmentation;
using CnnTools.Data;
using CnnTools.Downloads;
using CnnTools.Graphs;
using CnnTools.Zoo;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Completes a parameter from a list of names; none of them loads the backend.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    protected abstract IEnumerable<(string Name, string Tip)> Names { get; }

    public virtual IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern = new(wordToComplete.Trim('\'', '"') + "*", WildcardOptions.IgnoreCase);
        return
            from name in Names
            where pattern.IsMatch(name.Name.Trim('\''))
            select new CompletionResult(name.Name, name.Name, CompletionResultType.ParameterValue, name.Tip);
    }
}

/// <summary>The networks of the catalog.</summary>
public class ArchitectureCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
        Catalog.All.Select(a => (a.Name, $"{a.Paper}, input {a.Input}"));
}

/// <summary>What -Model takes: the networks of the catalog, and files.</summary>
public sealed class ModelCompleter : ArchitectureCompleter
{
    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
            .Concat(CompletionCompleters.CompleteFilename(wordToComplete));
}

/// <summary>The layers of the network that -Model names on the same line.</summary>
public sealed class LayerCompleter : NameCompleter
{
    private Graph? _graph;

    protected override IEnumerable<(string Name, string Tip)> Names =>
        _graph?.Nodes.Select(n => (n.Name, $"{n.Layer.Kind}, {_graph.ShapeOf(n.Name)}")) ?? [];

    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters)
    {
        object? model = fakeBoundParameters["Model"].Unwrap();
        _graph = (model as CnnModel)?.Graph
            ?? (Catalog.Find(model?.ToString() ?? "") is { } architecture
                ? architecture.Build(architecture.Input, architecture.Classes)
                : null);
        return base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters);
    }
}

/// <summary>The data sets that are known by name, and folders.</summary>
public sealed class DatasetCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
        DatasetCatalog.All.Select(d => (d.Name, d.Description))
            .Append((ImageFolder.Name, "a folder with a subfolder of images for each class: -DataPath"));

    public override IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst,
        IDictionary fakeBoundParameters) =>
        base.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters)
            .Concat(CompletionCompleters.CompleteFilename(wordToComplete).Where(found => found.ResultType == CompletionResultType.ProviderContainer));
}

/// <summary>The data sets that are published somewhere.</summary>
public sealed class DownloadCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
        DatasetDownload.All.Select(d => (d.Name, $"{d.Files.Sum(file => file.Bytes) / 1e6:F0} MB from {d.Address.Host}"));
}

/// <summary>Devices by name; whether they are there is known only once the backend is loaded.</summary>
public sealed class DeviceCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
    [
        ("auto", "the best device there is"), ("cpu", "the processor"), ("cuda", "the first CUDA device"),
    ];
}

/// <summary>What pixels can be normalised with, besides numbers.</summary>
public sealed class NormalizeCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
    [
        ("Dataset", "the data set's own mean and deviation"),
        ("Computed", "mean and deviation of the images that are trained on"),
        ("MeanImage", "the mean of the images that are trained on, pixel by pixel"),
        ("Zca", "less the mean image, and uncorrelated: a picture still"),
        ("Pca", "the same along the axes in which the images vary most"),
        ("None", "pixels scaled to [0, 1] only"),
        ("0.5,0.5", "mean 0.5 and deviation 0.5"),
    ];
}

/// <summary>Augmentations, each as an example of it.</summary>
public sealed class AugmentationCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
        AugmentationCatalog.All.Select(info => ($"'{info.Example}'", $"{info.Usage}: {info.Description}"));
}

/// <summary>Some colours that have names.</summary>
public sealed class ColorCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
    [
        ("Black", "all zeros"), ("White", "all 255"), ("Gray", "all 128"), ("Red", "255,0,0"), ("Lime", "0,255,0"), ("Blue", "0,0,255"),
    ];
}
