using System.Runtime.CompilerServices;
using CnnTools.Backends;
using TorchSharp;

namespace CnnTools.TorchSharp;

// Gradients and optimizer steps: torch.optim's formulas, in its order, with its scalars in double.
public sealed partial class TorchSharpBackend
{
    // What PyTorch adds to a norm before it divides by it.
    private const double NormEpsilon = 1e-6;

    public void RequireGradient(Tensor tensor, bool required)
    {
        TorchSharpTensor own = Own(tensor, nameof(RequireGradient));
        Run(() =>
        {
            if (required && !own.Inner.is_leaf)
            {
                own.Inner.retain_grad(); // an inner tensor records anyhow; this keeps its gradient
                own.KeepsGradient = true;
            }
            else
            {
                own.Inner.requires_grad = required;
            }
        });
    }

    public void Backward(Tensor loss)
    {
        torch.Tensor scalar = In(loss);
        Run(scalar.backward);
    }

    public Tensor? GetGradient(Tensor tensor)
    {
        TorchSharpTensor own = Own(tensor, nameof(GetGradient));
        using torch.Tensor? gradient = Run(() => GradientOf(own));
        return gradient is null ? null : Composed(_ => gradient.detach().clone());
    }

    public void ClearGradients(IReadOnlyList<Tensor> tensors)
    {
        torch.Tensor[] all = In(tensors);
        Run(() => Array.ForEach(all, tensor => tensor.grad = null));
    }

    public double ClipGradientNorm(IReadOnlyList<Tensor> tensors, double most)
    {
        Require(most > 0, $"a largest norm of {most}");
        TorchSharpTensor[] all = OwnOf(tensors, nameof(ClipGradientNorm));
        double norm = 0;
        Update(numbers =>
        {
            torch.Tensor[] gradients = GradientsOf(all);
            if (gradients.Length == 0)
            {
                return;
            }

            torch.Tensor total = torch.linalg.vector_norm(
                torch.stack(gradients.Select(gradient => torch.linalg.vector_norm(gradient)).ToArray()));
            norm = total.item<float>();
            torch.Tensor factor = total.add(numbers[NormEpsilon]).reciprocal().mul(numbers[most]).clamp_max(numbers[1.0]);
            Array.ForEach(gradients, gradient => gradient.mul_(factor));
        });
        return norm;
    }

    public void ClipGradientValues(IReadOnlyList<Tensor> tensors, double most)
    {
        Require(most > 0, $"a largest value of {most}");
        TorchSharpTensor[] all = OwnOf(tensors, nameof(ClipGradientValues));
        Update(numbers => Array.ForEach(GradientsOf(all), gradient => gradient.clamp_(numbers[-most], numbers[most])));
    }

    public void Average(IReadOnlyList<Tensor> averages, IReadOnlyList<Tensor> values, double decay)
    {
        Require(decay is >= 0 and < 1, $"a decay of {decay}");
        torch.Tensor[] from = In(values), into = State(values, averages, kept: true, nameof(Average));
        Update(numbers =>
        {
            using torch.Tensor share = torch.tensor((float)(1 - decay));
            for (int i = 0; i < from.Length; i++)
            {
                _ = decay == 0 ? into[i].copy_(from[i]) : into[i].lerp_(from[i], share.to(into[i].device));
            }
        });
    }

    public void SgdStep(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> momentumBuffers, in SgdStep step)
    {
        SgdStep s = step;
        (double rate, double momentum, bool nesterov, double decay) = step;
        torch.Tensor[] all = In(parameters), buffers = State(parameters, momentumBuffers, kept: momentum != 0);
        Update(numbers =>
        {
            (Scalar down, Scalar keep, Scalar shrink) = (numbers[-rate], numbers[momentum], numbers[decay]);
            for (int i = 0; i < all.Length; i++)
            {
                torch.Tensor? buffer = momentum != 0 ? buffers[i] : null;
                if (all[i].grad is not { } direction)
                {
                    continue;
                }

                if (IsPlain(all[i], direction, buffer))
                {
                    OptimizerLoops.Sgd(ValuesOf(all[i]), ValuesOf(direction), ValuesOf(buffer), s);
                    continue;
                }

                direction = decay == 0 ? direction : direction.add(all[i], shrink);

                if (buffer is not null)
                {
                    buffer.mul_(keep).add_(direction);
                    direction = nesterov ? direction.add(buffer, keep) : buffer;
                }

                all[i].add_(direction, down);
            }
        });
    }

    public void AdamStep(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> firstMoments, IReadOnlyList<Tensor> secondMoments,
        in AdamStep step)
    {
        Require(step.StepNumber > 0, $"step number {step.StepNumber}");
        AdamStep s = step;
        torch.Tensor[] all = In(parameters), first = State(parameters, firstMoments, kept: true), second = State(parameters, secondMoments, kept: true);
        double size = s.LearningRate / (1 - Math.Pow(s.Beta1, s.StepNumber));
        double rootCorrection = Math.Sqrt(1 - Math.Pow(s.Beta2, s.StepNumber));
        Update(numbers =>
        {
            (Scalar beta1, Scalar rest1, Scalar beta2, Scalar rest2) =
                (numbers[s.Beta1], numbers[1 - s.Beta1], numbers[s.Beta2], numbers[1 - s.Beta2]);
            (Scalar root, Scalar epsilon, Scalar down) = (numbers[rootCorrection], numbers[s.Epsilon], numbers[-size]);
            (Scalar coupled, Scalar decoupled) = (numbers[s.WeightDecay], numbers[1 - (s.LearningRate * s.WeightDecay)]);
            for (int i = 0; i < all.Length; i++)
            {
                if (all[i].grad is not { } gradient)
                {
                    continue;
                }

                if (IsPlain(all[i], gradient, first[i], second[i]))
                {
                    OptimizerLoops.Adam(ValuesOf(all[i]), ValuesOf(gradient), ValuesOf(first[i]), ValuesOf(second[i]), s);
                    continue;
                }

                gradient = s.Decoupled || s.WeightDecay == 0 ? gradient : gradient.add(all[i], coupled);
                if (s.Decoupled && s.WeightDecay != 0)
                {
                    all[i].mul_(decoupled);
                }

                first[i].mul_(beta1).add_(gradient, rest1);
                second[i].mul_(beta2).addcmul_(gradient, gradient, rest2);
                all[i].addcdiv_(first[i], second[i].sqrt().div_(root).add_(epsilon), down);
            }
        });
    }

    public void RmsPropStep(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> squareAverages, IReadOnlyList<Tensor> momentumBuffers,
        in RmsPropStep step)
    {
        RmsPropStep s = step;
        torch.Tensor[] all = In(parameters), squares = State(parameters, squareAverages, kept: true);
        torch.Tensor[] buffers = State(parameters, momentumBuffers, kept: s.Momentum != 0);
        Update(numbers =>
        {
            (Scalar alpha, Scalar rest, Scalar epsilon) = (numbers[s.Alpha], numbers[1 - s.Alpha], numbers[s.Epsilon]);
            (Scalar down, Scalar keep, Scalar decay) = (numbers[-s.LearningRate], numbers[s.Momentum], numbers[s.WeightDecay]);
            for (int i = 0; i < all.Length; i++)
            {
                torch.Tensor? buffer = s.Momentum != 0 ? buffers[i] : null;
                if (all[i].grad is not { } gradient)
                {
                    continue;
                }

                if (IsPlain(all[i], gradient, squares[i], buffer))
                {
                    OptimizerLoops.RmsProp(ValuesOf(all[i]), ValuesOf(gradient), ValuesOf(squares[i]), ValuesOf(buffer), s);
                    continue;
                }

                gradient = s.WeightDecay == 0 ? gradient : gradient.add(all[i], decay);

                torch.Tensor average = squares[i].mul_(alpha).addcmul_(gradient, gradient, rest).sqrt().add_(epsilon);
                _ = buffer is not null
                    ? all[i].add_(buffer.mul_(keep).addcdiv_(gradient, average, numbers[1.0]), down)
                    : all[i].addcdiv_(gradient, average, down);
            }
        });
    }

    /// <summary>Whether all lie in memory as plain arrays in the same order, for Core's loops; those of devices never do.</summary>
    private static bool IsPlain(params ReadOnlySpan<torch.Tensor?> tensors)
    {
        foreach (torch.Tensor? tensor in tensors)
        {
            if (tensor is not null && !(tensor.is_cpu() && tensor.dtype == torch.ScalarType.Float32 && TensorMemory.IsShown(tensor)))
            {
                return false;
            }
        }

        return true;
    }

    private static Span<float> ValuesOf(torch.Tensor? tensor) => tensor is null ? [] : TensorMemory.ValuesOf<float>(tensor);

    private static torch.Tensor? GradientOf(TorchSharpTensor tensor) =>
        tensor.KeepsGradient || tensor.Inner.is_leaf ? tensor.Inner.grad : null;

    private static torch.Tensor[] GradientsOf(TorchSharpTensor[] tensors) => [.. tensors.Select(GradientOf).OfType<torch.Tensor>()];

    private static TorchSharpTensor[] OwnOf(IReadOnlyList<Tensor> tensors, string operation) =>
        [.. tensors.Select(tensor => Own(tensor, operation))];

    /// <summary>The state tensors of all parameters, which are of their sizes and on their device; none where the optimizer keeps none.</summary>
    private static torch.Tensor[] State(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> state, bool kept, [CallerMemberName] string operation = "")
    {
        if (!kept)
        {
            return [];
        }

        Require(state.Count == parameters.Count, $"{state.Count} state tensors for {parameters.Count} parameters", operation);
        torch.Tensor[] inner = new torch.Tensor[state.Count];
        for (int i = 0; i < inner.Length; i++)
        {
            (TorchSharpTensor parameter, TorchSharpTensor kind) = (Own(parameters[i], operation), Own(state[i], operation));
            Require(
                kind.Shape.AsSpan().SequenceEqual(parameter.Shape) && kind.ElementType == parameter.ElementType,
                $"state of ({string.Join(", ", kind.Shape)}) for a parameter of ({string.Join(", ", parameter.Shape)})", operation);
            inner[i] = kind.Inner;
        }

        return inner;
    }
}
