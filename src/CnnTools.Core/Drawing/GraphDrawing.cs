using System.Text;
using CnnTools.Graphs;
using CnnTools.Runs;

namespace CnnTools.Drawing;

public enum DrawingFormat
{
    /// <summary>For Graphviz.</summary>
    Dot,

    /// <summary>A picture that browsers show.</summary>
    Svg,
}

/// <summary>Draws networks.</summary>
public static class GraphDrawing
{
    /// <summary>The format that a file's extension tells; null where it tells none.</summary>
    public static DrawingFormat? FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".DOT" or ".GV" => DrawingFormat.Dot,
        ".SVG" => DrawingFormat.Svg,
        _ => null,
    };

    /// <summary>Writes a picture of a network in UTF-8, or nothing: the file is written beside its place and renamed.</summary>
    /// <param name="name">The label of the network, which stands above it with its totals.</param>
    /// <exception cref="CnnException">It cannot be written, or has too many connections for a layout of our own.</exception>
    public static void Write(string name, Graph graph, DrawingFormat format, string path)
    {
        string drawn = Draw(name, graph, format);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(drawn)));
    }

    /// <summary>The file's text.</summary>
    /// <exception cref="CnnException">The network has too many connections for a layout of our own.</exception>
    public static string Draw(string name, Graph graph, DrawingFormat format)
    {
        Picture picture = new(name, graph);
        return format == DrawingFormat.Dot ? DotWriter.Draw(picture)
            : LayeredLayout.CountPlaces(picture.Boxes.Count, picture.Arrows) <= LayeredLayout.MostPlaces ? SvgWriter.Draw(picture)
            : throw Errors.TooManyConnections(name);
    }
}
