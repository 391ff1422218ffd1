namespace CnnTools.Training;

/// <summary>
/// The figure of an epoch that a training may decide on. Those of the test split only where the user says so: what was chosen
/// on a split looks better there than it is.
/// </summary>
public enum MonitoredFigure
{
    ValidationLoss,
    ValidationAccuracy,
    TestLoss,
    TestAccuracy,
}

/// <summary>What a monitored figure is.</summary>
public static class MonitoredFigures
{
    public static bool IsAccuracy(this MonitoredFigure monitor) => monitor is MonitoredFigure.ValidationAccuracy or MonitoredFigure.TestAccuracy;

    public static bool IsOfTest(this MonitoredFigure monitor) => monitor is MonitoredFigure.TestLoss or MonitoredFigure.TestAccuracy;

    /// <summary>The split's name, as records have it.</summary>
    public static string Split(this MonitoredFigure monitor) => monitor.IsOfTest() ? "Test" : "Validation";

    /// <summary>Null in epochs without it.</summary>
    public static double? Of(this MonitoredFigure monitor, Evaluation? validation, Evaluation? test)
    {
        Evaluation? evaluation = monitor.IsOfTest() ? test : validation;
        return monitor.IsAccuracy() ? evaluation?.Accuracy : evaluation?.Loss;
    }

    /// <summary>The same of an epoch's record.</summary>
    public static double? Of(this MonitoredFigure monitor, EpochRecord epoch) => monitor switch
    {
        MonitoredFigure.ValidationLoss => epoch.ValidationLoss,
        MonitoredFigure.ValidationAccuracy => epoch.ValidationAccuracy,
        MonitoredFigure.TestLoss => epoch.TestLoss,
        _ => epoch.TestAccuracy,
    };
}
