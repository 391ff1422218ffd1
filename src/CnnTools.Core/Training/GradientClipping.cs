using CnnTools.Backends;

namespace CnnTools.Training;

/// <summary>Holds gradients down before a step, by their common norm or value by value, as torch.nn.utils does.</summary>
internal static class GradientClipping
{
    public static void Apply(IBackend backend, IReadOnlyList<Tensor> parameters, TrainingOptions options)
    {
        if (options.ClipGradientNorm is { } norm)
        {
            backend.ClipGradientNorm(parameters, norm);
        }
        else if (options.ClipGradientValue is { } value)
        {
            backend.ClipGradientValues(parameters, value);
        }
    }
}
