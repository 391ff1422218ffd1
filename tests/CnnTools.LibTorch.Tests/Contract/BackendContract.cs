using CnnTools.Backends;

namespace CnnTools.LibTorch.Tests.Contract;

/// <summary>
/// What every <see cref="IBackend"/> must do, by subject in the classes derived from this. A backend runs the suite by
/// deriving from each of them. Expected numbers were computed by hand or by PyTorch 1.13.1, from the same inputs.
/// </summary>
public abstract class BackendContract
{
    protected abstract IBackend Backend { get; }

    /// <summary>Values between -1 and 1 that look random and are exact to say again in any language.</summary>
    protected static float[] Ramp(int count, int shift = 0) =>
        [.. Enumerable.Range(shift, count).Select(i => (float)((i * 37 % 101 / 50.0) - 1))];

    protected Tensor Make(float[] values, params long[] sizes) => Backend.FromFloats(values, sizes, Device.Cpu);

    protected Tensor MakeRamp(long[] sizes, int shift = 0) => Make(Ramp((int)sizes.Aggregate(1L, (a, b) => a * b), shift), sizes);

    protected Tensor Labels(params long[] values) => Backend.FromIndices(values, Device.Cpu);

    protected float[] Values(Tensor tensor)
    {
        float[] values = new float[tensor.Count];
        Backend.Read(tensor, values);
        return values;
    }

    protected void AssertValues(float[] expected, Tensor actual, float tolerance = 2e-6f) =>
        AssertClose(expected, Values(actual), tolerance);

    protected static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            float allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= allowed, $"[{i}]: expected {expected[i]:g9}, got {actual[i]:g9}");
        }
    }

    protected static CnnException AssertFails(string id, Action action)
    {
        CnnException error = Assert.Throws<CnnException>(action);
        Assert.Equal(id, error.Id);
        return error;
    }
}
