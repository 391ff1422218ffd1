using CnnTools.Training;

namespace CnnTools.Tests;

public sealed class LearningRateRangeTests
{
    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.2, true)]
    [InlineData(0.3, false)]
    [InlineData(0.4, true)]
    public void A_suggestion_within_the_range_is_not_at_an_end(double rate, bool isAtEnd)
    {
        LearningRateRange range = new()
        {
            Model = "Net",
            Dataset = "Data",
            LearningRate = rate,
            Steps = [new(1, 0.1, 1, 1), new(2, 0.2, 1, 1), new(3, 0.3, 1, 1), new(4, 0.4, 1, 1)],
        };
        Assert.Equal(isAtEnd, range.IsAtEnd);
    }
}
