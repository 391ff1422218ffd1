using CnnTools.Training;

namespace CnnTools.Tests;

/// <summary>Every schedule equals PyTorch's scheduler over 200 steps, with a warm-up and without one.</summary>
public sealed class ScheduleParityTests
{
    private const int Steps = 200;
    private const double Rate = 0.05;

    // Two schedulers in PyTorch multiply from step to step, and round each time.
    private const double Tolerance = 1e-9;

    private static readonly double[] Figures = [.. Enumerable.Range(0, Steps).Select(i => 1 + (0.5 * Math.Sin(i / 7.0)) - (i / 900.0))];

    private static IReadOnlyList<Case> Cases { get; } =
    [
        new("ConstantLR", new(), []),
        new("StepLR", new() { Kind = ScheduleKind.Step, StepSize = 30 }, new() { ["step_size"] = 30 }),
        new("StepLR", new() { Kind = ScheduleKind.Step, StepSize = 7, Gamma = 0.8 }, new() { ["step_size"] = 7, ["gamma"] = 0.8 }),
        new("MultiStepLR", new() { Kind = ScheduleKind.MultiStep, Milestones = [20, 90, 150], Gamma = 0.3 },
            new() { ["milestones"] = (int[])[20, 90, 150], ["gamma"] = 0.3 }),
        new("ExponentialLR", new() { Kind = ScheduleKind.Exponential, Gamma = 0.97 }, new() { ["gamma"] = 0.97 }),
        new("CosineAnnealingLR", new() { Kind = ScheduleKind.Cosine }, new() { ["T_max"] = Steps }),
        new("CosineAnnealingLR", new() { Kind = ScheduleKind.Cosine, MinLearningRate = 1e-3 }, new() { ["T_max"] = Steps, ["eta_min"] = 1e-3 }),
        new("PolynomialLR", new() { Kind = ScheduleKind.Polynomial }, new() { ["total_iters"] = Steps }),
        new("PolynomialLR", new() { Kind = ScheduleKind.Polynomial, Power = 2.5 }, new() { ["total_iters"] = Steps, ["power"] = 2.5 }),
        new("OneCycleLR", new() { Kind = ScheduleKind.OneCycle }, new() { ["max_lr"] = Rate, ["total_steps"] = Steps }),
        new("OneCycleLR", new() { Kind = ScheduleKind.OneCycle, MinLearningRate = 1e-5 },
            new() { ["max_lr"] = Rate, ["total_steps"] = Steps, ["final_div_factor"] = Rate / 25 / 1e-5 }),
        new("OneCycleLR", new() { Kind = ScheduleKind.OneCycle }, new() { ["max_lr"] = Rate, ["total_steps"] = Steps }, "Adam"),
        new("ReduceLROnPlateau", new() { Kind = ScheduleKind.Plateau }, []),
        new("ReduceLROnPlateau", new() { Kind = ScheduleKind.Plateau, Gamma = 0.5, Patience = 2, MinLearningRate = 1e-4 },
            new() { ["factor"] = 0.5, ["patience"] = 2, ["min_lr"] = 1e-4 }),
        new("ReduceLROnPlateau", new() { Kind = ScheduleKind.Plateau, Gamma = 0.5, Patience = 4 },
            new() { ["factor"] = 0.5, ["patience"] = 4, ["mode"] = "max" }, "SGD", MonitoredFigure.ValidationAccuracy),
        new("CosineAnnealingLR", new() { Kind = ScheduleKind.Cosine, WarmupEpochs = 15 }, new() { ["T_max"] = Steps - 15 }),
        new("StepLR", new() { Kind = ScheduleKind.Step, StepSize = 30, WarmupEpochs = 10, WarmupFactor = 0.01 }, new() { ["step_size"] = 30 }),
        new("MultiStepLR", new() { Kind = ScheduleKind.MultiStep, Milestones = [20, 90], WarmupEpochs = 30 },
            new() { ["milestones"] = (int[])[20, 90] }),
        new("ExponentialLR", new() { Kind = ScheduleKind.Exponential, Gamma = 0.97, WarmupEpochs = 5 }, new() { ["gamma"] = 0.97 }),
        new("PolynomialLR", new() { Kind = ScheduleKind.Polynomial, Power = 2, WarmupEpochs = 25 },
            new() { ["total_iters"] = Steps - 25, ["power"] = 2 }),
        new("ReduceLROnPlateau", new() { Kind = ScheduleKind.Plateau, Patience = 3, Gamma = 0.5, WarmupEpochs = 12 },
            new() { ["patience"] = 3, ["factor"] = 0.5 }),
    ];

    [PyTorchFact]
    public void Rates_and_momenta_are_those_of_PyTorch()
    {
        using PyTorchExchange exchange = new();
        exchange.WriteRequest(new
        {
            Cases = Cases.Select(c => new
            {
                c.Scheduler,
                Options = c.PyTorchOptions,
                Warmup = c.Options.WarmupEpochs ?? 0,
                Factor = c.Options.WarmupFactor ?? (1.0 / 3),
                c.Optimizer,
                Rate,
                Figures,
                Steps,
            }),
        });
        exchange.Run("schedules.py");

        foreach ((Case schedule, Paces expected) in Cases.Zip(exchange.ReadResult<Paces[]>()))
        {
            Compare(schedule, ScheduleUnit.Epoch, expected);
            if (schedule.Options.Kind != ScheduleKind.Plateau)
            {
                Compare(schedule, ScheduleUnit.Step, expected);
            }
        }
    }

    /// <summary>By epochs of five steps each, and by steps in as many epochs of one.</summary>
    private static void Compare(Case compared, ScheduleUnit unit, Paces expected)
    {
        TrainingOptions options = new()
        {
            Schedule = compared.Options with { By = unit },
            LearningRate = Rate,
            Epochs = Steps,
            ValidationSplit = 0.1,
            // PyTorch's mode is min, unless it is told otherwise.
            Monitor = compared.Monitor ?? MonitoredFigure.ValidationLoss,
        };
        int stepsPerEpoch = unit == ScheduleUnit.Epoch ? 5 : 1;
        Schedule schedule = new(options, stepsPerEpoch);
        Plateau? plateau = null;
        for (int epoch = 0; epoch < Steps; epoch++)
        {
            for (int step = 0; step < stepsPerEpoch; step++)
            {
                Pace pace = schedule.At(epoch, (epoch * stepsPerEpoch) + step, plateau);
                double rate = expected.Rates[epoch];
                Assert.True(Math.Abs(rate - pace.LearningRate) <= Tolerance * Rate,
                    $"{compared.Scheduler} {compared.Options}, by {unit}: {pace.LearningRate:R} at {epoch}, PyTorch has {rate:R}.");
                Assert.Equal(compared.Options.CyclesMomentum, pace.Momentum is not null);
                Assert.Equal(pace.Momentum ?? expected.Momenta[epoch], expected.Momenta[epoch], 1e-12);
            }

            plateau = schedule.Observe(epoch, Evaluated(Figures[epoch]), test: null, plateau);
        }
    }

    private static Evaluation Evaluated(double figure) => new()
    {
        Model = "",
        Dataset = "",
        Split = "Validation",
        Images = 1,
        Loss = figure,
        Accuracy = figure,
        Top5Accuracy = 1,
        CalibrationError = 0,
        Worst = [],
        Seconds = 0,
        Classes = [],
        ConfusionMatrix = [],
    };

    private sealed record Case(
        string Scheduler, ScheduleOptions Options, Dictionary<string, object> PyTorchOptions, string Optimizer = "SGD",
        MonitoredFigure? Monitor = null);

    private sealed record Paces(double[] Rates, double[] Momenta);
}
