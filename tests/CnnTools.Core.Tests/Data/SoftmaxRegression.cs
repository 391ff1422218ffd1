using System.Numerics;
using System.Runtime.InteropServices;
using CnnTools.Data;

namespace CnnTools.Tests.Data;

/// <summary>The linear classifier: softmax regression by mini-batch gradient descent, from zero weights.</summary>
internal sealed class SoftmaxRegression(ImageSet train)
{
    private const int Classes = 10;
    private const int BatchSize = 64;

    private readonly int _size = (int)train.ImageShape.Count;
    private readonly float[] _weights = new float[Classes * (int)train.ImageShape.Count];
    private readonly float[] _bias = new float[Classes];
    private readonly float[] _lookup = SynthDigits.DefaultNormalization.ToLookup(1);
    private readonly RandomStream _random = new(0, "softmax regression");

    public void TrainEpoch(float learningRate)
    {
        int[] order = [.. Enumerable.Range(0, train.Count)];
        _random.Shuffle<int>(order);
        float[] input = new float[_size], scores = new float[Classes];
        float[] gradient = new float[_weights.Length], biasGradient = new float[Classes];
        foreach (int[] batch in order.Chunk(BatchSize))
        {
            Array.Clear(gradient);
            Array.Clear(biasGradient);
            foreach (int image in batch)
            {
                Score(train, image, input, scores);
                ToProbabilities(scores);
                scores[train.Labels[image]] -= 1;
                for (int label = 0; label < Classes; label++)
                {
                    AddScaled(gradient.AsSpan(label * _size, _size), input, scores[label]);
                    biasGradient[label] += scores[label];
                }
            }

            AddScaled(_weights, gradient, -learningRate / batch.Length);
            AddScaled(_bias, biasGradient, -learningRate / batch.Length);
        }
    }

    /// <summary>The share of images whose label has the highest score.</summary>
    public double Accuracy(ImageSet images)
    {
        float[] input = new float[_size], scores = new float[Classes];
        int correct = 0;
        for (int image = 0; image < images.Count; image++)
        {
            Score(images, image, input, scores);
            correct += scores.AsSpan().IndexOf(scores.Max()) == images.Labels[image] ? 1 : 0;
        }

        return correct / (double)images.Count;
    }

    private void Score(ImageSet images, int image, float[] input, float[] scores)
    {
        for (int i = 0; i < _size; i++)
        {
            input[i] = _lookup[images.Pixels[(image * _size) + i]];
        }

        for (int label = 0; label < Classes; label++)
        {
            scores[label] = _bias[label] + Dot(_weights.AsSpan(label * _size, _size), input);
        }
    }

    private static void ToProbabilities(float[] scores)
    {
        float highest = scores.Max(), sum = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = MathF.Exp(scores[i] - highest);
            sum += scores[i];
        }

        AddScaled(scores, [.. scores], (1 / sum) - 1);
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        ReadOnlySpan<Vector<float>> l = MemoryMarshal.Cast<float, Vector<float>>(left);
        ReadOnlySpan<Vector<float>> r = MemoryMarshal.Cast<float, Vector<float>>(right);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < l.Length; i++)
        {
            sums += l[i] * r[i];
        }

        float sum = Vector.Sum(sums);
        for (int i = l.Length * Vector<float>.Count; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static void AddScaled(Span<float> target, ReadOnlySpan<float> source, float scale)
    {
        Span<Vector<float>> t = MemoryMarshal.Cast<float, Vector<float>>(target);
        ReadOnlySpan<Vector<float>> s = MemoryMarshal.Cast<float, Vector<float>>(source);
        for (int i = 0; i < t.Length; i++)
        {
            t[i] += s[i] * scale;
        }

        for (int i = t.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += source[i] * scale;
        }
    }
}
