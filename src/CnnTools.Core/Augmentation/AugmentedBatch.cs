using CnnTools.Backends;

namespace CnnTools.Augmentation;

/// <summary>
/// A batch of images on their way to the network. Moves of whole rows and columns are only noted, until something looks at
/// pixels: then they are made in one pass, which also gathers the batch.
/// </summary>
internal sealed class AugmentedBatch
{
    private const int Nowhere = -1;

    private readonly List<(long[] Boxes, float Value)> _erased = [];
    private long[] _indices;
    private int[] _rows = [];
    private int[] _columns = [];
    private byte? _fill;
    private Tensor _images;
    private bool _settled;

    /// <param name="images">(M, C, H, W; uint8); they are not written to.</param>
    /// <param name="indices">Which of them.</param>
    public AugmentedBatch(IBackend backend, Tensor images, ReadOnlySpan<long> indices)
    {
        Backend = backend;
        _images = images;
        _indices = indices.ToArray();
        ImageShape = new((int)images.Sizes[1], (int)images.Sizes[2], (int)images.Sizes[3]);
        ForgetMoves();
    }

    public IBackend Backend { get; }

    public int Count => _indices.Length;

    /// <summary>(C, H, W).</summary>
    public Shape ImageShape { get; }

    /// <summary>The images as they are now: (N, C, H, W; uint8), this batch's own.</summary>
    public Tensor Pixels
    {
        get
        {
            if (!_settled)
            {
                Replace(Backend.SelectPixels(_images, _indices, _rows, _columns, _fill ?? 0));
            }

            return _images;
        }
    }

    /// <summary>Puts a new batch in the place of <see cref="Pixels"/>.</summary>
    public void Replace(Tensor pixels)
    {
        _images = pixels;
        _indices = Consecutive(Count);
        _settled = true;
        ForgetMoves();
    }

    /// <summary>Exchanges rows and columns.</summary>
    /// <param name="row">Of an image and a row of the new one: the row to take; -1 is filled. Null leaves them.</param>
    /// <param name="column">The same for columns.</param>
    /// <param name="fill">Null where nothing is filled.</param>
    public void Move(Func<int, int, int>? row, Func<int, int, int>? column, byte? fill = null)
    {
        if (fill is not null && _fill is not null && fill != _fill)
        {
            _ = Pixels;
        }

        _settled = false;
        _fill = fill ?? _fill;
        _rows = Compose(_rows, ImageShape.Height, row);
        _columns = Compose(_columns, ImageShape.Width, column);
    }

    /// <summary>Some of the images as a batch of their own.</summary>
    public Tensor Select(long[] indices) => indices.Length == Count
        ? Pixels
        : Backend.SelectPixels(
            Pixels, indices, Identity(indices.Length, ImageShape.Height), Identity(indices.Length, ImageShape.Width), 0);

    /// <summary>Puts those back.</summary>
    public void Put(long[] indices, Tensor part)
    {
        if (indices.Length == Count)
        {
            Replace(part);
        }
        else
        {
            Backend.PutImages(Pixels, indices, part);
        }
    }

    /// <summary>Has boxes set to a value once the batch is normalised.</summary>
    public void Erase(IEnumerable<Box> boxes, float value) =>
        _erased.Add(([.. boxes.SelectMany(box => new long[] { box.Top, box.Left, box.Height, box.Width })], value));

    /// <summary>Erases what is to be erased in the normalised batch.</summary>
    public void Finish(Tensor normalized)
    {
        foreach ((long[] boxes, float value) in _erased)
        {
            Backend.EraseBoxes(normalized, boxes, value);
        }
    }

    private void ForgetMoves() => (_rows, _columns, _fill) =
        (Identity(Count, ImageShape.Height), Identity(Count, ImageShape.Width), null);

    private static int[] Compose(int[] places, int size, Func<int, int, int>? move)
    {
        if (move is null)
        {
            return places;
        }

        int[] moved = new int[places.Length];
        for (int i = 0; i < moved.Length; i++)
        {
            int from = move(i / size, i % size);
            moved[i] = from == Nowhere ? Nowhere : places[i - (i % size) + from];
        }

        return moved;
    }

    private static int[] Identity(int images, int size)
    {
        int[] places = new int[images * size];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = i % size;
        }

        return places;
    }

    internal static long[] Consecutive(int count)
    {
        long[] indices = new long[count];
        for (int i = 0; i < count; i++)
        {
            indices[i] = i;
        }

        return indices;
    }
}

/// <summary>A part of an image, in pixels. One of height 0 is none.</summary>
internal readonly record struct Box(int Top, int Left, int Height, int Width);
