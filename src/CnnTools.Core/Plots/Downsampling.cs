namespace CnnTools.Plots;

/// <summary>Neighbouring points as one: their mean, and how far they spread.</summary>
/// <param name="X">Their mean place.</param>
/// <param name="Mean">NaN where one of them is.</param>
internal readonly record struct PointGroup(double X, double Mean, double Minimum, double Maximum);

/// <summary>Makes long curves short enough to be seen.</summary>
internal static class Downsampling
{
    /// <summary>So many groups of as equal a number of points as can be; no more than there are points.</summary>
    public static PointGroup[] Group(IReadOnlyList<CurvePoint> points, int groups)
    {
        groups = Math.Min(groups, points.Count);
        PointGroup[] grouped = new PointGroup[groups];
        for (int i = 0; i < groups; i++)
        {
            int from = (int)((long)i * points.Count / groups);
            int to = (int)((long)(i + 1) * points.Count / groups);
            CurvePoint[] part = [.. points.Skip(from).Take(to - from)];
            grouped[i] = new(part.Average(p => p.X), part.Average(p => p.Y), part.Min(p => p.Y), part.Max(p => p.Y));
        }

        return grouped;
    }

    /// <summary>Each group's lowest and highest point, and the ends: peaks stay where they are. NaN counts as the lowest.</summary>
    public static CurvePoint[] KeepPeaks(IReadOnlyList<CurvePoint> points, int groups)
    {
        if (points.Count <= groups * 2)
        {
            return [.. points];
        }

        SortedSet<int> kept = [0, points.Count - 1];
        for (int i = 0; i < groups; i++)
        {
            int from = (int)((long)i * points.Count / groups);
            int to = (int)((long)(i + 1) * points.Count / groups);
            IEnumerable<int> part = Enumerable.Range(from, to - from);
            kept.Add(part.MinBy(index => points[index].Y));
            kept.Add(part.MaxBy(index => points[index].Y));
        }

        return [.. kept.Select(index => points[index])];
    }

    /// <summary>Neighbours together, apart where figures end and NaN begins, or the other way.</summary>
    public static IEnumerable<ArraySegment<T>> Stretches<T>(T[] points, Func<T, double> figure)
    {
        for (int from = 0, to; from < points.Length; from = to)
        {
            bool isGap = double.IsNaN(figure(points[from]));
            int next = Array.FindIndex(points, from, point => double.IsNaN(figure(point)) != isGap);
            to = next < 0 ? points.Length : next;
            yield return new(points, from, to - from);
        }
    }
}
