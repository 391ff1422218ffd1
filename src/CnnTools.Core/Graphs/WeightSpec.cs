using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace CnnTools.Graphs;

/// <summary>A tensor that a layer owns.</summary>
/// <param name="Name">Within its layer: weight, bias, running_mean.</param>
/// <param name="IsBuffer">True for what is kept but not trained: running statistics.</param>
public sealed record WeightSpec(string Name, ImmutableArray<long> Sizes, Initializer Initializer, bool IsBuffer = false)
{
    /// <summary>The number of values; see <see cref="Shape.Multiply"/>.</summary>
    public long Count => Sizes.Aggregate(1L, Shape.Multiply);
}

/// <summary>How a weight's first values are drawn.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Constant), nameof(Constant))]
[JsonDerivedType(typeof(Uniform), nameof(Uniform))]
[JsonDerivedType(typeof(Normal), nameof(Normal))]
public abstract record Initializer
{
    /// <summary>Fills a weight's values in order; the same stream gives the same values on every backend.</summary>
    public abstract void Fill(Span<float> values, RandomStream random);

    /// <summary>Always this value.</summary>
    public sealed record Constant(double Value) : Initializer
    {
        public override void Fill(Span<float> values, RandomStream random) => values.Fill((float)Value);
    }

    /// <summary>Uniform in [-bound, bound).</summary>
    public sealed record Uniform(double Bound) : Initializer
    {
        /// <summary>
        /// PyTorch's default for nn.Conv2d and nn.Linear, weights and biases: kaiming-uniform with a = √5, whose bound
        /// is 1 / √fan-in (He et al. 2015).
        /// </summary>
        public static Uniform KaimingDefault(long fanIn) => new(1 / Math.Sqrt(fanIn));

        public override void Fill(Span<float> values, RandomStream random)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)random.NextDouble(-Bound, Bound);
            }
        }
    }

    /// <summary>Normal with mean 0.</summary>
    public sealed record Normal(double Deviation) : Initializer
    {
        public override void Fill(Span<float> values, RandomStream random)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(Deviation * random.NextNormal());
            }
        }
    }
}
