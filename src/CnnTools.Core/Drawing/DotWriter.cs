using System.Globalization;
using System.Text;

namespace CnnTools.Drawing;

/// <summary>A picture for Graphviz: <c>dot -Tsvg</c> lays it out. Blocks are clusters.</summary>
internal static class DotWriter
{
    /// <summary>The file's text.</summary>
    public static string Draw(Picture picture)
    {
        using StringWriter text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Write(picture, text);
        return text.ToString();
    }

    private static void Write(Picture picture, TextWriter text)
    {
        text.WriteLine($"digraph {Quote(picture.Title)} {{");
        text.WriteLine($"  graph [label={Quote(picture.Title)}, labelloc=t, fontname=\"Helvetica\"];");
        text.WriteLine("  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=10];");
        text.WriteLine($"  edge [color=\"{Palette.Line}\"];");
        HashSet<int> inBlocks = [.. picture.Blocks.SelectMany(b => b.Members)];
        WriteBoxes(picture, text, Enumerable.Range(0, picture.Boxes.Count).Where(i => !inBlocks.Contains(i)), "  ");
        int clusters = 0;
        foreach (Block block in picture.Blocks)
        {
            WriteBlock(picture, text, block, "  ", ref clusters);
        }

        foreach (Arrow arrow in picture.Arrows)
        {
            Box to = picture.Boxes[arrow.To];
            text.WriteLine(FormattableString.Invariant($"  n{arrow.From} -> n{arrow.To}")
                + (to.IsJoin ? $" [color=\"{Palette.OfArrow(to)}\", penwidth=1.6];" : ";"));
        }

        text.WriteLine("}");
    }

    private static void WriteBlock(Picture picture, TextWriter text, Block block, string indent, ref int clusters)
    {
        string inner = indent + "  ";
        text.WriteLine(FormattableString.Invariant($"{indent}subgraph cluster{clusters++} {{"));
        text.WriteLine($"{inner}label={Quote(block.Prefix)}; labeljust=l; fontsize=10; style=\"rounded,dashed\"; color=\"{Palette.Block}\";");
        HashSet<int> deeper = [.. block.Inner.SelectMany(b => b.Members)];
        WriteBoxes(picture, text, block.Members.Where(i => !deeper.Contains(i)), inner);
        foreach (Block within in block.Inner)
        {
            WriteBlock(picture, text, within, inner, ref clusters);
        }

        text.WriteLine($"{indent}}}");
    }

    private static void WriteBoxes(Picture picture, TextWriter text, IEnumerable<int> indices, string indent)
    {
        foreach (int index in indices)
        {
            Box box = picture.Boxes[index];
            (string fill, string line) = Palette.Of(box.Kind);
            text.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{indent}n{index} [label=\"{Escape(box.Name)}\\n{Escape(box.Detail)}\", fillcolor=\"{fill}\", color=\"{line}\"];"));
        }
    }

    private static string Quote(string text) => $"\"{Escape(text)}\"";

    /// <summary>Within quotes Graphviz reads backslashes, and entities as HTML has them.</summary>
    private static string Escape(string text) => new StringBuilder(text)
        .Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("&", "&amp;").ToString();
}
