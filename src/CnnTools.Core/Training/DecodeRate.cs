namespace CnnTools.Training;

/// <summary>How decoding keeps up with training.</summary>
/// <param name="ImagesPerSecond">Images decoded a second while there was room for more.</param>
/// <param name="Waiting">The share of the time that training waited for images: near 0 where the decode keeps ahead.</param>
public readonly record struct DecodeRate(double ImagesPerSecond, double Waiting);
