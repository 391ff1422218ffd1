namespace CnnTools.Predictions;

/// <summary>One input of a network: normalised values of its input's shape.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Values">Row by row.</param>
public sealed record Sample(string Source, float[] Values);
