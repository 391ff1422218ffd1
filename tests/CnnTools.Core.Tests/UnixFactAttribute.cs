namespace CnnTools.Tests;

/// <summary>A test of what Unix alone has: links, device files, permissions.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
        {
            Skip = "Not on Windows.";
        }
    }

    /// <summary>A file that must be there: /dev/full.</summary>
    public string? Needs
    {
        get;
        set
        {
            field = value;
            if (!File.Exists(value))
            {
                Skip = $"There is no '{value}' here.";
            }
        }
    }
}
