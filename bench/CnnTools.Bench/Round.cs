namespace CnnTools.Bench;

/// <summary>What one side did in one round.</summary>
/// <param name="Count">Units of work: steps, images.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="CpuSeconds">Time that its process had on all cores.</param>
/// <param name="Value">A result of the work, so that a reader sees that both sides did it: a loss, an accuracy.</param>
internal sealed record Round(double Count, double Seconds, double CpuSeconds, double Value)
{
    public double Rate => Count / Seconds;

    public double CpuRate => Count / CpuSeconds;
}

/// <summary>One of the two that are compared; it keeps its state from round to round.</summary>
internal interface ISide : IDisposable
{
    Round Run();
}
