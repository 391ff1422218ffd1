using CnnTools.Backends;

namespace CnnTools.LibTorch;

// Gradients and optimizer steps.
public sealed partial class LibTorchBackend
{
    public void RequireGradient(Tensor tensor, bool required) =>
        Check(NativeMethods.RequireGradient(In(tensor), required ? 1 : 0));

    public void Backward(Tensor loss) => Check(NativeMethods.Backward(In(loss)));

    public Tensor? GetGradient(Tensor tensor)
    {
        int status = NativeMethods.GetGradient(In(tensor), out TensorHandle result);
        Check(status);
        return result.IsInvalid ? null : Result(status, result);
    }

    public void ClearGradients(IReadOnlyList<Tensor> tensors)
    {
        Check(NativeMethods.ClearGradients(In(tensors), tensors.Count));
        GC.KeepAlive(tensors);
    }

    public double ClipGradientNorm(IReadOnlyList<Tensor> tensors, double most)
    {
        Check(NativeMethods.ClipGradientNorm(In(tensors), tensors.Count, most, out double norm));
        GC.KeepAlive(tensors);
        return norm;
    }

    public void ClipGradientValues(IReadOnlyList<Tensor> tensors, double most)
    {
        Check(NativeMethods.ClipGradientValues(In(tensors), tensors.Count, most));
        GC.KeepAlive(tensors);
    }

    public void Average(IReadOnlyList<Tensor> averages, IReadOnlyList<Tensor> values, double decay)
    {
        Check(NativeMethods.Average(In(averages), State(averages, values, nameof(Average)), averages.Count, decay));
        GC.KeepAlive(averages);
        GC.KeepAlive(values);
    }

    public void SgdStep(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> momentumBuffers, in SgdStep step)
    {
        nint[] buffers = step.Momentum != 0 ? State(parameters, momentumBuffers, nameof(SgdStep)) : [];
        Check(NativeMethods.SgdStep(
            In(parameters), buffers, parameters.Count, step.LearningRate, step.Momentum, step.Nesterov ? 1 : 0,
            step.WeightDecay));
        GC.KeepAlive(parameters);
        GC.KeepAlive(momentumBuffers);
    }

    public void AdamStep(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> firstMoments, IReadOnlyList<Tensor> secondMoments,
        in AdamStep step)
    {
        Check(NativeMethods.AdamStep(
            In(parameters), State(parameters, firstMoments, nameof(AdamStep)),
            State(parameters, secondMoments, nameof(AdamStep)), parameters.Count, step.LearningRate, step.Beta1,
            step.Beta2, step.Epsilon, step.WeightDecay, step.Decoupled ? 1 : 0, step.StepNumber));
        GC.KeepAlive(parameters);
        GC.KeepAlive(firstMoments);
        GC.KeepAlive(secondMoments);
    }

    public void RmsPropStep(
        IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> squareAverages, IReadOnlyList<Tensor> momentumBuffers,
        in RmsPropStep step)
    {
        nint[] buffers = step.Momentum != 0 ? State(parameters, momentumBuffers, nameof(RmsPropStep)) : [];
        Check(NativeMethods.RmsPropStep(
            In(parameters), State(parameters, squareAverages, nameof(RmsPropStep)), buffers, parameters.Count,
            step.LearningRate, step.Alpha, step.Epsilon, step.WeightDecay, step.Momentum));
        GC.KeepAlive(parameters);
        GC.KeepAlive(squareAverages);
        GC.KeepAlive(momentumBuffers);
    }

    // The native side reads as many state tensors as there are parameters.
    private static nint[] State(IReadOnlyList<Tensor> parameters, IReadOnlyList<Tensor> state, string operation) =>
        state.Count == parameters.Count
            ? In(state, operation)
            : throw Errors.BackendFailed(operation, $"{state.Count} state tensors for {parameters.Count} parameters");
}
