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

/// <summary>Which count of connections a weight's first values are scaled by.</summary>
public enum Fan
{
    /// <summary>Values that one output is summed from.</summary>
    In,

    /// <summary>Outputs that one input goes into, as PyTorch counts them: groups do not divide them.</summary>
    Out,
}

/// <summary>How a weight's first values are drawn.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Constant), nameof(Constant))]
[JsonDerivedType(typeof(Uniform), nameof(Uniform))]
[JsonDerivedType(typeof(Normal), nameof(Normal))]
[JsonDerivedType(typeof(TruncatedNormal), nameof(TruncatedNormal))]
[JsonDerivedType(typeof(KaimingNormal), nameof(KaimingNormal))]
[JsonDerivedType(typeof(KaimingUniform), nameof(KaimingUniform))]
[JsonDerivedType(typeof(XavierNormal), nameof(XavierNormal))]
[JsonDerivedType(typeof(XavierUniform), nameof(XavierUniform))]
public abstract record Initializer
{
    /// <summary>Fills a weight's values in order; the same stream gives the same values on every backend.</summary>
    /// <param name="sizes">The weight's.</param>
    public abstract void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random);

    /// <summary>Why a weight of these sizes cannot be drawn so; null where it can.</summary>
    public virtual string? FaultFor(ImmutableArray<long> sizes) => null;

    /// <summary>For those that count connections.</summary>
    private static string? FaultOfFan(ImmutableArray<long> sizes) =>
        sizes.Length >= 2 ? null : "connections cannot be counted in a single row of values";

    /// <summary>(out, in, kernel height, kernel width) or (out, in): what goes in, or goes out, through one kernel.</summary>
    private static double Count(ImmutableArray<long> sizes, Fan fan) =>
        sizes.Skip(2).Aggregate((double)sizes[fan == Fan.In ? 1 : 0], (product, size) => product * size);

    /// <summary>Always this value.</summary>
    public sealed record Constant(double Value) : Initializer
    {
        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random) =>
            values.Fill((float)Value);
    }

    /// <summary>Uniform in [-bound, bound).</summary>
    public sealed record Uniform(double Bound) : Initializer
    {
        /// <summary>
        /// PyTorch's default for nn.Conv2d and nn.Linear, weights and biases: kaiming-uniform with a = √5, whose bound
        /// is 1 / √fan-in (He et al. 2015).
        /// </summary>
        public static Uniform KaimingDefault(long fanIn) => new(1 / Math.Sqrt(fanIn));

        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random)
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
        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(Deviation * random.NextNormal());
            }
        }
    }

    /// <summary>Normal with mean 0, drawn again where it lies beyond the bound, as torch.nn.init.trunc_normal_.</summary>
    /// <param name="Deviation">Of the normal values before any is drawn again.</param>
    public sealed record TruncatedNormal(double Deviation, double Bound = 2) : Initializer
    {
        public override string? FaultFor(ImmutableArray<long> sizes) =>
            Deviation >= 0 && Bound >= Deviation ? null : "a bound below the deviation leaves hardly any value";

        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random)
        {
            for (int i = 0; i < values.Length; i++)
            {
                double value;
                do
                {
                    value = Deviation * random.NextNormal();
                }
                while (Math.Abs(value) > Bound);
                values[i] = (float)value;
            }
        }
    }

    /// <summary>Normal with deviation √(2 / fan), for ReLU, as torch.nn.init.kaiming_normal_ (He et al. 2015).</summary>
    public sealed record KaimingNormal(Fan Fan) : Initializer
    {
        public override string? FaultFor(ImmutableArray<long> sizes) => FaultOfFan(sizes);

        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random) =>
            new Normal(Math.Sqrt(2 / Count(sizes, Fan))).Fill(values, sizes, random);
    }

    /// <summary>Uniform with the same deviation, as torch.nn.init.kaiming_uniform_.</summary>
    public sealed record KaimingUniform(Fan Fan) : Initializer
    {
        public override string? FaultFor(ImmutableArray<long> sizes) => FaultOfFan(sizes);

        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random) =>
            new Uniform(Math.Sqrt(6 / Count(sizes, Fan))).Fill(values, sizes, random);
    }

    /// <summary>Normal with deviation √(2 / (fan-in + fan-out)), as torch.nn.init.xavier_normal_ (Glorot, Bengio 2010).</summary>
    public sealed record XavierNormal : Initializer
    {
        public override string? FaultFor(ImmutableArray<long> sizes) => FaultOfFan(sizes);

        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random) =>
            new Normal(Math.Sqrt(2 / (Count(sizes, Fan.In) + Count(sizes, Fan.Out)))).Fill(values, sizes, random);
    }

    /// <summary>Uniform with the same deviation, as torch.nn.init.xavier_uniform_.</summary>
    public sealed record XavierUniform : Initializer
    {
        public override string? FaultFor(ImmutableArray<long> sizes) => FaultOfFan(sizes);

        public override void Fill(Span<float> values, ImmutableArray<long> sizes, RandomStream random) =>
            new Uniform(Math.Sqrt(6 / (Count(sizes, Fan.In) + Count(sizes, Fan.Out)))).Fill(values, sizes, random);
    }
}
