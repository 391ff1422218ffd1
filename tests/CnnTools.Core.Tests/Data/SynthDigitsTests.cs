using System.Security.Cryptography;
using CnnTools.Data;

namespace CnnTools.Tests.Data;

public class SynthDigitsTests
{
    private static readonly Dataset Digits = DatasetCatalog.Load("SynthDigits");

    /// <summary>A change here changes everybody's results on SynthDigits: make it knowingly, and tell users.</summary>
    [Fact]
    public void The_same_bytes_on_every_platform() => Assert.Equal(
        "F0AB82386CEB846AF0CA07252DDFF2B3F4A372A035F4798C92CCA1FB5C6052A5",
        Convert.ToHexString(SHA256.HashData(
            [.. Digits.Train.Pixels, .. Bytes(Digits.Train.Labels), .. Digits.Test.Pixels, .. Bytes(Digits.Test.Labels)])));

    [Fact]
    public void Both_splits_are_balanced_and_mixed()
    {
        foreach (ImageSet split in (ImageSet[])[Digits.Train, Digits.Test])
        {
            Assert.All(split.Labels.CountBy(label => label), pair => Assert.Equal(split.Count / 10, pair.Value));
            Assert.Equal(10, split.Labels.Take(200).Distinct().Count());
        }
    }

    [Fact]
    public void The_splits_share_no_image()
    {
        HashSet<string> train = [.. Images(Digits.Train)];
        Assert.Equal(Digits.Train.Count, train.Count);
        Assert.DoesNotContain(Images(Digits.Test), train.Contains);
    }

    [Fact]
    public void The_normalization_is_the_training_splits_own()
    {
        (double mean, double deviation) = PixelStatistics.Of(Digits.Train);
        Assert.Equal(Digits.Normalization.Mean[0], mean, 5e-5);
        Assert.Equal(Digits.Normalization.Deviation[0], deviation, 5e-5);
    }

    [Fact]
    public void Fewer_images_than_classes_are_an_error() =>
        Assert.Equal("InvalidArgument", Assert.Throws<CnnException>(() => SynthDigits.Create(testCount: 9)).Id);

    /// <summary>Single pixels do not tell these digits apart: that is what makes them worth a convolution.</summary>
    [Fact]
    public void A_linear_classifier_stays_below_nine_tenths()
    {
        SoftmaxRegression classifier = new(Digits.Train);
        for (int epoch = 0; epoch < 15; epoch++)
        {
            classifier.TrainEpoch(epoch < 10 ? 0.02f : 0.004f);
        }

        double accuracy = classifier.Accuracy(Digits.Test);
        Assert.InRange(accuracy, 0.75, 0.90);
    }

    private static IEnumerable<string> Images(ImageSet split) =>
        split.Pixels.Chunk((int)split.ImageShape.Count).Select(Convert.ToBase64String);

    private static IEnumerable<byte> Bytes(int[] labels) => labels.Select(label => (byte)label);
}
