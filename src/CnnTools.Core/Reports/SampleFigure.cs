using System.Globalization;

namespace CnnTools.Reports;

/// <summary>An image with what it is and what it is taken for.</summary>
internal static class SampleFigure
{
    public static void Write(HtmlWriter html, SamplePrediction sample)
    {
        string text = sample.IsRight ? sample.Class : $"{sample.Class}, taken for {sample.Predicted}";
        html.Element("figure", () =>
        {
            sample.Picture.Write(html, text, sample.Source.Length > 0 ? sample.Source : null);
            html.Element("figcaption", () =>
            {
                html.Element("b", sample.Class);
                if (!sample.IsRight)
                {
                    html.Element("span", $"\u2192 {sample.Predicted}");
                }

                html.Element("small", sample.Confidence.ToString("F4", CultureInfo.InvariantCulture),
                    ("title", "The probability that the model gives its prediction"));
            });
        }, ("class", sample.IsRight ? "right" : "wrong"));
    }
}
