using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Random generators, and dropout, which draws from them.</summary>
public sealed class RandomContract : BackendContract
{
    [Fact]
    public void Dropout_scales_what_it_keeps()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        using IGenerator generator = Backend.CreateGenerator(Device.Cpu, 1);
        Tensor ones = Make([.. Enumerable.Repeat(1f, 10_000)], 100, 100);
        float[] values = Values(Backend.Dropout(ones, 0.25, generator));
        Assert.All(values, v => Assert.True(v == 0 || Math.Abs(v - (1 / 0.75f)) < 1e-6));
        Assert.InRange(values.Count(v => v == 0), 2200, 2800);
        Assert.Equal(Values(ones), Values(Backend.Dropout(ones, 0, generator)));
        AssertFails("BackendFailed", () => Backend.Dropout(ones, 1, generator));
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers()
    {
        float[] Seeded(ulong seed)
        {
            using IGenerator generator = Backend.CreateGenerator(Device.Cpu, seed);
            return Draw(generator);
        }

        Assert.Equal(Seeded(5), Seeded(5));
        Assert.NotEqual(Seeded(5), Seeded(6));
    }

    [Fact]
    public void A_saved_state_gives_the_same_numbers_again()
    {
        using IGenerator generator = Backend.CreateGenerator(Device.Cpu, 5);
        _ = Draw(generator);
        byte[] state = generator.GetState();
        float[] next = Draw(generator);
        Assert.NotEqual(state, generator.GetState());
        generator.SetState(state);
        Assert.Equal(next, Draw(generator));
        using IGenerator other = Backend.CreateGenerator(Device.Cpu, 99);
        other.SetState(state);
        Assert.Equal(next, Draw(other));
    }

    [Fact]
    public void A_state_that_is_none_is_an_error()
    {
        using IGenerator generator = Backend.CreateGenerator(Device.Cpu, 5);
        AssertFails("BackendFailed", () => generator.SetState([1, 2, 3]));
        AssertFails("BackendFailed", () => generator.SetState([]));
        byte[] beyond = generator.GetState();
        (beyond[8], beyond[9], beyond[16], beyond[17]) = (0x70, 2, 0x70, 2); // all 624 words are left, and the next is the last
        AssertFails("BackendFailed", () => generator.SetState(beyond));
    }

    [Fact]
    public void A_disposed_or_foreign_generator_is_InvalidHandle()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        IGenerator generator = Backend.CreateGenerator(Device.Cpu, 5);
        generator.Dispose();
        AssertFails("InvalidHandle", () => Backend.Dropout(MakeRamp([4]), 0.5, generator));
        AssertFails("InvalidHandle", () => generator.GetState());
        AssertFails("InvalidHandle", () => Backend.Dropout(MakeRamp([4]), 0.5, new ForeignGenerator()));
    }

    private static float[] Draw(IGenerator generator)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        return Values(Backend.Dropout(Make([.. Enumerable.Repeat(1f, 64)], 64), 0.5, generator));
    }

    private sealed class ForeignGenerator : IGenerator
    {
        public byte[] GetState() => [];

        public void SetState(ReadOnlySpan<byte> state)
        {
        }

        public void Dispose()
        {
        }
    }
}
