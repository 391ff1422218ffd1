using CnnTools.Data;
using CnnTools.Runs;

namespace CnnTools.Training;

/// <summary>
/// The range test (Smith 2017): a training whose rate rises from step to step until the loss runs away. It trains a copy: the
/// model is left as it is.
/// </summary>
public sealed class LearningRateFinder(
    CnnModel model, Dataset dataset, Normalization normalization, TrainingOptions options)
{
    private const double Smoothing = 0.9;
    private const double RunAway = 1.25;

    /// <param name="least">The rate of the first step.</param>
    /// <param name="most">The rate of the last one.</param>
    /// <exception cref="CnnException">A value is out of its range, or the data set does not fit.</exception>
    public LearningRateRange Run(double least, double most, int steps, Action<TrainingProgress>? onStep, CancellationToken stop)
    {
        TrainingOptions rising = Rising(least, most, steps);
        using CnnModel copy = Copy();
        List<LearningRateStep> taken = [];
        double average = 0;
        try
        {
            TrainingLoop loop = new(copy, dataset, normalization, rising, TrainingFiles.None, onStep: onStep);
            foreach (StepRecord record in loop.Run(stop).OfType<StepRecord>())
            {
                average = (Smoothing * average) + ((1 - Smoothing) * record.Loss);
                double smoothed = average / (1 - Math.Pow(Smoothing, record.Step));
                taken.Add(new((int)record.Step, record.LearningRate, record.Loss, smoothed));
                if (smoothed > RunAway * taken[0].SmoothedLoss)
                {
                    break;
                }
            }
        }
        catch (CnnException exception) when (exception.Id == "LossNotFinite" && taken.Count > 0)
        {
            // It ran away within one step: that is an end too.
        }

        stop.ThrowIfCancellationRequested();
        return new()
        {
            Model = model.Name,
            Dataset = dataset.Name,
            LearningRate = Steepest(taken),
            Steps = [.. taken],
        };
    }

    /// <summary>
    /// Where the smoothed loss falls fastest. Its lowest point would tell less: on data that are learned by heart there is
    /// no rate at which the loss runs away.
    /// </summary>
    private static double Steepest(List<LearningRateStep> taken)
    {
        int steepest = 0;
        double most = double.NegativeInfinity;
        for (int i = 1; i < taken.Count; i++)
        {
            double fall = taken[i - 1].SmoothedLoss - taken[i].SmoothedLoss;
            (steepest, most) = fall > most ? (i, fall) : (steepest, most);
        }

        return taken[steepest].LearningRate;
    }

    private TrainingOptions Rising(double least, double most, int steps)
    {
        if (steps < 2)
        {
            throw Errors.InvalidArgument("Steps", steps, "at least 2");
        }

        if (!(least > 0 && least < most && double.IsFinite(most)))
        {
            throw Errors.InvalidArgument("MaxLearningRate", most, $"above the -MinLearningRate of {least:R}, which is above 0");
        }

        return options with
        {
            LearningRate = least,
            Schedule = new() { Kind = ScheduleKind.Exponential, By = ScheduleUnit.Step, Gamma = Math.Pow(most / least, 1.0 / (steps - 1)) },
            Epochs = steps,
            MaxSteps = steps,
            LogEvery = 1,
            ValidationSplit = 0,
            TestEvery = 0,
        };
    }

    private CnnModel Copy()
    {
        using IDisposable lease = model.Use("a range test");
        return model.Copy();
    }
}
