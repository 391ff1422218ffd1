namespace CnnTools.Drawing;

/// <summary>Layers whose names begin alike up to a point: layer1.0, Mixed_5b. Blocks lie within blocks.</summary>
/// <param name="Prefix">What their names begin with.</param>
/// <param name="Members">The boxes in it, those of inner blocks among them.</param>
/// <param name="Inner">The blocks within it.</param>
internal sealed record Block(string Prefix, IReadOnlyList<int> Members, IReadOnlyList<Block> Inner)
{
    // A frame around two layers would tell no more than their names do.
    private const int Least = 3;

    /// <summary>0 where it has no blocks within it.</summary>
    public int Height => Inner.Count == 0 ? 0 : Inner.Max(b => b.Height) + 1;

    /// <summary>It and all within it.</summary>
    public IEnumerable<Block> All => Inner.SelectMany(b => b.All).Prepend(this);

    /// <summary>The outermost blocks of these names. Deeper than this many levels is not looked.</summary>
    public static IReadOnlyList<Block> Find(IReadOnlyList<string> names, int levels = 4) =>
        Find([.. Enumerable.Range(0, names.Count)], names, "", levels);

    private static Block[] Find(int[] members, IReadOnlyList<string> names, string prefix, int levels) => levels == 0 ? [] :
    [
        .. from member in members
           let end = names[member].IndexOf('.', prefix.Length)
           where end >= 0
           group member by names[member][..end] into block
           where block.Count() >= Least
           let inner = Find([.. block], names, block.Key + ".", levels - 1)
           select inner is [{ } only] && only.Members.Count == block.Count()
               ? only // One box is enough around the same layers.
               : new Block(block.Key, [.. block], inner),
    ];
}
