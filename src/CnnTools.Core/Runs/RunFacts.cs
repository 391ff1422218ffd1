using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Training;

namespace CnnTools.Runs;

/// <summary>A run's settings and results by name, for tables that put runs side by side.</summary>
internal static class RunFacts
{
    private const string Effective = "Effective";

    /// <summary>All that was chosen or given: network, data, options, versions.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> SettingsOf(RunManifest run) =>
    [
        new(nameof(run.Model), run.Model),
        new(nameof(run.Architecture), run.Architecture),
        new(nameof(run.InputShape), run.InputShape),
        new(nameof(run.Parameters), run.Parameters),
        new(nameof(run.Dataset), run.Dataset),
        .. PropertiesOf(run.Data, nameof(DatasetRequest.Name)),
        new(nameof(run.Fingerprint), run.Fingerprint),
        new(nameof(run.Normalization), run.Normalization),
        .. PropertiesOf(WithoutPin(run.Settings), nameof(TrainingOptions.Run), nameof(TrainingOptions.KeepBest)),
        .. PropertiesOf(run.Environment, nameof(RunEnvironment.Process)),
    ];

    public static IReadOnlyList<KeyValuePair<string, object?>> ResultsOf(CnnRun run) =>
    [
        new(nameof(run.State), run.State),
        new(nameof(run.Epoch), run.Epoch),
        new(nameof(run.TrainLoss), run.TrainLoss),
        new(nameof(run.TrainAccuracy), run.TrainAccuracy),
        new(nameof(run.ValidationAccuracy), run.ValidationAccuracy),
        new(nameof(run.TestAccuracy), run.TestAccuracy),
        new(nameof(run.BestEpoch), run.BestEpoch),
        new(nameof(run.BestValidationAccuracy), run.BestValidationAccuracy),
        new(nameof(run.BestTestAccuracy), run.BestTestAccuracy),
    ];

    /// <summary>A run that was gone on with has the number of epochs in its schedule too: only another one tells anything.</summary>
    private static TrainingOptions WithoutPin(TrainingOptions settings) => settings.Schedule.Epochs == settings.Epochs
        ? settings with { Schedule = settings.Schedule with { Epochs = null } }
        : settings;

    /// <summary>Those of a record, where there is no more.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> SettingsOf(EpochRecord epoch) =>
    [
        new(nameof(epoch.Run), epoch.Run),
        new(nameof(epoch.Model), epoch.Model),
        new(nameof(epoch.Dataset), epoch.Dataset),
        new(nameof(epoch.Device), epoch.Device),
        new(nameof(epoch.LearningRate), epoch.LearningRate),
        new(nameof(epoch.Threads), epoch.Threads),
        new(nameof(epoch.Precision), epoch.Precision),
    ];

    /// <summary>A value's text; equal where the values are.</summary>
    public static string Show(object? value) => value switch
    {
        null or IConvertible or IFormattable => CsvCell.Format(value),
        IEnumerable<string> texts => string.Join(", ", texts),
        _ when HasOwnText(value.GetType()) => $"{value}",
        _ => JsonSerializer.Serialize(value, GraphJson.Options),
    };

    /// <summary>Whether a type says itself how it is told. What a list or a record says on its own keeps silent on what is in lists.</summary>
    private static bool HasOwnText(Type type) =>
        type.GetMethod(nameof(ToString), []) is { } method
            && method.DeclaringType!.Assembly == typeof(RunFacts).Assembly
            && !method.IsDefined(typeof(CompilerGeneratedAttribute));

    /// <summary>
    /// What follows from the others is left out, and what decides no figure. A null that stands for a usual value is told as that.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, object?>> PropertiesOf(object record, params string[] except)
    {
        PropertyInfo[] all = [.. record.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.MetadataToken)];
        return
            from property in all
            where property.CanWrite && !except.Contains(property.Name)
            let told = all.FirstOrDefault(other => other.Name == Effective + property.Name) ?? property
            select KeyValuePair.Create(property.Name, told.GetValue(record));
    }
}
