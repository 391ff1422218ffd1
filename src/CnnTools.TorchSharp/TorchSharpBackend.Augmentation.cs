using System.Runtime.CompilerServices;
using CnnTools.Backends;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace CnnTools.TorchSharp;

// Batches of bytes changed image by image, as torchvision 0.14.1 changes tensors of bytes.
public sealed partial class TorchSharpBackend
{
    private const int MatrixSize = 6;
    private const int BoxSize = 4;
    private const int BlurKernel = 3;

    public Tensor SelectPixels(
        Tensor images, ReadOnlySpan<long> indices, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, byte fill)
    {
        torch.Tensor all = Batch(images, null, nameof(SelectPixels));
        long[] chosen = Indices(indices, all.size(0), nameof(SelectPixels));
        long[] lines = Places(rows, chosen.Length, all.size(2), nameof(SelectPixels));
        long[] across = Places(columns, chosen.Length, all.size(3), nameof(SelectPixels));
        return Composed(numbers => Select(all, chosen, lines, across, fill, numbers));
    }

    public void PutImages(Tensor images, ReadOnlySpan<long> indices, Tensor part)
    {
        torch.Tensor all = Batch(images, null, nameof(PutImages)), replacement = Batch(part, indices.Length, nameof(PutImages));
        long[] places = Indices(indices, all.size(0));
        Update(_ => all.index_copy_(0, torch.tensor(places).to(all.device), replacement));
    }

    public long[] CountBytes(Tensor images)
    {
        torch.Tensor all = Batch(images, null, nameof(CountBytes));
        long planes = all.size(0) * all.size(1);
        long[] counts = new long[planes * Levels];
        using TorchSharpTensor counted = Composed(numbers =>
        {
            torch.Tensor offsets = Range(planes, all.device, numbers).mul_(numbers[(long)Levels]).view(-1, 1);
            torch.Tensor places = Planes(all).to(torch.ScalarType.Int64).add_(offsets);
            return places.view(-1).bincount(null, counts.Length).cpu();
        });
        TensorMemory.Read<long>(counted.Inner, counts);
        return counts;
    }

    public Tensor MapBytes(Tensor images, ReadOnlySpan<byte> tables)
    {
        torch.Tensor all = Batch(images, null, nameof(MapBytes));
        long planes = all.size(0) * all.size(1);
        CheckCount(nameof(MapBytes), tables.Length, [planes, Levels]);
        byte[] values = tables.ToArray();
        return Composed(_ => torch.tensor(values, [planes, Levels]).to(all.device)
            .gather(1, Planes(all).to(torch.ScalarType.Int64)).view(all.shape));
    }

    public Tensor BlendImages(Tensor images, ReadOnlySpan<double> ratios, BlendPartner partner)
    {
        torch.Tensor all = Batch(images, ratios.Length, nameof(BlendImages));
        (float[] own, float[] others) = (new float[ratios.Length], new float[ratios.Length]);
        for (int i = 0; i < own.Length; i++)
        {
            (own[i], others[i]) = ((float)ratios[i], (float)(1 - ratios[i]));
        }

        // Blending cannot change these: grey images have no colours, and tiny ones no inside to be smoothed.
        bool stays = (partner == BlendPartner.Grey && all.size(1) == 1)
            || (partner == BlendPartner.Blurred && (all.size(2) < BlurKernel || all.size(3) < BlurKernel));
        return stays
            ? Result(all.clone)
            : Composed(numbers =>
            {
                torch.Tensor first = Factors(own, all.device) * all, second = Factors(others, all.device) * Partner(all, partner, numbers);
                return (first + second).clamp(numbers[0.0], numbers[255.0]).to(torch.ScalarType.Byte);
            });
    }

    public Tensor ShiftHue(Tensor images, ReadOnlySpan<double> shifts)
    {
        torch.Tensor all = Batch(images, shifts.Length, nameof(ShiftHue));
        Require(all.size(1) == 3, $"images of {all.size(1)} channels have no hue");
        float[] turns = Array.ConvertAll(shifts.ToArray(), shift => (float)shift);
        return Composed(numbers =>
        {
            (torch.Tensor hue, torch.Tensor saturation, torch.Tensor value) =
                HueSaturationValue(all.to(torch.ScalarType.Float32) / numbers[255.0], numbers);
            torch.Tensor turned = (hue + Factors(turns, all.device).squeeze(-1)).remainder(numbers[1.0]);
            return (RedGreenBlue(turned, saturation, value, numbers) * numbers[255.0]).to(torch.ScalarType.Byte);
        });
    }

    public Tensor WarpImages(Tensor images, ReadOnlySpan<float> matrices, Interpolation interpolation, byte fill)
    {
        torch.Tensor all = Batch(images, null, nameof(WarpImages));
        CheckCount(nameof(WarpImages), matrices.Length, [all.size(0), MatrixSize]);
        float[] numbersOfEach = matrices.ToArray();
        bool bilinear = interpolation == Interpolation.Bilinear;
        return Composed(numbers =>
        {
            torch.Tensor grid = WarpGrid(torch.tensor(numbersOfEach, [all.size(0), 2, 3]).to(all.device), all.size(2), all.size(3), numbers);
            torch.Tensor warped = Sample(all.to(torch.ScalarType.Float32));
            if (fill != 0)
            {
                torch.Tensor inside = Sample(torch.ones([all.size(0), 1, all.size(2), all.size(3)], device: all.device));
                warped = bilinear
                    ? (warped * inside) + ((numbers[1.0] - inside) * numbers[(double)fill])
                    : warped.masked_fill_(inside.lt(numbers[0.5]), numbers[(double)fill]);
            }

            return warped.round_().to(torch.ScalarType.Byte);

            torch.Tensor Sample(torch.Tensor from) => functional.grid_sample(
                from, grid, bilinear ? torch.GridSampleMode.Bilinear : torch.GridSampleMode.Nearest, align_corners: false);
        });
    }

    public Tensor ResizeCrops(Tensor images, ReadOnlySpan<long> boxes)
    {
        torch.Tensor all = Batch(images, null, nameof(ResizeCrops));
        CheckCount(nameof(ResizeCrops), boxes.Length, [all.size(0), BoxSize]);
        (long count, long height, long width) = (all.size(0), all.size(2), all.size(3));
        BilinearTaps down = new(), across = new();
        for (int i = 0; i < boxes.Length; i += BoxSize)
        {
            (long top, long left, long rows, long columns) = (boxes[i], boxes[i + 1], boxes[i + 2], boxes[i + 3]);
            Require(
                top >= 0 && left >= 0 && rows > 0 && columns > 0 && rows <= height - top && columns <= width - left,
                $"a box of {rows}x{columns} at {top}, {left} is not within {height}x{width}");
            down.Add(top, rows, height);
            across.Add(left, columns, width);
        }

        long[] each = [.. Enumerable.Range(0, (int)count).Select(i => (long)i)];
        return Composed(numbers =>
        {
            torch.Tensor right = torch.tensor(across.Shares, [count, 1, 1, width]).to(all.device), left = numbers[1.0] - right;
            torch.Tensor lower = torch.tensor(down.Shares, [count, 1, height, 1]).to(all.device), upper = numbers[1.0] - lower;
            torch.Tensor top = (left * Tap(down.First, across.First)) + (right * Tap(down.First, across.Second));
            torch.Tensor bottom = (left * Tap(down.Second, across.First)) + (right * Tap(down.Second, across.Second));
            return ((upper * top) + (lower * bottom)).round_().to(torch.ScalarType.Byte);

            torch.Tensor Tap(long[] rows, long[] columns) => Select(all, each, rows, columns, 0, numbers);
        });
    }

    public void EraseBoxes(Tensor images, ReadOnlySpan<long> boxes, float value)
    {
        torch.Tensor all = In(images);
        Require(all.dtype == torch.ScalarType.Float32 && all.ndim == ImageRank, "images must be float32 (N, C, H, W)");
        long count = all.size(0);
        CheckCount(nameof(EraseBoxes), boxes.Length, [count, BoxSize]);
        long[] each = boxes.ToArray();
        Update(numbers =>
        {
            torch.Tensor box = torch.tensor(each, [count, BoxSize]).to(all.device);
            all.masked_fill_(Within(0, [count, 1, -1, 1]).logical_and(Within(1, [count, 1, 1, -1])), numbers[(double)value]);

            torch.Tensor Within(int axis, long[] sizes)
            {
                torch.Tensor start = box.select(1, axis).unsqueeze(1), end = start + box.select(1, axis + 2).unsqueeze(1);
                torch.Tensor place = Range(all.size(axis + 2), all.device, numbers);
                return place.ge(start).logical_and(place.lt(end)).view(sizes);
            }
        });
    }

    /// <summary>out[n, c, y, x] = images[chosen[n], c, rows[n, y], columns[n, x]], and the fill where row or column is -1.</summary>
    private static torch.Tensor Select(torch.Tensor images, long[] chosen, long[] rows, long[] columns, byte fill, Numbers numbers)
    {
        torch.Device device = images.device;
        long count = chosen.Length, channels = images.size(1);
        if (count == 0)
        {
            return torch.empty([0, channels, 0, 0], torch.ScalarType.Byte, device);
        }

        torch.Tensor image = torch.tensor(chosen, [count, 1, 1, 1]).to(device);
        torch.Tensor channel = Range(channels, device, numbers).view(1, -1, 1, 1);
        torch.Tensor row = torch.tensor(rows, [count, 1, rows.Length / count, 1]).to(device);
        torch.Tensor column = torch.tensor(columns, [count, 1, 1, columns.Length / count]).to(device);
        Scalar zero = numbers[0L];
        return images.index(image, channel, row.clamp_min(zero), column.clamp_min(zero))
            .masked_fill_(row.lt(zero).logical_or(column.lt(zero)), numbers[(long)fill]);
    }

    /// <summary>ITU-R 601's luma, (N, 1, H, W), cut to bytes.</summary>
    private static torch.Tensor Grey(torch.Tensor images, Numbers numbers)
    {
        if (images.size(1) == 1)
        {
            return images;
        }

        Require(images.size(1) == 3, $"images of {images.size(1)} channels have no grey values", nameof(BlendImages));
        torch.Tensor luma = (images.narrow(1, 0, 1) * numbers[0.2989]) + (images.narrow(1, 1, 1) * numbers[0.587])
            + (images.narrow(1, 2, 1) * numbers[0.114]);
        return luma.to(torch.ScalarType.Byte);
    }

    /// <summary>Pooling gives the mean of nine pixels; the middle one counts five times of thirteen.</summary>
    private static torch.Tensor Blurred(torch.Tensor images, Numbers numbers)
    {
        torch.Tensor result = images.clone();
        torch.Tensor middle = result.narrow(2, 1, images.size(2) - 2).narrow(3, 1, images.size(3) - 2);
        torch.Tensor sums = functional.avg_pool2d(images.to(torch.ScalarType.Float32), BlurKernel, 1)
            .mul_(numbers[9.0]).add_(middle, numbers[4.0]);
        middle.copy_(sums.div_(numbers[13.0]).round_());
        return result;
    }

    private static torch.Tensor Partner(torch.Tensor images, BlendPartner partner, Numbers numbers) => partner switch
    {
        BlendPartner.Black => torch.zeros([1, 1, 1, 1], torch.ScalarType.Byte, images.device),
        BlendPartner.Mean => Grey(images, numbers).to(torch.ScalarType.Float32).mean([1, 2, 3], keepdim: true),
        BlendPartner.Grey => Grey(images, numbers),
        BlendPartner.Blurred => Blurred(images, numbers),
        _ => throw Errors.BackendFailed(nameof(BlendImages), $"unknown partner {partner}"),
    };

    /// <summary>Hue, saturation and value, (N, H, W) each, of red, green and blue from 0 to 1.</summary>
    private static (torch.Tensor Hue, torch.Tensor Saturation, torch.Tensor Value) HueSaturationValue(torch.Tensor rgb, Numbers numbers)
    {
        torch.Tensor red = rgb.select(1, 0), green = rgb.select(1, 1), blue = rgb.select(1, 2);
        torch.Tensor value = rgb.amax(1L), chroma = value - rgb.amin(1L);
        torch.Tensor isGrey = chroma.eq(numbers[0.0]);
        torch.Tensor saturation = chroma / value.masked_fill(isGrey, numbers[1.0]);
        torch.Tensor divisor = chroma.masked_fill(isGrey, numbers[1.0]);
        torch.Tensor r = (value - red) / divisor, g = (value - green) / divisor, b = (value - blue) / divisor;
        torch.Tensor sector = torch.where(
            value.eq(red), b - g, torch.where(value.eq(green), numbers[2.0] + r - b, numbers[4.0] + g - r));
        return (((sector / numbers[6.0]) + numbers[1.0]).fmod(numbers[1.0]), saturation, value);
    }

    /// <summary>The way back: in each sixth of the circle the channels are one of four values.</summary>
    private static torch.Tensor RedGreenBlue(torch.Tensor hue, torch.Tensor saturation, torch.Tensor value, Numbers numbers)
    {
        const long v = 0, f = 1, l = 2, r = 3;
        torch.Tensor sixths = hue * numbers[6.0], sector = sixths.floor(), within = sixths - sector;
        torch.Tensor low = value * (numbers[1.0] - saturation);
        torch.Tensor falling = value * (numbers[1.0] - (saturation * within));
        torch.Tensor rising = value * (numbers[1.0] - (saturation * (numbers[1.0] - within)));
        torch.Tensor choice = torch.tensor((long[])[v, f, l, l, r, v, r, v, v, f, l, l, l, l, r, v, v, f], [3, 6]).to(hue.device);
        torch.Tensor chosen = choice.index_select(1, sector.to(torch.ScalarType.Int64).remainder(numbers[6L]).view(-1))
            .view([3, .. hue.shape]);
        return torch.stack([value, falling, low, rising], 1).gather(1, chosen.transpose(0, 1));
    }

    /// <summary>Where each pixel is looked for, (N, H, W, 2), in grid_sample's coordinates: from -1 to 1 over each side.</summary>
    private static torch.Tensor WarpGrid(torch.Tensor matrices, long height, long width, Numbers numbers)
    {
        torch.Tensor places = torch.ones([height, width, 3], device: matrices.device);
        Fill(0, width, [1, width]);
        Fill(1, height, [height, 1]);
        torch.Tensor halves = torch.tensor((float[])[0.5f * width, 0.5f * height], [1, 2, 1]).to(matrices.device);
        torch.Tensor scaled = (matrices / halves).permute(2, 0, 1).reshape(3, -1);
        return places.view(-1, 3).mm(scaled).view(height, width, -1, 2).permute(2, 0, 1, 3);

        void Fill(int coordinate, long size, long[] along) => places.select(2, coordinate).copy_(
            torch.arange(numbers[0L], numbers[size], numbers[1L], torch.ScalarType.Float32, matrices.device)
                .sub_(numbers[(size * 0.5) - 0.5]).view(along));
    }

    /// <summary>One factor an image, in float32.</summary>
    private static torch.Tensor Factors(float[] values, torch.Device device) =>
        torch.tensor(values, [values.Length, 1, 1, 1]).to(device);

    /// <summary>The planes of a batch, (N * C, H * W).</summary>
    private static torch.Tensor Planes(torch.Tensor images) =>
        images.view(images.size(0) * images.size(1), images.size(2) * images.size(3));

    private static torch.Tensor Batch(Tensor images, int? count, string operation)
    {
        torch.Tensor all = In(images, operation);
        Require(
            all.dtype == torch.ScalarType.Byte && all.ndim == ImageRank && all.is_contiguous(),
            "images must be uint8 (N, C, H, W) and contiguous", operation);
        Require(count is null || count == all.size(0), $"{count} images were meant, the batch has {all.size(0)}", operation);
        return all;
    }

    /// <summary>Rows or columns, of each image as many.</summary>
    private static long[] Places(ReadOnlySpan<int> values, int images, long limit, [CallerMemberName] string operation = "")
    {
        CheckCount(operation, values.Length, [images, images == 0 ? 0 : values.Length / images]);
        long[] places = new long[values.Length];
        for (int i = 0; i < places.Length; i++)
        {
            Require(values[i] >= -1 && values[i] < limit, $"row or column {values[i]} of {limit}", operation);
            places[i] = values[i];
        }

        return places;
    }
}
