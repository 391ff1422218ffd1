using System.Collections.Immutable;

namespace CnnTools.Data;

/// <summary>What is known of a data set before it is loaded.</summary>
/// <param name="Name">As it is asked for; case does not matter.</param>
/// <param name="ImageShape">(C, H, W).</param>
/// <param name="NeedsFiles">Whether its files must lie in the data folder; else it is made on the spot.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record DatasetInfo(
    string Name, string Description, Shape ImageShape, ImmutableArray<string> ClassNames, int TrainCount, int TestCount, bool NeedsFiles,
    string Source)
{
    public int Classes => ClassNames.Length;
}
