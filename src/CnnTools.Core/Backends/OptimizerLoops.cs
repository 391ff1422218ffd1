using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnTools.Backends;

/// <summary>
/// Optimizer steps over the values of one parameter that lie in memory, each read and written once; for backends that have
/// no such loops of their own. The same operations in the same order as src/native/update_loops.cpp, and so the same bits.
/// </summary>
public static class OptimizerLoops
{
    /// <param name="momentumBuffer">Of as many values, or empty where the momentum is 0.</param>
    public static void Sgd(Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> momentumBuffer, in SgdStep step) =>
        Run(parameter, gradient, momentumBuffer, [], new SgdUpdate(step));

    public static void Adam(
        Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment, in AdamStep step) =>
        Run(parameter, gradient, firstMoment, secondMoment, new AdamUpdate(step));

    /// <param name="momentumBuffer">Of as many values, or empty where the momentum is 0.</param>
    public static void RmsProp(
        Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> squareAverage, Span<float> momentumBuffer, in RmsPropStep step) =>
        Run(parameter, gradient, squareAverage, momentumBuffer, new RmsPropUpdate(step));

    /// <summary>The update of as many values as the processor computes at once.</summary>
    private interface IUpdate
    {
        void Apply(ref Vector<float> parameter, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second);
    }

    private static void Run<T>(Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, in T update)
        where T : struct, IUpdate
    {
        Span<Vector<float>> values = MemoryMarshal.Cast<float, Vector<float>>(parameter);
        ReadOnlySpan<Vector<float>> gradients = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        Span<Vector<float>> firsts = MemoryMarshal.Cast<float, Vector<float>>(first);
        Span<Vector<float>> seconds = MemoryMarshal.Cast<float, Vector<float>>(second);
        Vector<float> none = default;
        for (int i = 0; i < values.Length; i++)
        {
            update.Apply(
                ref values[i], gradients[i], ref i < firsts.Length ? ref firsts[i] : ref none,
                ref i < seconds.Length ? ref seconds[i] : ref none);
        }

        // What is left fills no vector: it goes through one that is filled up.
        int done = values.Length * Vector<float>.Count;
        if (done == parameter.Length)
        {
            return;
        }

        Vector<float> last = Load(parameter[done..]), lastFirst = Load(first.IsEmpty ? first : first[done..]);
        Vector<float> lastSecond = Load(second.IsEmpty ? second : second[done..]);
        update.Apply(ref last, Load(gradient[done..]), ref lastFirst, ref lastSecond);
        Store(last, parameter[done..]);
        Store(lastFirst, first.IsEmpty ? first : first[done..]);
        Store(lastSecond, second.IsEmpty ? second : second[done..]);
    }

    private static Vector<float> Load(ReadOnlySpan<float> values)
    {
        Span<float> padded = stackalloc float[Vector<float>.Count];
        padded.Clear();
        values.CopyTo(padded);
        return new(padded);
    }

    private static void Store(Vector<float> values, Span<float> to)
    {
        Span<float> all = stackalloc float[Vector<float>.Count];
        values.CopyTo(all);
        all[..to.Length].CopyTo(to);
    }

    private readonly struct SgdUpdate(in SgdStep step) : IUpdate
    {
        private readonly Vector<float> _rate = new((float)-step.LearningRate);
        private readonly Vector<float> _momentum = new((float)step.Momentum);
        private readonly Vector<float> _decay = new((float)step.WeightDecay);
        private readonly bool _hasMomentum = step.Momentum != 0;
        private readonly bool _nesterov = step.Nesterov;

        public void Apply(ref Vector<float> parameter, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            Vector<float> direction = gradient + (_decay * parameter);
            if (_hasMomentum)
            {
                first = (_momentum * first) + direction;
                direction = _nesterov ? direction + (_momentum * first) : first;
            }

            parameter += _rate * direction;
        }
    }

    private readonly struct AdamUpdate : IUpdate
    {
        private readonly Vector<float> _beta1, _rest1, _beta2, _rest2, _root, _epsilon, _size, _decay, _scale;

        public AdamUpdate(in AdamStep step)
        {
            (_beta1, _rest1) = (new((float)step.Beta1), new((float)(1 - step.Beta1)));
            (_beta2, _rest2) = (new((float)step.Beta2), new((float)(1 - step.Beta2)));
            _root = new((float)Math.Sqrt(1 - Math.Pow(step.Beta2, step.StepNumber)));
            _epsilon = new((float)step.Epsilon);
            _size = new((float)-(step.LearningRate / (1 - Math.Pow(step.Beta1, step.StepNumber))));
            _decay = new((float)(step.Decoupled ? 0 : step.WeightDecay));
            _scale = new((float)(step.Decoupled ? 1 - (step.LearningRate * step.WeightDecay) : 1));
        }

        public void Apply(ref Vector<float> parameter, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            Vector<float> direction = gradient + (_decay * parameter);
            first = (_beta1 * first) + (_rest1 * direction);
            second = (_beta2 * second) + (_rest2 * direction * direction);
            parameter = (_scale * parameter) + (_size * first / ((Vector.SquareRoot(second) / _root) + _epsilon));
        }
    }

    private readonly struct RmsPropUpdate(in RmsPropStep step) : IUpdate
    {
        private readonly Vector<float> _alpha = new((float)step.Alpha), _rest = new((float)(1 - step.Alpha));
        private readonly Vector<float> _epsilon = new((float)step.Epsilon), _rate = new((float)-step.LearningRate);
        private readonly Vector<float> _decay = new((float)step.WeightDecay), _momentum = new((float)step.Momentum);
        private readonly bool _hasMomentum = step.Momentum != 0;

        public void Apply(ref Vector<float> parameter, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            Vector<float> direction = gradient + (_decay * parameter);
            first = (_alpha * first) + (_rest * direction * direction);
            Vector<float> root = Vector.SquareRoot(first) + _epsilon;
            if (_hasMomentum)
            {
                second = (_momentum * second) + (direction / root);
                parameter += _rate * second;
            }
            else
            {
                parameter += _rate * direction / root;
            }
        }
    }
}
