using System.Globalization;

namespace CnnTools.Augmentation;

/// <summary>The least and the most that a number may be drawn as.</summary>
internal readonly record struct NumberRange(double Low, double High)
{
    public bool IsSingle(double value) => Low == value && High == value;

    public double Draw(RandomStream random) => random.NextDouble(Low, High);

    /// <summary>Uniform in the logarithm, so that twice and half are equally likely.</summary>
    public double DrawLogarithm(RandomStream random) => Math.Exp(random.NextDouble(Math.Log(Low), Math.Log(High)));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low},{High}");
}
