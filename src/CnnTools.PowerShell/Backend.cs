using CnnTools.Backends;
using CnnTools.Images;

namespace CnnTools.PowerShell;

/// <summary>The backend that the cmdlets run on; loaded when a cmdlet first computes, not at import.</summary>
internal static class Backend
{
    public static IBackend Current => Engine.Backend;

    /// <summary>What reads and writes image files.</summary>
    public static IImageCodec Images => Engine.Images;

    /// <summary>The device for a name: auto is the first accelerator, else the CPU.</summary>
    /// <exception cref="CnnException">There is none: the error lists those there are.</exception>
    public static Device GetDevice(string? name)
    {
        IReadOnlyList<DeviceInfo> present = Current.GetDevices();
        if (string.IsNullOrEmpty(name) || name.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            return present.Select(d => d.Device).OrderByDescending(d => d.Type).ThenBy(d => d.Index).First();
        }

        Device? device = Device.TryParse(name);
        return device is { } wanted && present.Any(d => d.Device == wanted)
            ? wanted
            : throw Errors.DeviceAbsent(name, present);
    }
}
