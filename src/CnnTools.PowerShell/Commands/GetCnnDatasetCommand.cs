using System.Management.Automation;
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
    public EvaluationSplit? Split { get; set; }

    [Parameter]
    [Number<int>]
    public int? First { get; set; }

    [Parameter]
    public string? Class { get; set; }

    private bool WantsImages => Split is not null || First is not null || !string.IsNullOrEmpty(Class);

    protected override void Process()
    {
        if (First is < 1)
        {
            throw Errors.InvalidArgument(nameof(First), First, "at least 1");
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
        foreach (CnnImage image in CnnDataset.Images(split, dataset, i => label is null || split.Labels[i] == label)
            .Take(First ?? int.MaxValue))
        {
            StopToken.ThrowIfCancellationRequested();
            WriteObject(image);
        }
    }

    private int FindClass(Dataset dataset)
    {
        int label = dataset.ClassNames.IndexOf(Class!, 0, dataset.Classes, StringComparer.OrdinalIgnoreCase);
        return label >= 0 ? label : throw Errors.UnknownName("Class", Class!, dataset.ClassNames);
    }
}
