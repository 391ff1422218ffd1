using CnnTools.Data;

namespace CnnTools.Tests;

/// <summary>
/// Colour images of CIFAR-10's size that need no files: each class has a colour wave that runs across the image in its
/// own direction, under noise. A third of the images have any label, so that there is always something left to learn:
/// a loss of nearly 0 would make steps of denormal numbers, whose speed is another.
/// </summary>
internal static class ColourImages
{
    private const int Side = 32;
    private const int Classes = 10;

    public static ImageSet Draw(ulong seed, int count)
    {
        RandomStream random = new(seed, "colour images");
        byte[] pixels = new byte[count * 3 * Side * Side];
        int[] labels = new int[count];
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            int label = random.NextInt32(Classes);
            labels[i] = random.NextInt32(3) == 0 ? random.NextInt32(Classes) : label;
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * label / Classes);
            double phase = random.NextDouble();
            for (int channel = 0; channel < 3; channel++)
            {
                double shift = phase + ((double)channel * label / Classes);
                for (int pixel = 0; pixel < Side * Side; pixel++)
                {
                    double along = ((pixel % Side * cosine) + (pixel / Side * sine)) / Side;
                    double noise = random.NextDouble(-70, 70);
                    pixels[next++] = (byte)Math.Clamp(
                        128 + (60 * Math.Sin(2 * Math.PI * ((2 * along) + shift))) + noise, 0, 255);
                }
            }
        }

        return new(pixels, labels, new Shape(3, Side, Side));
    }
}
