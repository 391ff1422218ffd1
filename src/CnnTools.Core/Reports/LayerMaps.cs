using System.Globalization;

namespace CnnTools.Reports;

/// <summary>What layers give for an image, channel by channel.</summary>
internal static class LayerMaps
{
    public static void Write(HtmlWriter html, SamplePrediction seen, IReadOnlyList<LayerPictures> layers)
    {
        html.Element("figure", () =>
        {
            html.Element("figcaption", "The image");
            html.Element("div", () => seen.Picture.Write(html, $"An image of class {seen.Class}"), ("class", "maps"));
        });
        foreach (LayerPictures layer in layers)
        {
            html.Element("figure", () =>
            {
                html.Element("figcaption", () =>
                {
                    html.Element("b", layer.Layer);
                    html.Element("small", Caption(layer));
                });
                html.Element("div", () => WriteChannels(html, layer), ("class", layer.Shape.Rank == 1 ? "maps strip" : "maps"));
            });
        }
    }

    private static string Caption(LayerPictures layer)
    {
        string part = layer.Shape.Rank == 3 && layer.Channels.Count < layer.Shape.Channels
            ? string.Create(CultureInfo.InvariantCulture, $", the first {layer.Channels.Count} channels")
            : "";
        return $"{layer.Kind}, {layer.Shape}{part}";
    }

    private static void WriteChannels(HtmlWriter html, LayerPictures layer)
    {
        foreach ((int index, ChannelPicture channel) in layer.Channels.Index())
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"Channel {index} of {layer.Layer}");
            channel.Picture.Write(html, text, $"{text}: {Figure.Digits(channel.Minimum)} to {Figure.Digits(channel.Maximum)}");
        }
    }
}
