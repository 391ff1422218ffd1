using System.Globalization;

namespace CnnTools.Backends;

public enum DeviceType
{
    Cpu = 0,
    Cuda = 1,
}

/// <summary>A place where tensors live: cpu, or cuda:0, cuda:1 and so on.</summary>
public readonly record struct Device(DeviceType Type, int Index = 0)
{
    public static Device Cpu { get; } = new(DeviceType.Cpu);

    /// <summary>Reads cpu, cuda or cuda:N; null where the text is none of these.</summary>
    public static Device? TryParse(string text)
    {
        string name = text.Trim().ToLowerInvariant();
        if (name == "cpu")
        {
            return Cpu;
        }

        if (name == "cuda")
        {
            return new Device(DeviceType.Cuda);
        }

        const string prefix = "cuda:";
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                ? new Device(DeviceType.Cuda, index)
                : null;
    }

    public override string ToString() => Type == DeviceType.Cpu ? "cpu" : $"cuda:{Index}";
}

/// <summary>A device that is there, as a backend reports it. Sizes are in bytes; 0 where unknown.</summary>
public sealed record DeviceInfo(Device Device, string Name, long TotalMemory, long FreeMemory);
