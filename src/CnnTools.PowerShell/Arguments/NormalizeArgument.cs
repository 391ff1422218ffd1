using System.Collections;
using System.Globalization;
using CnnTools.Data;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads -Normalize: None, Dataset, Computed, MeanImage, Zca, Pca, or numbers.</summary>
internal static class NormalizeArgument
{
    private const string Expected =
        "None, Dataset, for a training Computed, MeanImage, Zca or Pca, a mean and a deviation (0.5,0.5), or for colour three means and three deviations "
        + "(0.49,0.48,0.45,0.25,0.24,0.26)";

    /// <summary>Two numbers are a mean and a deviation for all channels; 2n numbers are n means, then n deviations.</summary>
    /// <exception cref="CnnException">It is none of these, or does not fit the number of channels.</exception>
    /// <param name="training">The images that are trained on: what is computed is computed from them.</param>
    public static Normalization Parse(object[] argument, Dataset dataset, Func<ImageSet> training, CancellationToken stop) => Word(argument) switch
    {
        "COMPUTED" => Normalization.Of(training()),
        "MEANIMAGE" => Normalization.MeanImageOf(training()),
        _ when Whitening(argument) is { } wanted =>
            Normalization.WhiteningOf(Backend.Current, training(), wanted.Kind, wanted.Epsilon, stop),
        _ => Parse(argument, dataset.ImageShape.Channels, dataset.Normalization),
    };

    /// <summary>The same for images of so many channels.</summary>
    /// <param name="dataset">What the word Dataset stands for; null where there is none.</param>
    /// <exception cref="CnnException">The same.</exception>
    public static Normalization Parse(object[] argument, int channels, Normalization? dataset)
    {
        if (Word(argument) is "NONE")
        {
            return Normalization.None;
        }

        if (dataset is not null && Word(argument) is "DATASET")
        {
            return dataset;
        }

        object[] items = [.. Flatten(argument)];
        float[] numbers = [.. items.SelectMany(Numbers)];
        int half = numbers.Length / 2;
        Normalization normalization = new([.. numbers[..half]], [.. numbers[half..]]);
        return normalization.IsValidFor(channels)
            ? normalization
            : throw Errors.InvalidArgument("Normalize", string.Join(',', items), Expected);
    }

    private static string? Word(object[] argument) =>
        Flatten(argument).ToArray() is [string word] ? word.Trim().ToUpperInvariant() : null;

    /// <summary>Zca or Pca, and behind a space or a comma what is added to the variances; null where it is neither.</summary>
    private static Whitening? Whitening(object[] argument)
    {
        object[] items = [.. Flatten(argument).SelectMany(Split)];
        WhiteningKind? kind = items.FirstOrDefault() is not string word ? null : word.ToUpperInvariant() switch
        {
            "ZCA" => WhiteningKind.Zca,
            "PCA" => WhiteningKind.Pca,
            _ => null,
        };
        return (kind, items) switch
        {
            (null, _) => null,
            ({ } known, [_]) => new(known, Data.Whitening.DefaultEpsilon),
            ({ } known, [_, object epsilon]) => new(known, Number(epsilon)),
            _ => throw Errors.InvalidArgument("Normalize", string.Join(',', items), Expected),
        };
    }

    private static object[] Split(object item) =>
        item is string text ? text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) : [item];

    private static IEnumerable<object> Flatten(IEnumerable items)
    {
        foreach (object? item in items)
        {
            switch (item.Unwrap())
            {
                case string text:
                    yield return text;
                    break;
                case IEnumerable nested:
                    foreach (object inner in Flatten(nested))
                    {
                        yield return inner;
                    }

                    break;
                case { } value:
                    yield return value;
                    break;
                default:
                    break;
            }
        }
    }

    private static float[] Numbers(object item) =>
        item is string text
            ? [.. Split(text).Select(Number)]
            : [Number(item)];

    private static float Number(object item)
    {
        try
        {
            return item is string text
                ? float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)
                : Convert.ToSingle(item, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or InvalidCastException or OverflowException)
        {
            throw Errors.InvalidArgument("Normalize", item, Expected);
        }
    }
}
