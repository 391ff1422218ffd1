using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Reports;

/// <summary>What a run's model does with the test split, and what its layers see.</summary>
public sealed record RunInspection
{
    public required CnnRun Run { get; init; }

    /// <summary>The file that the model was read from, without its folder.</summary>
    public required string Checkpoint { get; init; }

    /// <summary>Where the training stood, as "epoch 3", or "step 8" within an epoch.</summary>
    public required string Position { get; init; }

    /// <summary>Whether the checkpoint was chosen by a figure of the test split.</summary>
    public required bool ChosenOnTest { get; init; }

    public required Evaluation Evaluation { get; init; }

    /// <summary>Images spread evenly over the test split, whatever becomes of them.</summary>
    public required IReadOnlyList<SamplePrediction> Samples { get; init; }

    /// <summary>Those with the largest losses, the worst first.</summary>
    public required IReadOnlyList<SamplePrediction> Worst { get; init; }

    /// <summary>The image that the layers see.</summary>
    public SamplePrediction? Seen { get; init; }

    public required IReadOnlyList<LayerPictures> Layers { get; init; }
}

/// <summary>An image and what it is taken for.</summary>
/// <param name="Class">Its own.</param>
/// <param name="Predicted">The likeliest, and <paramref name="Confidence"/> its probability.</param>
/// <param name="Source">Its file, or its place in the split.</param>
public sealed record SamplePrediction(InlineImage Picture, string Class, string Predicted, double Confidence, string Source)
{
    public bool IsRight => Class == Predicted;
}

/// <summary>What a layer gives for an image.</summary>
/// <param name="Shape">(C, H, W) or (F).</param>
/// <param name="Channels">A picture for each; the first ones where there are many.</param>
public sealed record LayerPictures(string Layer, string Kind, Shape Shape, IReadOnlyList<ChannelPicture> Channels);

/// <summary>A channel in colours, from its least value to its largest.</summary>
public sealed record ChannelPicture(InlineImage Picture, double Minimum, double Maximum);
