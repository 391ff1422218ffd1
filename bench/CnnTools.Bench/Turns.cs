namespace CnnTools.Bench;

/// <summary>Sides that take turns, so that what disturbs the machine disturbs all alike.</summary>
internal static class Turns
{
    private const int WarmUpRounds = 2;

    /// <summary>Warms all up; gives what each side did in each counted round, the sides in their order.</summary>
    public static Round[][] Run(IReadOnlyList<ISide> sides, int rounds)
    {
        for (int i = 0; i < WarmUpRounds; i++)
        {
            _ = OneEach();
        }

        return [.. Enumerable.Range(0, rounds).Select(_ => OneEach())];

        Round[] OneEach() => [.. sides.Select(side => side.Run())];
    }
}
