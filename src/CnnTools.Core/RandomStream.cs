using System.Numerics;

namespace CnnTools;

/// <summary>
/// A random generator whose whole state is four words: xoshiro256** (Blackman, Vigna 2018), seeded through SplitMix64
/// from a run's seed and a purpose, so that initialisation, order and augmentation never share numbers. The same on
/// every platform and backend.
/// </summary>
public sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    public RandomStream(ulong seed, string purpose)
    {
        // FNV-1a of the purpose keeps streams of one seed apart.
        ulong mixed = 14695981039346656037;
        foreach (char letter in purpose)
        {
            mixed = (mixed ^ letter) * 1099511628211;
        }

        mixed ^= seed;
        _s0 = SplitMix(ref mixed);
        _s1 = SplitMix(ref mixed);
        _s2 = SplitMix(ref mixed);
        _s3 = SplitMix(ref mixed);
    }

    /// <summary>The generator's position: set it again to go on from the same place.</summary>
    public (ulong S0, ulong S1, ulong S2, ulong S3) State
    {
        get => (_s0, _s1, _s2, _s3);
        set => (_s0, _s1, _s2, _s3) = value;
    }

    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in [0, limit), without bias (Lemire 2019).</summary>
    public int NextInt32(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ulong range = (ulong)limit;
        ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
        if (low < range)
        {
            ulong threshold = (0 - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), range, out low);
            }
        }

        return (int)high;
    }

    /// <summary>Standard normal (Box and Muller 1958; the second value is dropped, so that the state stays four words).</summary>
    public double NextNormal() =>
        Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>From the beta distribution with both parameters alike: the first of two gamma variates in their sum.</summary>
    public double NextBeta(double alpha)
    {
        (double first, double second) = (NextGamma(alpha), NextGamma(alpha));
        return first + second > 0 ? first / (first + second) : 1;
    }

    /// <summary>From the gamma distribution of scale 1 (Marsaglia, Tsang 2000).</summary>
    public double NextGamma(double shape)
    {
        if (shape < 1)
        {
            return NextGamma(shape + 1) * Math.Pow(1 - NextDouble(), 1 / shape);
        }

        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = NextNormal();
            double root = 1 + (c * normal);
            double cube = root * root * root;
            if (root > 0 && Math.Log(1 - NextDouble()) < (normal * normal / 2) + d - (d * cube) + (d * Math.Log(cube)))
            {
                return d * cube;
            }
        }
    }

    /// <summary>The numbers from 0 on in random order, as many as asked for.</summary>
    public long[] Permutation(int count)
    {
        long[] permutation = new long[count];
        for (int i = 0; i < count; i++)
        {
            permutation[i] = i;
        }

        Shuffle<long>(permutation);
        return permutation;
    }

    /// <summary>Shuffles in place (Fisher, Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = NextInt32(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
