using System.Globalization;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Images;
using CnnTools.Inspection;
using CnnTools.Operations;
using CnnTools.Predictions;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Reports;

/// <summary>Looks into a run's model: reads its best checkpoint, else its last, and runs it over the test split of its data.</summary>
/// <param name="load">Finds a data set as it was asked for.</param>
public sealed class RunInspector(IBackend backend, IImageCodec codec, Device device, Func<DatasetRequest, Dataset> load)
{
    private const int MostChannels = 64;

    private static readonly MapDrawing Drawing = new() { ColorMap = ColorMap.Viridis, TileSize = 1 };

    /// <summary>How many images to show; half of them are the worst, of which there are twenty at most.</summary>
    public int Samples { get; init; } = 12;

    /// <summary>Which layers to show, by name; null is the first convolution and the last one whose output has rows and columns.</summary>
    public Func<string, bool>? Layers { get; init; }

    /// <exception cref="CnnException">
    /// There is no checkpoint, or it cannot be read; the data set is not there, or not the run's; or memory is short.
    /// </exception>
    public RunInspection Inspect(CnnRun run, CancellationToken stop)
    {
        bool isBest = run.BestCheckpoint is { } best && File.Exists(best);
        string checkpoint = isBest ? run.BestCheckpoint! : run.Checkpoint;
        using CnnModel model = ModelFile.Read(backend, checkpoint);
        Dataset dataset = load(run.Manifest.Data);
        if (dataset.Fingerprint != run.Manifest.Fingerprint)
        {
            throw Errors.RunDataDiffer(run.Name, dataset.Name);
        }

        Evaluation evaluation = Evaluator.Test(model, dataset, EvaluationSplit.Test, device, Evaluator.DefaultBatchSize, threads: null, stop);
        ImageSet spread = dataset.Test.Spread((Samples + 1) / 2);
        SampleReader reader = new(model, model.Normalization ?? dataset.Normalization);
        SamplePrediction[] samples = [.. Predict(model, dataset, spread, reader)];
        return new()
        {
            Run = run,
            Checkpoint = Path.GetFileName(checkpoint),
            Position = PositionOf(run, checkpoint),
            ChosenOnTest = isBest && run.Settings.MonitorInUse?.IsOfTest() == true,
            Evaluation = evaluation,
            Samples = samples,
            Worst = [.. evaluation.Worst.Take(Samples / 2).Select(image => Worst(dataset, image))],
            Seen = samples.FirstOrDefault(),
            Layers = samples.Length > 0 ? [.. Look(model, reader, spread.ImageAt(0, dataset.ClassNames))] : [],
        };
    }

    private static string PositionOf(CnnRun run, string checkpoint)
    {
        long? step = TrainingCheckpoint.StepOf(checkpoint);
        EpochRecord? epoch = new[] { run.Manifest.Best, run.Manifest.Last }.FirstOrDefault(known => known?.Step == step);
        return epoch is null
            ? string.Create(CultureInfo.InvariantCulture, $"step {step}")
            : string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}");
    }

    private IEnumerable<SamplePrediction> Predict(CnnModel model, Dataset dataset, ImageSet images, SampleReader reader)
    {
        Predictor predictor = new(model, device, Predictor.DefaultBatchSize, threads: null);
        foreach (int[] batch in Enumerable.Range(0, images.Count).Chunk(Predictor.DefaultBatchSize))
        {
            CnnImage[] pictures = Array.ConvertAll(batch, index => images.ImageAt(index, dataset.ClassNames));
            IReadOnlyList<FeatureMap> outputs = predictor.Run([.. pictures.Select(picture => reader.Read(picture, ""))]);
            foreach ((int index, CnnImage picture, FeatureMap output) in batch.Zip(pictures, outputs))
            {
                Prediction prediction = predictor.Interpret(output, top: 1, includeLogits: false);
                yield return new(
                    InlineImage.Of(codec, picture), picture.Label!, dataset.ClassNames[prediction.ClassIndex], prediction.Probability,
                    images.PathOf(index));
            }
        }
    }

    private SamplePrediction Worst(Dataset dataset, EvaluatedImage image) => new(
        InlineImage.Of(codec, dataset.Test.ImageAt(image.Index, dataset.ClassNames)), image.Class, image.Predicted, image.Confidence,
        image.Path.Length > 0 ? image.Path : string.Create(CultureInfo.InvariantCulture, $"Image {image.Index} of the test split"));

    private IEnumerable<LayerPictures> Look(CnnModel model, SampleReader reader, CnnImage image) =>
        from map in LayerOutputs.Of(model, NetworkInput.Of(reader, image, model.InputShape, PictureFit.Stretch), LayersOf(model.Graph))
        let shape = model.Graph.ShapeOf(map.Layer)
        let channels = map.GetPlanes().Take(MostChannels)
            .Select(plane => new ChannelPicture(InlineImage.Of(codec, Drawing.Draw(plane)), plane.Minimum, plane.Maximum))
        select new LayerPictures(map.Layer, model.Graph.Nodes.First(node => node.Name == map.Layer).Layer.Kind, shape, [.. channels]);

    private HashSet<string> LayersOf(Graph graph)
    {
        string[] names = [.. graph.EvaluationNodes.Select(node => node.Name)];
        if (Layers is not null)
        {
            return [.. names.Where(Layers)];
        }

        string[] convolutions =
        [
            .. from node in graph.EvaluationNodes
               where node.Layer is Conv2d && graph.ShapeOf(node.Name) is { Height: > 1, Width: > 1 }
               select node.Name,
        ];
        return convolutions.Length == 0 ? [] : [convolutions[0], convolutions[^1]];
    }
}
