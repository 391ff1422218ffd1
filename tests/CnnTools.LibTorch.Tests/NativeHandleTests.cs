using CnnTools.Backends;
using FsCheck;
using FsCheck.Fluent;

namespace CnnTools.LibTorch.Tests;

/// <summary>The native side takes any number for a handle and never crashes.</summary>
public sealed class NativeHandleTests
{
    private const int InvalidHandle = 2;
    private readonly LibTorchBackend _backend = LibTorchBackend.Load();

    [Fact]
    public void Random_numbers_are_invalid_handles()
    {
        // Small numbers and large ones; an id that is alive has both halves set and a low generation.
        Gen<long> ids = Gen.OneOf(
            Gen.Choose(int.MinValue, int.MaxValue).Select(i => (long)i),
            Gen.Choose(int.MinValue, int.MaxValue).Two().Select(p => ((long)p.Item1 << 32) | (uint)p.Item2)
                .Where(id => (ulong)id >> 32 > 1_000_000));
        Prop.ForAll(ids.ToArbitrary(), id => NativeMethods.Free((nint)id) == InvalidHandle)
            .QuickCheckThrowOnFailure();
        Prop.ForAll(ids.ToArbitrary(), id => NativeMethods.ClearGradients([(nint)id], 1) == InvalidHandle)
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_freed_id_stays_invalid_when_its_slot_is_used_again()
    {
        Tensor first = _backend.Zeros([1], Device.Cpu);
        nint id = ((LibTorchTensor)first).Handle.Id;
        first.Dispose();
        using Tensor second = _backend.Zeros([1], Device.Cpu);
        nint next = ((LibTorchTensor)second).Handle.Id;
        Assert.Equal((int)id, (int)next); // the same slot
        Assert.Equal(InvalidHandle, NativeMethods.Free(id));
        Assert.Equal([1], second.Sizes);
    }

    [Fact]
    public void A_generator_is_no_tensor()
    {
        using IGenerator generator = _backend.CreateGenerator(Device.Cpu, 1);
        nint id = ((LibTorchGenerator)generator).Handle.DangerousGetHandle();
        Assert.Equal(InvalidHandle, NativeMethods.ClearGradients([id], 1));
    }

    [Fact]
    public void Many_threads_make_and_free()
    {
        long before = _backend.LiveHandles;
        Parallel.For(0, 8, worker =>
        {
            for (int i = 0; i < 2000; i++)
            {
                using ITensorScope scope = _backend.BeginScope(recordGradients: false);
                Tensor a = _backend.Zeros([2], Device.Cpu);
                _ = _backend.Add(a, a);
            }
        });
        Assert.Equal(before, _backend.LiveHandles);
    }
}
