using System.Diagnostics;

namespace CnnTools.Bench;

/// <summary>Measures a round of ours.</summary>
internal sealed class RoundClock
{
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private readonly Stopwatch _wall = Stopwatch.StartNew();

    public static RoundClock Start() => new();

    public Round Stop(double count, double value)
    {
        _wall.Stop();
        return new(count, _wall.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - _cpu).TotalSeconds, value);
    }
}
