using System.Text;
using CnnTools.Runs;
using CnnTools.Training;

namespace CnnTools.Plots;

/// <summary>Pictures of trainings, evaluations and range tests.</summary>
public static class Plot
{
    /// <summary>An evaluation's confusion matrix as SVG.</summary>
    /// <param name="title">What stands above it; null is the model, the data set and the accuracy.</param>
    public static string Draw(Evaluation evaluation, string? title = null) => new ConfusionChart(evaluation, title).Draw();

    /// <summary>A range test's losses over the learning rate as SVG, with the suggestion.</summary>
    /// <param name="title">What stands above it; null is the model and the data set.</param>
    /// <exception cref="CnnException">It has no steps, or with a logarithmic scale a loss that is not above zero.</exception>
    public static string Draw(LearningRateRange range, string? title = null, bool logarithmic = false) =>
        new RangeChart(range, title, logarithmic).Draw();

    /// <summary>Writes a picture in UTF-8, or nothing: the file is written beside its place and renamed.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void Write(string svg, string path) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(svg)));
}
