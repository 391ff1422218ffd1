using System.Management.Automation;
using CnnTools.Augmentation;
using CnnTools.Data;
using CnnTools.Images;
using CnnTools.PowerShell.Arguments;
using CnnTools.Training;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnDataset")]
[OutputType(typeof(CnnDataset), typeof(CnnImage))]
public sealed class GetCnnDatasetCommand : DatasetCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(DatasetCompleter))]
    public string? Dataset { get; set; }

    [Parameter]
    [Choice<EvaluationSplit>]
    public EvaluationSplit? Split { get; set; }

    [Parameter]
    [Number<int>]
    public int? First { get; set; }

    [Parameter]
    public string? Class { get; set; }

    [Parameter]
    [AugmentationArgument]
    [ArgumentCompleter(typeof(AugmentationCompleter))]
    public string[]? Augmentation { get; set; }

    [Parameter]
    [Number<int>]
    public int? Copies { get; set; }

    [Parameter]
    [Number<ulong>]
    public ulong? Seed { get; set; }

    private bool IsAugmented => Augmentation is { Length: > 0 };

    private bool WantsImages => Split is not null || First is not null || !string.IsNullOrEmpty(Class) || IsAugmented;

    protected override void Process()
    {
        if (First is < 1)
        {
            throw Errors.InvalidArgument(nameof(First), First, "at least 1");
        }

        if (Copies is < 1)
        {
            throw Errors.InvalidArgument(nameof(Copies), Copies, "at least 1");
        }

        if (!IsAugmented && (Copies is not null || Seed is not null))
        {
            throw Errors.IncompatibleArguments("-Copies and -Seed are for images that are changed at random.",
                "Say how with -Augmentation, as 'HorizontalFlip'.");
        }

        if (string.IsNullOrEmpty(Dataset) && string.IsNullOrEmpty(DataPath) && !WantsImages)
        {
            WriteObject(
                DatasetCatalog.All.Select(info => new CnnDataset(info, () => LoadDataset(info.Name))), enumerateCollection: true);
            return;
        }

        Dataset dataset = LoadDataset(Dataset);
        if (!WantsImages)
        {
            WriteObject(new CnnDataset(dataset, DatasetCatalog.Find(dataset.Name)?.Source ?? dataset.Name));
            return;
        }

        ImageSet split = Split == EvaluationSplit.Test ? dataset.Test : dataset.Train;
        int? label = string.IsNullOrEmpty(Class) ? null : FindClass(dataset);
        int[] chosen = [.. Enumerable.Range(0, split.Count).Where(i => label is null || split.Labels[i] == label).Take(First ?? int.MaxValue)];
        foreach (CnnImage image in IsAugmented ? Augmented(dataset, split, chosen) : chosen.Select(i => split.ImageAt(i, dataset.ClassNames)))
        {
            StopToken.ThrowIfCancellationRequested();
            WriteObject(image);
        }
    }

    private IEnumerable<CnnImage> Augmented(Dataset dataset, ImageSet split, int[] chosen) => AugmentedImages.Draw(
        Backend.Current, split.Select(chosen), dataset.ClassNames, dataset.Normalization, Augmentation!, Copies ?? 1, Seed ?? 0);

    private int FindClass(Dataset dataset)
    {
        int label = dataset.ClassNames.IndexOf(Class!, 0, dataset.Classes, StringComparer.OrdinalIgnoreCase);
        return label >= 0 ? label : throw Errors.UnknownName("Class", Class!, dataset.ClassNames);
    }
}
