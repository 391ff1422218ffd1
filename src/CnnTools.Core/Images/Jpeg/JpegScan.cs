namespace CnnTools.Images.Jpeg;

/// <summary>Which coefficients a scan of a progressive file tells, and which of their bits.</summary>
/// <param name="First">The first of them, in zigzag order.</param>
/// <param name="Last">The last of them.</param>
/// <param name="High">The lowest bit that earlier scans have told; 0 where they told none.</param>
/// <param name="Low">The lowest bit that this one tells.</param>
internal readonly record struct JpegSelection(int First, int Last, int High, int Low)
{
    private const int MostLow = 13;

    /// <param name="components">How many the scan has.</param>
    public bool IsPossible(int components) =>
        (First == 0 ? Last == 0 : First <= Last && Last < JpegFrame.BlockSize && components == 1)
        && (High == 0 || High - 1 == Low) && Low <= MostLow;
}

/// <summary>Reads the coefficients of one scan, as ITU-T T.81 has them coded, sequential or progressive.</summary>
internal ref struct JpegScan
{
    private const int SixteenZeros = 15;  // a run where no coefficient follows

    private readonly JpegFrame _frame;
    private readonly IReadOnlyList<JpegPlane> _planes;
    private readonly JpegSelection _selection;
    private readonly int _interval;
    private JpegBits _bits;
    private int _restarts;
    private int _emptyBlocks;  // that follow, as far as the scan's coefficients go

    /// <param name="planes">The scan's.</param>
    /// <param name="selection">All coefficients, where the file is not progressive.</param>
    /// <param name="interval">After how many units the bits start anew; 0: never.</param>
    public JpegScan(JpegFrame frame, IReadOnlyList<JpegPlane> planes, JpegSelection selection, int interval, JpegBits bits)
    {
        (_frame, _planes, _selection, _interval) = (frame, planes, selection, interval);
        _bits = bits;
    }

    /// <summary>Reads it all.</summary>
    /// <returns>Where the file goes on.</returns>
    /// <exception cref="InvalidDataException">It is broken or ends too early.</exception>
    public int Read()
    {
        (int across, int down) = _planes.Count == 1 ? _planes[0].Blocks : _frame.Units;
        int left = _interval;
        for (int y = 0; y < down; y++)
        {
            for (int x = 0; x < across; x++)
            {
                if (_interval > 0 && left-- == 0)
                {
                    Restart();
                    left = _interval - 1;
                }

                ReadUnit(x, y);
                _bits.RequireAll();
            }
        }

        return _bits.Position;
    }

    private void Restart()
    {
        int position = JpegMarkers.Next(_bits.File, _bits.Position, out JpegMarker marker);
        if (marker - JpegMarker.RST0 != _restarts++ % JpegMarkers.Restarts)
        {
            throw new InvalidDataException("a part of its pixels is missing");
        }

        _bits = new(_bits.File, position);
        _emptyBlocks = 0;
        foreach (JpegPlane plane in _planes)
        {
            plane.Predictor = 0;
        }
    }

    /// <summary>A block, or of an interleaved scan all components' blocks of one place.</summary>
    private void ReadUnit(int x, int y)
    {
        if (_planes.Count == 1)
        {
            ReadBlock(_planes[0], x, y);
            return;
        }

        foreach (JpegPlane plane in _planes)
        {
            (int across, int down) = (plane.Component.Horizontal, plane.Component.Vertical);
            for (int i = 0; i < across * down; i++)
            {
                ReadBlock(plane, (x * across) + (i % across), (y * down) + (i / across));
            }
        }
    }

    private void ReadBlock(JpegPlane plane, int x, int y)
    {
        Span<short> block = plane.Block(x, y);
        if (!_frame.Progressive)
        {
            block[0] = (short)NextPredictor(plane);
            ReadCoefficients(plane.Ac!, block, 1, JpegFrame.BlockSize - 1);
            plane.Transform(x, y, block);
        }
        else if (_selection is { First: 0, High: 0 })
        {
            block[0] = (short)(NextPredictor(plane) << _selection.Low);
        }
        else if (_selection.First == 0)
        {
            block[0] |= (short)(_bits.Number(1) << _selection.Low);
        }
        else if (_selection.High > 0)
        {
            Refine(plane.Ac!, block);
        }
        else if (_emptyBlocks > 0)
        {
            _emptyBlocks--;
        }
        else
        {
            ReadCoefficients(plane.Ac!, block, _selection.First, _selection.Last);
        }
    }

    private int NextPredictor(JpegPlane plane) => plane.Predictor += _bits.Coefficient(_bits.Symbol(plane.Dc!));

    /// <summary>Coefficients that no scan has told anything of.</summary>
    private void ReadCoefficients(JpegHuffmanTable table, Span<short> block, int first, int last)
    {
        for (int i = first; i <= last; i++)
        {
            int symbol = _bits.Symbol(table);
            (int zeros, int bits) = (symbol >> 4, symbol & 15);
            if (bits > 0)
            {
                i += zeros;
                block[JpegFrame.Zigzag[i]] = (short)(_bits.Coefficient(bits) << _selection.Low);
            }
            else if (zeros == SixteenZeros)
            {
                i += SixteenZeros;
            }
            else
            {
                // Of a sequential file the run is 0, and only this block ends.
                _emptyBlocks = _frame.Progressive ? EmptyBlocks(zeros) - 1 : 0;
                return;
            }
        }
    }

    /// <summary>One bit more of each coefficient that is not zero, and those that were zero until now.</summary>
    private void Refine(JpegHuffmanTable table, Span<short> block)
    {
        int place = _selection.First;
        for (; _emptyBlocks == 0 && place <= _selection.Last; place++)
        {
            int symbol = _bits.Symbol(table);
            (int zeros, int bits) = (symbol >> 4, symbol & 15);
            if (bits > 1)
            {
                throw new InvalidDataException("it has a coefficient of more bits than its scan tells");
            }

            if (bits == 0 && zeros != SixteenZeros)
            {
                _emptyBlocks = EmptyBlocks(zeros);
                break;
            }

            int value = bits == 0 ? 0 : (_bits.Number(1) == 1 ? 1 : -1) << _selection.Low;
            place = RefineUntil(block, place, zeros);
            if (value != 0)
            {
                block[JpegFrame.Zigzag[place]] = (short)value;
            }
        }

        if (_emptyBlocks > 0)
        {
            RefineUntil(block, place, JpegFrame.BlockSize);
            _emptyBlocks--;
        }
    }

    /// <summary>Refines coefficients up to the one after so many zeros.</summary>
    /// <returns>Its index, or the one after the scan's last.</returns>
    private int RefineUntil(Span<short> block, int place, int zeros)
    {
        for (; place <= _selection.Last; place++)
        {
            ref short value = ref block[JpegFrame.Zigzag[place]];
            if (value == 0)
            {
                if (zeros-- == 0)
                {
                    break;
                }
            }
            else if (_bits.Number(1) == 1 && (value & (1 << _selection.Low)) == 0)
            {
                value += (short)((value > 0 ? 1 : -1) << _selection.Low);
            }
        }

        return place;
    }

    /// <summary>A number of blocks, this one included, of which nothing more is told.</summary>
    private int EmptyBlocks(int bits) => (1 << bits) + _bits.Number(bits);
}
