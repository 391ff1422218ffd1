namespace CnnTools.Drawing;

/// <summary>A frame around a block's boxes and the arrows between them.</summary>
/// <param name="AbovePixels">How far it begins above its first row.</param>
/// <param name="BelowPixels">How far it ends below its last one.</param>
internal sealed record BlockFrame(
    double Left, double Right, int FirstRank, int LastRank, double AbovePixels, double BelowPixels)
{
    /// <summary>Frames around deeper nests would meet those of the next row.</summary>
    public const int MostHeight = 2;

    private const double Space = 5;
    private const double LabelSpace = 12;

    /// <summary>Null where boxes of others stand among the block's, so that a frame would tell a wrong thing.</summary>
    public static BlockFrame? Around(Block block, Picture picture, LayeredLayout layout)
    {
        HashSet<int> members = [.. block.Members];
        List<Slot> slots = [.. block.Members.Select(i => layout.Boxes[i])];
        for (int i = 0; i < picture.Arrows.Count; i++)
        {
            if (members.Contains(picture.Arrows[i].From) && members.Contains(picture.Arrows[i].To))
            {
                slots.AddRange(layout.Routes[i]);
            }
        }

        double space = Space * (block.Height + 1);
        BlockFrame frame = new(
            slots.Min(s => s.X - (s.Width / 2)) - space,
            slots.Max(s => s.X + (s.Width / 2)) + space,
            slots.Min(s => s.Rank),
            slots.Max(s => s.Rank),
            LabelSpace * (block.Height + 1),
            space);
        bool isAlone = !Enumerable.Range(0, layout.Boxes.Count)
            .Any(i => !members.Contains(i) && frame.Touches(layout.Boxes[i]));
        return isAlone ? frame : null;
    }

    private bool Touches(Slot box) =>
        box.Rank >= FirstRank && box.Rank <= LastRank && box.X + (box.Width / 2) > Left && box.X - (box.Width / 2) < Right;
}
