using CnnTools.Backends;

namespace CnnTools.Inspection;

/// <summary>
/// Bilinear interpolation of values, without antialiasing: PyTorch's F.interpolate of mode 'bilinear', whose pixels are
/// squares and not points (align_corners is False).
/// </summary>
internal static class BilinearScaling
{
    /// <param name="values">A plane, row by row.</param>
    /// <param name="from">Height and width.</param>
    /// <param name="to">Height and width of the new plane.</param>
    public static float[] Apply(float[] values, Pair from, Pair to)
    {
        if (from == to)
        {
            return values;
        }

        Place[] rows = Place.All(from.Vertical, to.Vertical);
        Place[] columns = Place.All(from.Horizontal, to.Horizontal);
        float[] scaled = new float[(long)to.Vertical * to.Horizontal];
        int at = 0;
        foreach (Place row in rows)
        {
            ReadOnlySpan<float> above = values.AsSpan(row.First * from.Horizontal, from.Horizontal);
            ReadOnlySpan<float> below = values.AsSpan(row.Second * from.Horizontal, from.Horizontal);
            foreach (Place column in columns)
            {
                scaled[at++] = row.Between(
                    column.Between(above[column.First], above[column.Second]),
                    column.Between(below[column.First], below[column.Second]));
            }
        }

        return scaled;
    }

    /// <summary>Between two neighbours, so far from the first.</summary>
    private readonly record struct Place(int First, int Second, float Share)
    {
        public static Place[] All(int from, int to)
        {
            Place[] places = new Place[to];
            for (int i = 0; i < to; i++)
            {
                double centre = Math.Max(((i + 0.5) * from / to) - 0.5, 0);
                int first = Math.Min((int)centre, from - 1);
                places[i] = new(first, Math.Min(first + 1, from - 1), (float)(centre - first));
            }

            return places;
        }

        public float Between(float first, float second) => first + ((second - first) * Share);
    }
}
