using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>
/// What every <see cref="IBackend"/> must do, by subject in the classes derived from this, on the one that was built. Expected
/// numbers were computed by hand or by PyTorch 1.13.1, from the same inputs.
/// </summary>
public abstract class BackendContract
{
    protected static IBackend Backend => Engine.Backend;

    /// <summary>Values between -1 and 1 that look random and are exact to say again in any language.</summary>
    protected static float[] Ramp(int count, int shift = 0) =>
        [.. Enumerable.Range(shift, count).Select(i => (float)((i * 37 % 101 / 50.0) - 1))];

    protected static Tensor Make(float[] values, params long[] sizes) => Backend.FromFloats(values, sizes, Device.Cpu);

    protected static Tensor MakeRamp(long[] sizes, int shift = 0) => Make(Ramp((int)sizes.Aggregate(1L, (a, b) => a * b), shift), sizes);

    protected static Tensor Labels(params long[] values) => Backend.FromIndices(values, Device.Cpu);

    protected static float[] Values(Tensor tensor)
    {
        float[] values = new float[tensor.Count];
        Backend.Read(tensor, values);
        return values;
    }

    protected static void AssertValues(float[] expected, Tensor actual, float tolerance = 2e-6f) =>
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
