using System.Text;
using CnnTools.Drawing;

namespace CnnTools.Reports;

/// <summary>Writes HTML elements. What it is given as text or as an attribute stays text.</summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _html = new();

    /// <summary>An element with others in it. An attribute that is null is left out.</summary>
    public void Element(string name, Action inside, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Begin(name, attributes);
        inside();
        _html.Append("</").Append(name).Append(">\n");
    }

    public void Element(string name, string text, params ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        Begin(name, attributes);
        _html.Append(Escape(text)).Append("</").Append(name).Append(">\n");
    }

    /// <summary>An element that has no end, as img.</summary>
    public void Void(string name, params ReadOnlySpan<(string Name, string? Value)> attributes) => Begin(name, attributes);

    public void Text(string text) => _html.Append(Escape(text));

    /// <summary>What is HTML already.</summary>
    public void Raw(string html) => _html.Append(html).Append('\n');

    public override string ToString() => _html.ToString();

    /// <summary>Text as it stands in HTML, between quotes too.</summary>
    public static string Escape(string text) => new StringBuilder(Label.Clean(text))
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").Replace("'", "&#39;")
        .ToString();

    private void Begin(string name, ReadOnlySpan<(string Name, string? Value)> attributes)
    {
        _html.Append('<').Append(name);
        foreach ((string attribute, string? value) in attributes)
        {
            if (value is not null)
            {
                _html.Append(' ').Append(attribute).Append("=\"").Append(Escape(value)).Append('"');
            }
        }

        _html.Append('>');
    }
}
