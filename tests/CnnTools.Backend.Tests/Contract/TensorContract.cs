using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Making, copying, reading and writing tensors; what goes wrong with them.</summary>
public sealed class TensorContract : BackendContract
{
    [Fact]
    public void Tells_what_a_tensor_is()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor floats = Backend.FromFloats(Ramp(24), [1, 2, 3, 4], Device.Cpu);
        Assert.Equal([1, 2, 3, 4], floats.Sizes);
        Assert.Equal(24, floats.Count);
        Assert.Equal(ElementType.Float32, floats.ElementType);
        Assert.Equal(Device.Cpu, floats.Device);
        Tensor bytes = Backend.FromBytes([0, 255], [2], Device.Cpu);
        Assert.Equal(ElementType.UInt8, bytes.ElementType);
        Tensor indices = Backend.FromIndices([5, -1, long.MaxValue], Device.Cpu);
        Assert.Equal(ElementType.Int64, indices.ElementType);
        Assert.Equal([3], indices.Sizes);
    }

    [Fact]
    public void Reads_back_what_was_given_and_owns_it()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        float[] values = Ramp(6);
        Tensor tensor = Backend.FromFloats(values, [2, 3], Device.Cpu);
        float[] given = [.. values];
        values[0] = 99;
        Assert.Equal(given, Values(tensor));
        Assert.Equal(new float[4], Values(Backend.Zeros([2, 2], Device.Cpu)));
        Assert.Equal(-2.5f, Backend.ReadScalar(Make([-2.5f], 1)));
        Assert.Equal(4, Backend.ReadScalar(Make([4])));
        Assert.Empty(Values(Make([], 0, 3)));
    }

    [Theory]
    [InlineData(MemoryLayout.Contiguous)]
    [InlineData(MemoryLayout.ChannelsLast)]
    public void A_copy_shares_nothing(MemoryLayout layout)
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: true);
        Tensor source = MakeRamp([2, 3, 4, 5]);
        Backend.RequireGradient(source, required: true);
        Tensor copy = Backend.Copy(source, Device.Cpu, layout);
        Backend.Write(source, new float[120]);
        Assert.Equal(Ramp(120), Values(copy));
        Backend.RequireGradient(copy, required: true); // a leaf: it has no history
        Assert.Null(Backend.GetGradient(copy));
    }

    [Fact]
    public void Layout_changes_no_value_and_survives_writing()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor last = Backend.Copy(MakeRamp([2, 3, 2, 2]), Device.Cpu, MemoryLayout.ChannelsLast);
        float[] values = Ramp(24, shift: 50);
        Backend.Write(last, values);
        Assert.Equal(values, Values(last));
        Assert.Equal(values, Values(Backend.Copy(last, Device.Cpu)));
        Tensor vector = Backend.Copy(Make([1, 2], 2), Device.Cpu, MemoryLayout.ChannelsLast);
        Assert.Equal([1f, 2f], Values(vector));
    }

    [Fact]
    public void Copies_keep_the_element_type()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor copy = Backend.Copy(Backend.FromBytes([1, 2, 3], [3], Device.Cpu), Device.Cpu);
        Assert.Equal(ElementType.UInt8, copy.ElementType);
    }

    [Fact]
    public void Counts_and_types_that_do_not_fit_are_errors()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor tensor = MakeRamp([2, 3]);
        AssertFails("BackendFailed", () => Backend.FromFloats(new float[5], [2, 3], Device.Cpu));
        AssertFails("BackendFailed", () => Backend.FromBytes(new byte[5], [6], Device.Cpu));
        AssertFails("BackendFailed", () => Backend.FromFloats(new float[1], [-1, -1], Device.Cpu));
        AssertFails("BackendFailed", () => Backend.Read(tensor, new float[5]));
        AssertFails("BackendFailed", () => Backend.Write(tensor, new float[7]));
        AssertFails("BackendFailed", () => Backend.ReadScalar(tensor));
        AssertFails("BackendFailed", () => Backend.Read(Labels(1, 2), new float[2]));
    }

    [Fact]
    public void An_allocation_that_cannot_be_is_OutOfMemory()
    {
        CnnException error = AssertFails("OutOfMemory", () => Backend.Zeros([1L << 50], Device.Cpu));
        Assert.Equal(ErrorKind.OutOfMemory, error.Kind);
    }

    [Fact]
    public void A_disposed_null_or_foreign_tensor_is_InvalidHandle()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor good = MakeRamp([2, 2]);
        Tensor disposed = MakeRamp([2, 2]);
        disposed.Dispose();
        disposed.Dispose();
        foreach (Tensor bad in new[] { disposed, null!, new ForeignTensor() })
        {
            AssertFails("InvalidHandle", () => Backend.Add(good, bad));
            AssertFails("InvalidHandle", () => Backend.Add(bad, good));
            AssertFails("InvalidHandle", () => Backend.Concat([good, bad], 0));
            AssertFails("InvalidHandle", () => Backend.Read(bad, new float[4]));
            AssertFails("InvalidHandle", () => Backend.Backward(bad));
            AssertFails("InvalidHandle", () => Backend.ClearGradients([good, bad]));
            AssertFails("InvalidHandle", () => scope.Keep(bad));
        }

        AssertFails("InvalidHandle", () => _ = disposed.Sizes);
        AssertFails("InvalidHandle", () => Backend.Linear(good, good, disposed)); // optional, but not any tensor
    }

    [Fact]
    public void The_first_device_is_the_cpu()
    {
        IReadOnlyList<DeviceInfo> devices = Backend.GetDevices();
        Assert.Equal(Device.Cpu, devices[0].Device);
        Assert.NotEmpty(devices[0].Name);
        Assert.All(devices, device => Assert.InRange(device.FreeMemory, 0, device.TotalMemory));
        Assert.Equal(devices.Count, devices.Select(d => d.Device).Distinct().Count());
        Assert.True(Backend.GetPeakMemory(Device.Cpu) > 1 << 20);
    }

    [Fact]
    public void An_absent_device_is_an_error()
    {
        Device absent = new(DeviceType.Cuda, 99);
        Assert.Throws<CnnException>(() => Backend.Zeros([1], absent));
        Assert.Throws<CnnException>(() => Backend.CreateGenerator(absent, 1));
        Assert.Throws<CnnException>(() => Backend.GetPeakMemory(absent));
    }

    private sealed class ForeignTensor : Tensor
    {
        public override IReadOnlyList<long> Sizes => [2, 2];

        public override ElementType ElementType => ElementType.Float32;

        public override Device Device => Device.Cpu;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
