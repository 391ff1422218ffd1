namespace CnnTools.Tests.Contract;

/// <summary>How many threads an operation may use, which is one count for the whole process.</summary>
public sealed class ThreadContract : BackendContract, IDisposable
{
    public void Dispose() => Backend.Threads = 1;

    [Fact]
    public void The_count_is_one_at_first_and_the_same_seen_from_every_thread()
    {
        Assert.Equal(1, Backend.Threads);
        Backend.Threads = 2;
        int seen = 0;
        Thread other = new(() => seen = Backend.Threads);
        other.Start();
        other.Join();
        Assert.Equal((2, 2), (Backend.Threads, seen));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_count_below_one_is_an_error(int count) => AssertFails("InvalidArgument", () => Backend.Threads = count);
}
