using System.ComponentModel;
using System.Management.Automation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell;

/// <summary>What cmdlets that read a data set share: how its files become images.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class DatasetCmdlet : CnnCmdlet
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? DataPath { get; set; }

    // Not by property name: a folder's Size is no image's.
    [Parameter]
    [Alias("Size")]
    [PairArgument]
    public Pair? ImageSize { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<double>]
    public double? TrainFraction { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<ulong>]
    public ulong? DataSeed { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Number<long>]
    public long? ResidentLimit { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? LabelFile { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? ImageColumn { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    public string? LabelColumn { get; set; }

    /// <summary>Loads a data set by the name or path that the user gave.</summary>
    /// <param name="name">Empty is the known one's, else SynthDigits.</param>
    /// <param name="known">How it was asked for before; what is given now goes before it.</param>
    /// <exception cref="CnnException">There is none, or it is not valid.</exception>
    protected Dataset LoadDataset(string? name, DatasetRequest? known = null)
    {
        DatasetRequest request = known is not null && (string.IsNullOrEmpty(name) || ResolveDataset(name) == ResolveDataset(known.Name))
            ? known
            : new(string.IsNullOrEmpty(name) ? SynthDigits.Name : ResolveDataset(name));
        LoadProgressBar progress = new(this, $"Opening {request.Name}");
        try
        {
            return DatasetCatalog.Load(
                request with
                {
                    DataPath = ResolveOptional(DataPath) ?? request.DataPath,
                    ImageSize = ImageSize ?? request.ImageSize,
                    TrainFraction = TrainFraction ?? request.TrainFraction,
                    ResidentLimit = ResidentLimit ?? request.ResidentLimit,
                    DataSeed = DataSeed ?? request.DataSeed,
                    LabelFile = ResolveLabels() ?? request.LabelFile,
                    ImageColumn = Given(ImageColumn) ?? request.ImageColumn,
                    LabelColumn = Given(LabelColumn) ?? request.LabelColumn,
                },
                () => Backend.Images, progress.Show, StopToken);
        }
        finally
        {
            progress.Complete();
        }
    }

    /// <summary>As it is seen from the session's location, where there is such a file; else it is in the folder.</summary>
    private string? ResolveLabels() => ResolveOptional(LabelFile) is { } path && File.Exists(path) ? path : Given(LabelFile);

    /// <summary>An empty cell of a CSV file leaves a parameter unset.</summary>
    private static string? Given(string? cell) => string.IsNullOrEmpty(cell) ? null : cell;
}
