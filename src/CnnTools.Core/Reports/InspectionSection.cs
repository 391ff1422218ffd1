using System.Globalization;
using CnnTools.Training;

namespace CnnTools.Reports;

/// <summary>A run's model looked into: how it did on the test split, image by image and layer by layer.</summary>
internal static class InspectionSection
{
    public static void Write(HtmlWriter html, RunInspection inspection)
    {
        Evaluation evaluation = inspection.Evaluation;
        html.Element("p", string.Create(CultureInfo.InvariantCulture,
            $"The model of {inspection.Checkpoint}, {inspection.Position}, on the {evaluation.Images:#,0} images of the test split:"));
        if (inspection.ChosenOnTest)
        {
            html.Element("p", "It was chosen by a figure of these images, and does better on them than on others.");
        }

        html.Element("dl", () =>
        {
            WriteFact(html, "accuracy", Figure.Share(evaluation.Accuracy));
            WriteFact(html, "top-5 accuracy", Figure.Share(evaluation.Top5Accuracy));
            WriteFact(html, "loss", Figure.Loss(evaluation.Loss));
            WriteFact(html, "calibration error", Figure.Share(evaluation.CalibrationError));
        }, ("class", "facts"));
        html.Element("h3", "Confusion matrix");
        ConfusionTable.Write(html, evaluation);
        WriteSamples(html, "Some test images", "Spread evenly over the test split, whatever became of them.", inspection.Samples);
        WriteSamples(html, "The worst test images", "Those with the largest losses, the worst first.", inspection.Worst);
        if (inspection is { Seen: { } seen, Layers.Count: > 0 })
        {
            html.Element("h3", "Feature maps");
            html.Element("p",
                $"What layers give for an image of class {seen.Class}. Each channel is coloured from its least value, dark, to its largest.");
            LayerMaps.Write(html, seen, inspection.Layers);
        }
    }

    private static void WriteFact(HtmlWriter html, string name, TableCell figure) => html.Element("div", () =>
    {
        html.Element("dt", name);
        html.Element("dd", figure.Text);
    });

    private static void WriteSamples(HtmlWriter html, string title, string note, IReadOnlyList<SamplePrediction> samples)
    {
        if (samples.Count == 0)
        {
            return;
        }

        html.Element("h3", title);
        html.Element("p", note);
        html.Element("div", () =>
        {
            foreach (SamplePrediction sample in samples)
            {
                SampleFigure.Write(html, sample);
            }
        }, ("class", "samples"));
    }
}
