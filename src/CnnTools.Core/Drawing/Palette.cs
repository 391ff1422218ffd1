namespace CnnTools.Drawing;

/// <summary>The colours of the kinds of layers, told apart by those too who see few colours: fills are light, lines dark.</summary>
internal static class Palette
{
    public const string Line = "#5a6470";
    public const string Text = "#1c2430";
    public const string Block = "#8a97a6";

    public static (string Fill, string Line) Of(BoxKind kind) => kind switch
    {
        BoxKind.Input => ("#ffffff", "#1c2430"),
        BoxKind.Convolution => ("#cfe2f8", "#3b78b5"),
        BoxKind.Linear => ("#ddd0f0", "#7452a6"),
        BoxKind.Normalization => ("#e9edf2", "#8a97a6"),
        BoxKind.Activation => ("#fdf0c4", "#b8901a"),
        BoxKind.Pooling => ("#fbd9c5", "#c9682e"),
        BoxKind.Sum => ("#c8ead0", "#2e8b57"),
        BoxKind.Concatenation => ("#c2ecec", "#13838a"),
        BoxKind.Product => ("#f6cfe0", "#b8447c"),
        _ => ("#f4f4f4", "#7a7a7a"),
    };

    /// <summary>An arrow is drawn in the colour of the join that it leads to.</summary>
    public static string OfArrow(Box to) => to.IsJoin ? Of(to.Kind).Line : Line;
}
