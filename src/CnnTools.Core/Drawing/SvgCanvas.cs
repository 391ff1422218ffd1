using System.Globalization;
using System.Text;
using System.Xml;

namespace CnnTools.Drawing;

/// <summary>
/// The elements of an SVG picture, on a white ground. Lengths are in pixels; what it is given as text stays text, cleaned
/// of what XML cannot hold.
/// </summary>
internal sealed class SvgCanvas
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    private readonly XmlWriter _xml;

    private SvgCanvas(XmlWriter xml) => _xml = xml;

    /// <summary>The text of a file with the picture; the same for the same calls, on every machine.</summary>
    public static string Draw(double width, double height, string title, string font, Action<SvgCanvas> draw)
    {
        using Utf8StringWriter text = new();
        using (XmlWriter xml = XmlWriter.Create(text, new() { Indent = true, NewLineChars = "\n", CloseOutput = false }))
        {
            SvgCanvas canvas = new(xml);
            (string right, string bottom) = (Number(width), Number(height));
            xml.WriteStartElement("svg", Namespace);
            canvas.Attributes(("width", right), ("height", bottom), ("viewBox", $"0 0 {right} {bottom}"), ("font-family", font));
            canvas.Title(title);
            canvas.Rectangle(0, 0, width, height, ("fill", "#ffffff"));
            draw(canvas);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    /// <summary>What the mouse shows that rests on the element around it.</summary>
    public void Title(string text)
    {
        _xml.WriteStartElement("title", Namespace);
        _xml.WriteString(Label.Clean(text));
        _xml.WriteEndElement();
    }

    public void Rectangle(
        double x, double y, double width, double height, params ReadOnlySpan<(string, string)> more)
    {
        _xml.WriteStartElement("rect", Namespace);
        Attributes(("x", Number(x)), ("y", Number(y)), ("width", Number(width)), ("height", Number(height)));
        Attributes(more);
        _xml.WriteEndElement();
    }

    /// <param name="y">Where the letters stand on.</param>
    public void Text(double x, double y, string text, double size, params ReadOnlySpan<(string, string)> more)
    {
        _xml.WriteStartElement("text", Namespace);
        Attributes(("x", Number(x)), ("y", Number(y)), ("font-size", Number(size)), ("fill", Palette.Text));
        Attributes(more);
        _xml.WriteString(Label.Clean(text));
        _xml.WriteEndElement();
    }

    public void Circle(double x, double y, double radius, params ReadOnlySpan<(string, string)> more)
    {
        _xml.WriteStartElement("circle", Namespace);
        Attributes(("cx", Number(x)), ("cy", Number(y)), ("r", Number(radius)));
        Attributes(more);
        _xml.WriteEndElement();
    }

    public void Path(string path, params ReadOnlySpan<(string, string)> more)
    {
        _xml.WriteStartElement("path", Namespace);
        Attributes(("d", path));
        Attributes(more);
        _xml.WriteEndElement();
    }

    /// <summary>An element with others in it.</summary>
    public void Group(string element, Action inside, params ReadOnlySpan<(string, string)> attributes)
    {
        _xml.WriteStartElement(element, Namespace);
        Attributes(attributes);
        inside();
        _xml.WriteEndElement();
    }

    public static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private void Attributes(params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach ((string name, string value) in attributes)
        {
            _xml.WriteAttributeString(name, value);
        }
    }

    /// <summary>Says in XML what the bytes will be; the same ends of lines everywhere.</summary>
    private sealed class Utf8StringWriter() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override string NewLine => "\n";
    }
}
