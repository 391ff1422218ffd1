namespace CnnTools.Training;

/// <summary>An epoch whose checkpoint is kept as one of the best.</summary>
/// <param name="Figure">The monitored one.</param>
/// <param name="Step">Where the epoch ended: it tells the checkpoint from others.</param>
public sealed record KeptEpoch(double Figure, long Step);
