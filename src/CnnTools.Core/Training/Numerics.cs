using CnnTools.Backends;

namespace CnnTools.Training;

/// <summary>
/// The precision of a training, and whether it is deterministic. Of CUDA devices both are one for the whole process: trainings
/// that run at once must agree.
/// </summary>
internal static class Numerics
{
    private static readonly ProcessSetting<NumericMode> Setting =
        new(backend => backend.NumericMode, (backend, mode) => backend.NumericMode = mode, (_, inUse) => Errors.NumericModeInUse(inUse))
        {
            Otherwise = default(NumericMode),
        };

    /// <summary>Holds until the result is disposed; null where nothing has to be set, as on the CPU.</summary>
    /// <exception cref="CnnException">The device has no such precision, or a training that runs now has it otherwise.</exception>
    public static IDisposable? Use(IBackend backend, TrainingOptions options)
    {
        if (options.Precision == Precision.BFloat16 && !backend.Info.Capabilities.HasFlag(BackendCapabilities.MixedPrecision))
        {
            throw Errors.PrecisionNotInBackend(options.Precision, backend.Info.Name);
        }

        if (!backend.Supports(options.Device, options.Precision))
        {
            throw Errors.PrecisionAbsent(options.Precision, backend.GetDevices().Single(d => d.Device == options.Device),
                Enum.GetValues<Precision>().Where(p => backend.Supports(options.Device, p)));
        }

        return options.Device.Type == DeviceType.Cpu ? null : Use(backend, new NumericMode(options.Precision == Precision.TF32, options.Deterministic));
    }

    internal static IDisposable Use(IBackend backend, NumericMode mode) => Setting.Use(backend, mode);
}
