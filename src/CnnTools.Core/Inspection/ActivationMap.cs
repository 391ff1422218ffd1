using CnnTools.Images;
using CnnTools.Operations;

namespace CnnTools.Inspection;

/// <summary>Where a network sees a class: a plane (H, W) over a picture, from 0, which has no part in it, upwards.</summary>
public sealed class ActivationMap : FeatureMap
{
    internal ActivationMap(float[] values, CnnImage picture)
        : base(values, new(picture.Height, picture.Width)) => Picture = picture;

    /// <summary>The class that is looked for.</summary>
    public required int Class { get; init; }

    /// <summary>What the network gives for it: its softmax.</summary>
    public required float Probability { get; init; }

    /// <summary>What the network looked at.</summary>
    internal CnnImage Picture { get; }
}
