using CnnTools.Backends;

namespace CnnTools.LibTorch;

// Batches of bytes, changed image by image.
public sealed partial class LibTorchBackend
{
    private const int Levels = 256;
    private const int MatrixSize = 6;
    private const int BoxSize = 4;

    public Tensor SelectPixels(
        Tensor images, ReadOnlySpan<long> indices, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, byte fill)
    {
        int height = OfEach(nameof(SelectPixels), rows.Length, indices.Length);
        int width = OfEach(nameof(SelectPixels), columns.Length, indices.Length);
        int status = NativeMethods.SelectPixels(
            In(images), indices, rows, columns, indices.Length, height, width, fill, out TensorHandle result);
        return Result(status, result);
    }

    public void PutImages(Tensor images, ReadOnlySpan<long> indices, Tensor part) =>
        Check(NativeMethods.PutImages(In(images), indices, indices.Length, In(part)));

    public long[] CountBytes(Tensor images)
    {
        long[] counts = new long[images.Sizes[0] * images.Sizes[1] * Levels];
        Check(NativeMethods.CountBytes(In(images), counts, counts.Length));
        return counts;
    }

    public Tensor MapBytes(Tensor images, ReadOnlySpan<byte> tables)
    {
        CheckCount(nameof(MapBytes), tables.Length, [images.Sizes[0], images.Sizes[1], Levels]);
        return Result(NativeMethods.MapBytes(In(images), tables, images.Sizes[0], out TensorHandle result), result);
    }

    public Tensor BlendImages(Tensor images, ReadOnlySpan<double> ratios, BlendPartner partner) =>
        Result(NativeMethods.BlendImages(In(images), ratios, ratios.Length, (int)partner, out TensorHandle result), result);

    public Tensor ShiftHue(Tensor images, ReadOnlySpan<double> shifts) =>
        Result(NativeMethods.ShiftHue(In(images), shifts, shifts.Length, out TensorHandle result), result);

    public Tensor WarpImages(Tensor images, ReadOnlySpan<float> matrices, Interpolation interpolation, byte fill)
    {
        CheckCount(nameof(WarpImages), matrices.Length, [images.Sizes[0], MatrixSize]);
        int status = NativeMethods.WarpImages(
            In(images), matrices, images.Sizes[0], interpolation == Interpolation.Bilinear ? 1 : 0, fill, out TensorHandle result);
        return Result(status, result);
    }

    public Tensor ResizeCrops(Tensor images, ReadOnlySpan<long> boxes)
    {
        CheckCount(nameof(ResizeCrops), boxes.Length, [images.Sizes[0], BoxSize]);
        return Result(NativeMethods.ResizeCrops(In(images), boxes, images.Sizes[0], out TensorHandle result), result);
    }

    public void EraseBoxes(Tensor images, ReadOnlySpan<long> boxes, float value)
    {
        CheckCount(nameof(EraseBoxes), boxes.Length, [images.Sizes[0], BoxSize]);
        Check(NativeMethods.EraseBoxes(In(images), boxes, images.Sizes[0], value));
    }

    private static int OfEach(string operation, int values, int images)
    {
        int each = images == 0 ? 0 : values / images;
        CheckCount(operation, values, [images, each]);
        return each;
    }
}
