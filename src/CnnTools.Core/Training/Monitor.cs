namespace CnnTools.Training;

/// <summary>
/// The figure of an epoch that a training may decide on. Those of the test split only where the user says so: what was chosen
/// on a split looks better there than it is.
/// </summary>
public enum Monitor
{
    ValidationLoss,
    ValidationAccuracy,
    TestLoss,
    TestAccuracy,
}

/// <summary>What a monitored figure is.</summary>
public static class Monitors
{
    public static bool IsAccuracy(this Monitor monitor) => monitor is Monitor.ValidationAccuracy or Monitor.TestAccuracy;

    public static bool IsOfTest(this Monitor monitor) => monitor is Monitor.TestLoss or Monitor.TestAccuracy;

    /// <summary>The split's name, as records have it.</summary>
    public static string Split(this Monitor monitor) => monitor.IsOfTest() ? "Test" : "Validation";

    /// <summary>Null in epochs without it.</summary>
    public static double? Of(this Monitor monitor, Evaluation? validation, Evaluation? test)
    {
        Evaluation? evaluation = monitor.IsOfTest() ? test : validation;
        return monitor.IsAccuracy() ? evaluation?.Accuracy : evaluation?.Loss;
    }
}
