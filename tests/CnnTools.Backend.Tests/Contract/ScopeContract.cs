using System.Runtime.CompilerServices;
using CnnTools.Backends;

namespace CnnTools.Tests.Contract;

/// <summary>Who frees what, and when.</summary>
public sealed class ScopeContract : BackendContract
{
    [Fact]
    public void A_scope_frees_what_was_made_in_it()
    {
        long before = Backend.LiveHandles;
        Tensor made;
        using (Backend.BeginScope(recordGradients: true))
        {
            made = MakeRamp([4]);
            Backend.Add(made, made).Dispose(); // early: allowed
            _ = Backend.Add(made, made);
            Assert.Equal(before + 2, Backend.LiveHandles);
        }

        Assert.Equal(before, Backend.LiveHandles);
        AssertFails("InvalidHandle", () => Backend.Read(made, new float[4]));
    }

    [Fact]
    public void What_is_kept_outlives_the_scope()
    {
        long before = Backend.LiveHandles;
        Tensor kept;
        using (Backend.BeginScope(recordGradients: false))
        {
            using (ITensorScope inner = Backend.BeginScope(recordGradients: false))
            {
                kept = inner.Keep(MakeRamp([4]));
                Assert.Same(kept, inner.Keep(kept));
            }
        }

        Assert.Equal(Ramp(4), Values(kept));
        kept.Dispose();
        Assert.Equal(before, Backend.LiveHandles);
    }

    [Fact]
    public void Scopes_nest()
    {
        long before = Backend.LiveHandles;
        using (Backend.BeginScope(recordGradients: false))
        {
            Tensor outer = MakeRamp([4]);
            using (Backend.BeginScope(recordGradients: false))
            {
                _ = MakeRamp([4]);
            }

            Assert.Equal(before + 1, Backend.LiveHandles);
            _ = Values(outer);
        }

        Assert.Equal(before, Backend.LiveHandles);
    }

    [Fact]
    public void The_order_of_disposal_does_not_matter()
    {
        long before = Backend.LiveHandles;
        using ITensorScope outermost = Backend.BeginScope(recordGradients: true);
        ITensorScope outer = Backend.BeginScope(recordGradients: false);
        ITensorScope inner = Backend.BeginScope(recordGradients: false);
        _ = MakeRamp([4]);
        outer.Dispose();
        Assert.Equal(before, Backend.LiveHandles);
        Tensor p = Make([3], 1, 1); // outermost is the top again, and records
        inner.Dispose();
        outer.Dispose();
        Backend.RequireGradient(p, required: true);
        Backend.Backward(Backend.Multiply(p, p));
        AssertValues([6], Backend.GetGradient(p)!);
    }

    [Fact]
    public void A_scope_ends_on_the_thread_where_it_began()
    {
        using ITensorScope scope = Backend.BeginScope(recordGradients: false);
        Tensor tensor = MakeRamp([4]);
        Exception? error = null;
        OnThread(() =>
        {
            error = Record.Exception(scope.Dispose);
            Assert.Equal(Ramp(4), Values(tensor)); // a tensor may be used anywhere
            MakeRamp([4]).Dispose(); // and this one belongs to no scope
        });
        Assert.IsType<CnnException>(error);
    }

    [Fact]
    public void A_thousand_steps_leave_nothing()
    {
        long before = Backend.LiveHandles;
        using (Tensor weight = MakeRamp([4, 2, 3, 3]))
        using (Tensor momentum = Backend.Zeros([4, 2, 3, 3], Device.Cpu))
        {
            Backend.RequireGradient(weight, required: true);
            for (int i = 0; i < 1000; i++)
            {
                using ITensorScope scope = Backend.BeginScope(recordGradients: true);
                Tensor x = MakeRamp([2, 2, 5, 5], shift: i);
                Tensor y = Backend.Conv2d(x, weight, null, new ConvolutionGeometry(1, 0, 1, 1));
                Tensor logits = Backend.Flatten(Backend.AdaptiveAvgPool2d(Backend.Activate(y, Activation.ReLU), 1));
                Backend.Backward(Backend.CrossEntropy(logits, Labels(i % 4, 0)));
                Backend.SgdStep([weight], [momentum], new SgdStep(0.01, 0.9, false, 0));
                Backend.ClearGradients([weight]);
            }

            Assert.Equal(before + 2, Backend.LiveHandles);
        }

        Assert.Equal(before, Backend.LiveHandles);
    }

    [Fact]
    public void What_is_forgotten_is_freed_by_the_garbage_collector()
    {
        Collect(); // what other tests have left
        long before = Backend.LiveHandles;
        Forget();
        Assert.Equal(before + 40, Backend.LiveHandles);
        Collect();
        Assert.Equal(before, Backend.LiveHandles);
    }

    private static void OnThread(Action action)
    {
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(action));
        thread.Start();
        thread.Join();
        Assert.Null(error);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget()
    {
        for (int i = 0; i < 20; i++)
        {
            _ = MakeRamp([10]);
            _ = Backend.CreateGenerator(Device.Cpu, 1);
        }
    }
}
