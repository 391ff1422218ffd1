using System.Management.Automation;
using CnnTools.Images;
using CnnTools.Inspection;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsData.Export, "FeatureMap", SupportsShouldProcess = true)]
[OutputType(typeof(MapFileRecord))]
public sealed class ExportFeatureMapCommand : InspectionCmdlet
{
    private const double DefaultOpacity = 0.5;

    private MapPlaces? _places;

    [Parameter(Mandatory = true, Position = 0)]
    public string Path { get; set; } = "";

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    [Parameter]
    [ModelArgument]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public ModelArgument? Model { get; set; }

    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LayerCompleter))]
    public string[]? Layer { get; set; }

    [Parameter]
    public SwitchParameter Weights { get; set; }

    [Parameter]
    [Choice<MapFormat>]
    public MapFormat? Format { get; set; }

    [Parameter]
    [Choice<MapScale>]
    public MapScale? Scale { get; set; }

    [Parameter]
    [Choice<ColorMap>]
    public ColorMap? ColorMap { get; set; }

    [Parameter]
    [Number<int>]
    public int? Columns { get; set; }

    [Parameter]
    [Number<int>]
    public int? TileSize { get; set; }

    [Parameter]
    public SwitchParameter Single { get; set; }

    [Parameter]
    public SwitchParameter Overlay { get; set; }

    [Parameter]
    [Number<double>]
    public double? Opacity { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    private MapDrawing Drawing => new()
    {
        Scale = Scale ?? MapScale.Tile,
        ColorMap = ColorMap ?? Inspection.ColorMap.Gray,
        Columns = Columns,
        TileSize = TileSize ?? MapDrawing.DefaultTileSize,
    };

    protected override void Process()
    {
        RequireArguments();
        MapPlaces places = _places ??= new(ResolveOutput(Path), Format);
        foreach (FeatureMap map in ReadMaps())
        {
            StopToken.ThrowIfCancellationRequested();
            try
            {
                Export(map, places);
            }
            catch (CnnException exception)
            {
                // One map that cannot be written does not keep the others from it.
                WriteError(exception.ToErrorRecord());
            }
        }
    }

    private void RequireArguments()
    {
        if (Columns is < 1 || TileSize is < 1)
        {
            throw Errors.InvalidArgument(Columns is < 1 ? nameof(Columns) : nameof(TileSize), Columns is < 1 ? Columns : TileSize, "at least 1");
        }

        if (Opacity is { } opacity && !(opacity is >= 0 and <= 1))
        {
            throw Errors.InvalidArgument(nameof(Opacity), opacity, "from 0 to 1");
        }

        if (Model is null && (Layer is not null || Weights || Crop is not null || Resize is not null || Normalize is not null))
        {
            throw Errors.IncompatibleArguments(
                "-Layer, -Weights, -Crop, -Resize and -Normalize are for what a model sees, and there is no -Model.", "Give a -Model, or leave them out.");
        }
    }

    /// <summary>What comes down the pipeline, or what the layers of the model make of it.</summary>
    private IEnumerable<FeatureMap> ReadMaps()
    {
        if (Model is null)
        {
            return [DataSource.Read(InputObject, nameof(InputObject))];
        }

        CnnModel model = OpenModel(Model);
        IReadOnlySet<string> layers = FindLayers(model, Layer ?? ["*"]);
        return Weights
            ? LayerOutputs.FiltersOf(model, layers)
            : ReadInputs(model, InputObject).SelectMany(input => LayerOutputs.Of(model, input, layers));
    }

    private void Export(FeatureMap map, MapPlaces places)
    {
        if (!Single)
        {
            Export(map, places.Take(map, plane: null), places, range: null);
            return;
        }

        ValueRange range = Drawing.RangeOf(map);
        FeatureMap[] planes = [.. map.GetPlanes()];
        foreach ((int index, FeatureMap plane) in planes.Index())
        {
            Export(plane, places.Take(map, (index, planes.Length)), places, range);
        }
    }

    private void Export(FeatureMap map, string path, MapPlaces places, ValueRange? range)
    {
        RequireNew(path, Force);
        if (!ShouldProcess(path, $"Export the feature map {map.Label} ({map.Shape})"))
        {
            return;
        }

        places.Prepare();
        switch (places.Format)
        {
            case MapFormat.Csv:
                MapFile.WriteCsv(map, path);
                break;
            case MapFormat.Npy:
                MapFile.WriteNpy(map, path);
                break;
            default:
                MapFile.WriteImage(Backend.Images, Draw(map, range), path);
                break;
        }

        WriteObject(new MapFileRecord(path, map.Model, map.Layer, map.Source, map.GetPlanes().Count(), map.Shape));
    }

    private CnnImage Draw(FeatureMap map, ValueRange? range) => Overlay
        ? map is ActivationMap over
            ? HeatOverlay.Draw(over, ColorMap ?? Inspection.ColorMap.Heat, Opacity ?? DefaultOpacity)
            : throw Errors.NotOnPicture(map.Shape)
        : Drawing.Draw(map, range);
}
