namespace CnnTools.Drawing;

/// <summary>A place in a rank: a box's, or one that an arrow passes on its way to a deeper rank.</summary>
internal sealed class Slot(int rank, double width)
{
    public int Rank { get; } = rank;

    public double Width { get; } = width;

    /// <summary>Its middle.</summary>
    public double X { get; set; }

    /// <summary>Its place among those of its rank.</summary>
    public int Index { get; set; }

    /// <summary>Those that it is connected with in the rank above, and how strongly each pulls it under itself.</summary>
    public List<(Slot Slot, double Pull)> Above { get; } = [];

    /// <summary>The same in the rank below.</summary>
    public List<(Slot Slot, double Pull)> Below { get; } = [];
}

/// <summary>
/// Places boxes in ranks from top to bottom (Sugiyama, Tagawa, Toda: "Methods for Visual Understanding of Hierarchical
/// System Structures", 1981): a box's rank is the longest way to it; within a rank boxes stand in the order of the middle of
/// their neighbours; then each is drawn towards its neighbours as far as the others let it.
/// </summary>
internal sealed class LayeredLayout
{
    /// <summary>The most places that arrows pass; beyond, the picture is a black surface and takes long.</summary>
    public const int MostPlaces = 200_000;

    private const int Rounds = 12;
    private const double Gap = 30;
    private const double PassingWidth = 2;

    // A way around the others gives way: what it goes around stays straight.
    private const double WeakPull = 1e-4;

    private readonly List<List<Slot>> _ranks = [];

    /// <param name="widths">Of the boxes.</param>
    /// <param name="arrows">Each from a box to a later one.</param>
    public LayeredLayout(IReadOnlyList<double> widths, IReadOnlyList<Arrow> arrows)
    {
        ILookup<int, Arrow> into = arrows.ToLookup(arrow => arrow.To);
        List<Slot> boxes = [];
        for (int i = 0; i < widths.Count; i++)
        {
            boxes.Add(NewSlot(into[i].Any() ? into[i].Max(arrow => boxes[arrow.From].Rank) + 1 : 0, widths[i]));
        }

        Boxes = boxes;
        Routes = [.. arrows.Select(arrow => Lead(boxes[arrow.From], boxes[arrow.To]))];
        foreach ((Arrow arrow, List<Slot> route) in arrows.Zip(Routes))
        {
            Connect(route, into[arrow.To].Count());
        }

        Order();
        Align();
    }

    public IReadOnlyList<Slot> Boxes { get; }

    /// <summary>Each arrow's places, from the box that it leaves to the one that it leads to.</summary>
    public IReadOnlyList<List<Slot>> Routes { get; }

    public int Ranks => _ranks.Count;

    /// <summary>How many places arrows will pass.</summary>
    public static long CountPlaces(int boxes, IReadOnlyList<Arrow> arrows)
    {
        int[] ranks = new int[boxes];
        long places = 0;
        foreach (Arrow arrow in arrows)
        {
            // All arrows into a box come before those that leave it.
            ranks[arrow.To] = Math.Max(ranks[arrow.To], ranks[arrow.From] + 1);
        }

        foreach (Arrow arrow in arrows)
        {
            places += ranks[arrow.To] - ranks[arrow.From] - 1;
        }

        return places;
    }

    private Slot NewSlot(int rank, double width)
    {
        while (_ranks.Count <= rank)
        {
            _ranks.Add([]);
        }

        Slot slot = new(rank, width) { Index = _ranks[rank].Count };
        _ranks[rank].Add(slot);
        return slot;
    }

    private List<Slot> Lead(Slot from, Slot to)
    {
        List<Slot> route = [from];
        for (int rank = from.Rank + 1; rank < to.Rank; rank++)
        {
            route.Add(NewSlot(rank, PassingWidth));
        }

        route.Add(to);
        return route;
    }

    /// <param name="inputs">Arrows into the box that the route leads to.</param>
    private static void Connect(List<Slot> route, int inputs)
    {
        for (int i = 1; i < route.Count; i++)
        {
            // Into a join of three or more all branches pull alike, so that it stands in their middle.
            bool goesAround = route.Count > 2 && (i == 1 || (i == route.Count - 1 && inputs < 3));
            double pull = goesAround ? WeakPull : 1;
            route[i].Above.Add((route[i - 1], pull));
            route[i - 1].Below.Add((route[i], pull));
        }
    }

    private void Order()
    {
        for (int round = 0; round < Rounds; round++)
        {
            foreach (List<Slot> rank in _ranks)
            {
                Sort(rank, slot => slot.Above);
            }

            foreach (List<Slot> rank in Enumerable.Reverse(_ranks))
            {
                Sort(rank, slot => slot.Below);
            }
        }
    }

    private static void Sort(List<Slot> rank, Func<Slot, List<(Slot Slot, double Pull)>> neighbours)
    {
        if (rank.Count < 2)
        {
            return;
        }

        Slot[] sorted = [.. rank.OrderBy(slot => neighbours(slot) is { Count: > 0 } near ? near.Average(n => n.Slot.Index) : slot.Index)];
        for (int i = 0; i < sorted.Length; i++)
        {
            rank[i] = sorted[i];
            rank[i].Index = i;
        }
    }

    private void Align()
    {
        for (int round = 0; round < Rounds; round++)
        {
            _ranks.ForEach(rank => Settle(rank, slot => slot.Above));
            Enumerable.Reverse(_ranks).ToList().ForEach(rank => Settle(rank, slot => slot.Below));
        }

        _ranks.ForEach(rank => Settle(rank, slot => slot.Above.Concat(slot.Below)));
        Straighten();
        double left = _ranks.Min(rank => rank.Min(slot => slot.X - (slot.Width / 2)));
        _ranks.ForEach(rank => rank.ForEach(slot => slot.X = Math.Round(slot.X - left)));
    }

    /// <summary>What follows one another with no fork or join between stands on one line, in the middle of where it was.</summary>
    private void Straighten()
    {
        Dictionary<Slot, List<Slot>> lines = [];
        foreach (Slot slot in _ranks.SelectMany(rank => rank))
        {
            lines[slot] = OnlyStrong(slot.Above) is { } above && OnlyStrong(above.Below) == slot ? lines[above] : [];
            lines[slot].Add(slot);
        }

        for (int round = 0; round < Rounds; round++)
        {
            foreach (List<Slot> line in lines.Values.Distinct())
            {
                double middle = line.Average(slot => slot.X);
                line.ForEach(slot => slot.X = middle);
            }

            _ranks.ForEach(rank => Settle(rank, slot => [(slot, lines[slot].Count)]));
        }
    }

    private static Slot? OnlyStrong(List<(Slot Slot, double Pull)> neighbours)
    {
        (Slot Slot, double Pull)[] strong = [.. neighbours.Where(n => n.Pull == 1)];
        return strong is [{ Slot: { } only }] ? only : null;
    }

    /// <summary>
    /// Puts each slot as near to its neighbours' middle as the order and the gaps allow: those that would overlap form a
    /// run, which stands where its members want to be on average (isotonic regression by pooling adjacent violators).
    /// </summary>
    private static void Settle(List<Slot> rank, Func<Slot, IEnumerable<(Slot Slot, double Pull)>> neighbours)
    {
        // Places are counted from where each slot would be if all touched.
        double[] offsets = new double[rank.Count];
        Stack<(double Place, double Weight, int Count)> runs = new();
        for (int i = 0; i < rank.Count; i++)
        {
            offsets[i] = i == 0 ? 0 : offsets[i - 1] + ((rank[i - 1].Width + rank[i].Width) / 2) + Gap;
            double weight = neighbours(rank[i]).Sum(n => n.Pull);
            double wish = weight == 0 ? rank[i].X : neighbours(rank[i]).Sum(n => n.Pull * n.Slot.X) / weight;
            (double Place, double Weight, int Count) run = (wish - offsets[i], Math.Max(weight, WeakPull), 1);
            while (runs.TryPeek(out (double Place, double Weight, int Count) before) && before.Place > run.Place)
            {
                runs.Pop();
                double sum = before.Weight + run.Weight;
                run = (((before.Place * before.Weight) + (run.Place * run.Weight)) / sum, sum, before.Count + run.Count);
            }

            runs.Push(run);
        }

        int last = rank.Count;
        foreach ((double place, _, int count) in runs)
        {
            for (int i = last - count; i < last; i++)
            {
                rank[i].X = place + offsets[i];
            }

            last -= count;
        }
    }
}
