namespace CnnTools.Graphs.Layers;

/// <summary>
/// Adds channels of zeros before and behind an image's: how a shortcut without parameters meets a wider block (He et al.
/// 2015, option A).
/// </summary>
public sealed record PadChannels(int Before, int After) : Layer
{
    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireImage(name, inputs);
        Require(Before >= 0 && After >= 0, name, input, $"it adds {Before} and {After} channels",
            "Add at least 0 channels.");
        return Output(name, input, (long)input.Channels + Before + After, input.Height, input.Width);
    }
}
