namespace CnnTools.Training;

/// <summary>What a schedule says for a step.</summary>
/// <param name="Momentum">For SGD and RMSprop the momentum, for Adam the first beta; null is the optimizer's own.</param>
public readonly record struct Pace(double LearningRate, double? Momentum = null);

/// <summary>
/// The learning rate of each step, by a formula of the time alone, so that a training that goes on needs nothing but its
/// position; a plateau's rate is the one that has a state, <see cref="Plateau"/>. Each equals PyTorch's scheduler of that
/// name, a warm-up its LinearLR before the other in a SequentialLR.
/// </summary>
public sealed class Schedule
{
    private const double UsualWarmupFactor = 1.0 / 3;

    private readonly ScheduleOptions _options;
    private readonly MonitoredFigure? _monitor;
    private readonly double _rate;
    private readonly int _warmup;
    private readonly int _length;

    public Schedule(TrainingOptions options, int stepsPerEpoch)
    {
        _options = options.Schedule;
        _monitor = options.MonitorInUse;
        _rate = options.EffectiveLearningRate;
        double unitsPerEpoch = _options.Unit == ScheduleUnit.Step ? stepsPerEpoch : 1;
        _warmup = (int)Math.Round((_options.WarmupEpochs ?? 0) * unitsPerEpoch);
        _length = (int)Math.Min(int.MaxValue, (_options.Epochs ?? options.Epochs) * unitsPerEpoch) - _warmup;
    }

    /// <summary>A plateau's state after an epoch, which is counted from 0; in the warm-up it looks at nothing.</summary>
    public Plateau? Observe(int epoch, Evaluation? validation, Evaluation? test, Plateau? plateau) =>
        _options.Kind == ScheduleKind.Plateau && epoch >= _warmup && _monitor?.Of(validation, test) is { } figure
            ? (plateau ?? new() { LearningRate = _rate }).After(figure, _monitor.Value.IsAccuracy(), _options)
            : plateau;

    /// <param name="epoch">The running one, from 0.</param>
    /// <param name="step">Steps taken before.</param>
    public Pace At(int epoch, long step, Plateau? plateau)
    {
        long time = _options.Unit == ScheduleUnit.Step ? step : epoch;
        if (time < _warmup)
        {
            double factor = _options.WarmupFactor ?? UsualWarmupFactor;
            return new(_rate * (factor + ((1 - factor) * time / _warmup)));
        }

        return After((int)Math.Min(time - _warmup, int.MaxValue), plateau);
    }

    /// <summary>The pace so long after the warm-up.</summary>
    private Pace After(int time, Plateau? plateau) => _options.Kind switch
    {
        ScheduleKind.Step => new(_rate * Math.Pow(_options.Gamma ?? 0.1, time / _options.StepSize!.Value)),
        ScheduleKind.MultiStep => new(_rate * Math.Pow(_options.Gamma ?? 0.1, _options.Milestones!.Count(m => m <= time))),
        ScheduleKind.Exponential => new(_rate * Math.Pow(_options.Gamma!.Value, time)),
        ScheduleKind.Cosine => new(Cosine(_rate, _options.MinLearningRate ?? 0, Share(time))),
        ScheduleKind.Polynomial => new(_rate * Math.Pow(1 - Share(time), _options.Power ?? 1)),
        ScheduleKind.OneCycle => OneCycle(time),
        ScheduleKind.Plateau => new(plateau?.LearningRate ?? _rate),
        _ => new(_rate),
    };

    /// <summary>Up in the first 30 % and down in the rest, on half cosines; the momentum goes the other way.</summary>
    private Pace OneCycle(int time)
    {
        const double RiseShare = 0.3, FirstDivisor = 25, LastDivisor = 1e4, LeastMomentum = 0.85, MostMomentum = 0.95;
        double first = _rate / FirstDivisor;
        double last = _options.MinLearningRate ?? first / LastDivisor;
        double peak = (RiseShare * _length) - 1;
        if (time <= peak)
        {
            double risen = time / peak;
            return new(Cosine(first, _rate, risen), Cosine(MostMomentum, LeastMomentum, risen));
        }

        double fallen = Math.Min(1, (time - peak) / (_length - 1 - peak));
        return new(Cosine(_rate, last, fallen), Cosine(LeastMomentum, MostMomentum, fallen));
    }

    private double Share(int time) => Math.Min(1, (double)time / _length);

    /// <summary>From one value to another along half a cosine.</summary>
    private static double Cosine(double from, double to, double share) =>
        to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);
}
