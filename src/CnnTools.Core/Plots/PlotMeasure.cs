namespace CnnTools.Plots;

/// <summary>What a curve can show: the columns of an epoch's record that are figures.</summary>
public enum PlotMeasure
{
    TrainLoss,
    ValidationLoss,
    TestLoss,
    TrainAccuracy,
    ValidationAccuracy,
    TestAccuracy,
    LearningRate,
    Seconds,
    ImagesPerSecond,
    PeakMemoryBytes,
}

/// <summary>What a curve is drawn over.</summary>
public enum PlotAxis
{
    Epoch,

    /// <summary>Optimizer steps since the training began.</summary>
    Step,

    /// <summary>Time since the first epoch that is drawn began.</summary>
    Seconds,
}
