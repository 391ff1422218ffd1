using System.Globalization;

namespace CnnTools.Training;

/// <summary>How the learning rate changes in the course of a training.</summary>
public enum ScheduleKind
{
    Constant,
    Step,
    MultiStep,
    Exponential,
    Cosine,
    OneCycle,
    Plateau,
    Polynomial,
}

/// <summary>What a schedule counts.</summary>
public enum ScheduleUnit
{
    Epoch,
    Step,
}

/// <summary>
/// A learning-rate schedule as it was asked for; null is what PyTorch's scheduler of that name does by default. Lengths are
/// in the schedule's unit, those of the warm-up in epochs.
/// </summary>
public sealed record ScheduleOptions
{
    public ScheduleKind Kind { get; init; }

    /// <summary>Null is steps for OneCycle and epochs for all others.</summary>
    public ScheduleUnit? By { get; init; }

    /// <summary>The epochs that it is made for; those after them keep its last rate. Null is those of the training.</summary>
    public int? Epochs { get; init; }

    /// <summary>Epochs before the schedule begins, in which the rate rises on a straight line.</summary>
    public double? WarmupEpochs { get; init; }

    /// <summary>The share of the learning rate that the warm-up begins with.</summary>
    public double? WarmupFactor { get; init; }

    /// <summary>Step: how long a rate is kept.</summary>
    public int? StepSize { get; init; }

    /// <summary>MultiStep: when the rate falls.</summary>
    public IReadOnlyList<int>? Milestones { get; init; }

    /// <summary>Step, MultiStep, Exponential, Plateau: what the rate is multiplied by when it falls.</summary>
    public double? Gamma { get; init; }

    /// <summary>Cosine, Plateau: what the rate does not fall below. OneCycle: what it ends at.</summary>
    public double? MinLearningRate { get; init; }

    /// <summary>Polynomial: 1 is a straight line.</summary>
    public double? Power { get; init; }

    /// <summary>Plateau: how many epochs may go by without a better figure.</summary>
    public int? Patience { get; init; }

    public ScheduleUnit Unit => By ?? (Kind == ScheduleKind.OneCycle ? ScheduleUnit.Step : ScheduleUnit.Epoch);

    /// <summary>Whether it moves the momentum too.</summary>
    public bool CyclesMomentum => Kind == ScheduleKind.OneCycle;

    /// <summary>As it is asked for: the kind, and what was said beyond it.</summary>
    public override string ToString()
    {
        (string Name, object? Value)[] said =
        [
            (nameof(StepSize), StepSize),
            (nameof(Milestones), Milestones is null ? null : string.Join(',', Milestones)),
            (nameof(Gamma), Gamma),
            (nameof(MinLearningRate), MinLearningRate),
            (nameof(Power), Power),
            (nameof(Patience), Patience),
            (nameof(WarmupEpochs), WarmupEpochs),
            (nameof(WarmupFactor), WarmupFactor),
            ("ScheduleBy", Unit == (this with { By = null }).Unit ? null : Unit),
            (nameof(Epochs), Epochs),
        ];
        return string.Join(", ", said.Where(option => option.Value is not null)
            .Select(option => string.Create(CultureInfo.InvariantCulture, $"{option.Name} {option.Value}"))
            .Prepend(Kind.ToString()));
    }

    /// <exception cref="CnnException">A value is out of its range, is missing, or is another schedule's.</exception>
    public void Validate(double learningRate, int epochs)
    {
        RequireUse(StepSize, nameof(StepSize), ScheduleKind.Step);
        RequireUse(Milestones, nameof(Milestones), ScheduleKind.MultiStep);
        RequireUse(Gamma, nameof(Gamma), ScheduleKind.Step, ScheduleKind.MultiStep, ScheduleKind.Exponential, ScheduleKind.Plateau);
        RequireUse(MinLearningRate, nameof(MinLearningRate), ScheduleKind.Cosine, ScheduleKind.Plateau, ScheduleKind.OneCycle);
        RequireUse(Power, nameof(Power), ScheduleKind.Polynomial);
        RequireUse(Patience, nameof(Patience), ScheduleKind.Plateau);
        RequireGiven(StepSize, nameof(StepSize), ScheduleKind.Step, "-StepSize 30");
        RequireGiven(Milestones, nameof(Milestones), ScheduleKind.MultiStep, "-Milestones 30, 60, 90");
        RequireGiven(Gamma, nameof(Gamma), ScheduleKind.Exponential, "-Gamma 0.95");

        Check(StepSize is null or >= 1, nameof(StepSize), StepSize, "at least 1");
        Check(Milestones is null || (Milestones.Count > 0 && Milestones[0] >= 1 && Milestones.Zip(Milestones.Skip(1)).All(p => p.First < p.Second)),
            nameof(Milestones), string.Join(", ", Milestones ?? []), "rising whole numbers from 1");
        Check(Gamma is null or (> 0 and < 1) || (Gamma is >= 1 and < double.PositiveInfinity && Kind == ScheduleKind.Exponential), nameof(Gamma), Gamma, "above 0 and less than 1");
        Check(MinLearningRate is null || (MinLearningRate >= 0 && MinLearningRate < learningRate),
            nameof(MinLearningRate), MinLearningRate, "at least 0 and less than the learning rate");
        Check(Power is null or > 0 and < double.PositiveInfinity, nameof(Power), Power, "a number above 0");
        Check(Patience is null or >= 0, nameof(Patience), Patience, "at least 0");
        ValidateWarmup(Epochs ?? epochs);

        if (Kind == ScheduleKind.Plateau && By == ScheduleUnit.Step)
        {
            throw Errors.IncompatibleArguments("A Plateau schedule looks at a figure that there is once an epoch, not after each step.",
                "Leave out -ScheduleBy, or use -ScheduleBy Epoch.");
        }
    }

    private void ValidateWarmup(int epochs)
    {
        Check(WarmupEpochs is null or > 0 and < int.MaxValue, nameof(WarmupEpochs), WarmupEpochs, "a number above 0");
        Check(WarmupFactor is null or > 0 and <= 1, nameof(WarmupFactor), WarmupFactor, "above 0 and at most 1");
        if (WarmupFactor is not null && WarmupEpochs is null)
        {
            throw Errors.IncompatibleArguments("-WarmupFactor is for a warm-up, and there is none.", "Say how long it is: -WarmupEpochs 2.");
        }

        if (WarmupEpochs is not null && Kind == ScheduleKind.OneCycle)
        {
            throw Errors.IncompatibleArguments("A OneCycle schedule begins with a warm-up of its own.", "Leave out -WarmupEpochs.");
        }

        if (WarmupEpochs is { } warmup && Unit == ScheduleUnit.Epoch && !double.IsInteger(warmup))
        {
            throw Errors.IncompatibleArguments($"A schedule by epochs has one rate for each epoch, and a warm-up of {warmup:R} ends within one.",
                "Give a whole -WarmupEpochs, or use -ScheduleBy Step.");
        }

        if (WarmupEpochs >= epochs)
        {
            throw Errors.IncompatibleArguments($"The warm-up of {WarmupEpochs:R} epochs leaves nothing of {epochs} for the schedule.",
                "Give fewer -WarmupEpochs or more -Epochs.");
        }
    }

    private void RequireUse(object? value, string parameter, params ScheduleKind[] users)
    {
        if (value is not null && !users.Contains(Kind))
        {
            throw Errors.IncompatibleArguments(
                $"-{parameter} is for the schedule{(users.Length > 1 ? "s" : "")} {Text.List(users.Select(u => u.ToString()))}, not for {Kind}.",
                $"Leave it out, or use -Schedule {users[0]}.");
        }
    }

    private void RequireGiven(object? value, string parameter, ScheduleKind user, string example)
    {
        if (Kind == user && value is null)
        {
            throw Errors.IncompatibleArguments($"The schedule {user} needs -{parameter}.", $"Give it, for example {example}.");
        }
    }

    private static void Check(bool holds, string parameter, object? value, string expected)
    {
        if (!holds)
        {
            throw Errors.InvalidArgument(parameter, value, expected);
        }
    }
}
