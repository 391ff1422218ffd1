using CnnTools.Data;

namespace CnnTools.Tests.Data;

internal static class PixelStatistics
{
    /// <summary>Over all pixels, scaled to [0, 1].</summary>
    public static (double Mean, double Deviation) Of(ImageSet images)
    {
        long sum = 0, squares = 0;
        foreach (byte pixel in images.Pixels)
        {
            sum += pixel;
            squares += pixel * pixel;
        }

        double mean = sum / (double)images.Pixels.Length;
        return (mean / 255, Math.Sqrt((squares / (double)images.Pixels.Length) - (mean * mean)) / 255);
    }
}
