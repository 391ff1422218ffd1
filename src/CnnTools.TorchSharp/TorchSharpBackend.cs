using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using CnnTools.Backends;
using TorchSharp;
using DeviceType = CnnTools.Backends.DeviceType;

namespace CnnTools.TorchSharp;

/// <summary>
/// The backend on the TorchSharp package, for systems where libtorch comes from NuGet. One instance a process: libtorch is
/// loaded once and stays.
/// </summary>
public sealed partial class TorchSharpBackend : IBackend
{
    private static readonly Lock Gate = new();
    private static TorchSharpBackend? _instance;

    private TorchSharpBackend(string version)
    {
        Info = new BackendInfo("TorchSharp", version, $"libtorch {version}", BackendCapabilities.ChannelsLast);
        Threads = 1;
        NumericMode = default;
    }

    /// <summary>The backend; loads libtorch the first time. A failure is not remembered: the next call tries again.</summary>
    /// <exception cref="CnnException">BackendUnavailable: libtorch or TorchSharp's native library cannot be loaded.</exception>
    public static IBackend Load()
    {
        lock (Gate)
        {
            return _instance ??= new TorchSharpBackend(NativeRuntime.Load());
        }
    }

    public BackendInfo Info { get; }

    public int Threads
    {
        get => NativeRuntime.Threads;
        set
        {
            if (value < 1)
            {
                throw Errors.InvalidArgument("Threads", value, "1 or more");
            }

            Run(() => NativeRuntime.Threads = value);
        }
    }

    // TorchSharp cannot ask libtorch for deterministic kernels: on CUDA the wish is refused, and the CPU's are.
    public NumericMode NumericMode
    {
        get;
        set
        {
            if (CudaDevices() > 0)
            {
                if (value.Deterministic)
                {
                    throw Errors.NotDeterministic(nameof(NumericMode), "TorchSharp has no way to ask CUDA for it");
                }

                torch.backends.cuda.matmul.allow_tf32 = value.AllowTF32;
                torch.backends.cudnn.allow_tf32 = value.AllowTF32;
            }

            field = value;
        }
    }

    public long LiveHandles => torch.Tensor.TotalCount + TorchSharpGenerator.Live;

    public IReadOnlyList<DeviceInfo> GetDevices() =>
    [
        new DeviceInfo(Device.Cpu, HostMachine.ProcessorName, HostMachine.TotalMemory, HostMachine.FreeMemory),
        .. Enumerable.Range(0, CudaDevices()).Select(index => new DeviceInfo(new(DeviceType.Cuda, index), "CUDA device", 0, 0)),
    ];

    public long GetPeakMemory(Device device)
    {
        _ = Place(device, nameof(GetPeakMemory));
        return device.Type == DeviceType.Cpu ? HostMachine.PeakMemory : 0;
    }

    public bool Supports(Device device, Precision precision) =>
        precision == Precision.Float32 || (precision == Precision.TF32 && device.Type == DeviceType.Cuda);

    /// <summary>TorchSharp has no autocast.</summary>
    public IDisposable BeginMixedPrecision(Device device) =>
        throw Errors.BackendFailed(nameof(BeginMixedPrecision), "TorchSharp has no mixed precision");

    public ITensorScope BeginScope(bool recordGradients) => new TensorScope(recordGradients);

    private static int CudaDevices() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    /// <summary>TorchSharp's name of a device that is there.</summary>
    private static torch.Device Place(Device device, string operation)
    {
        if (device == Device.Cpu)
        {
            return torch.CPU;
        }

        int count = device.Type == DeviceType.Cuda ? CudaDevices() : 1;
        return device.Type == DeviceType.Cuda && device.Index >= 0 && device.Index < count
            ? new torch.Device(global::TorchSharp.DeviceType.CUDA, device.Index)
            : throw Errors.BackendFailed(operation, $"{device} is not here; there are {count}");
    }

    private static void Run(Action action, [CallerMemberName] string operation = "") =>
        Run(() =>
        {
            action();
            return true;
        }, operation);

    /// <summary>What TorchSharp gives; each of its exceptions becomes one of ours.</summary>
    private static T Run<T>(Func<T> function, [CallerMemberName] string operation = "")
    {
        NativeRuntime.PrepareThread();
        try
        {
            return function();
        }
        catch (Exception exception) when (exception is not CnnException)
        {
            throw Failure.Of(operation, exception);
        }
    }

    /// <summary>The tensor that one call of TorchSharp's made; it is in the thread's scope.</summary>
    private static TorchSharpTensor Result(Func<torch.Tensor> function, [CallerMemberName] string operation = "") =>
        TensorScope.Adopt(Run(function, operation));

    /// <summary>The tensor that several calls made; those between are freed.</summary>
    private static TorchSharpTensor Composed(Func<Numbers, torch.Tensor> function, [CallerMemberName] string operation = "") =>
        Result(() =>
        {
            using Numbers numbers = new();
            using DisposeScope between = torch.NewDisposeScope();
            return function(numbers).MoveToOuterDisposeScope();
        }, operation);

    /// <summary>Several calls that change tensors in place; no gradients are recorded, and what they make is freed.</summary>
    private static void Update(Action<Numbers> action, [CallerMemberName] string operation = "") =>
        Run(() =>
        {
            using IDisposable unrecorded = torch.no_grad();
            using Numbers numbers = new();
            using DisposeScope between = torch.NewDisposeScope();
            action(numbers);
        }, operation);

    private static TorchSharpTensor Own(Tensor tensor, string operation) =>
        tensor switch
        {
            TorchSharpTensor { Inner.IsInvalid: false } own => own,
            TorchSharpTensor => throw Errors.InvalidHandle(operation, "the tensor was disposed"),
            null => throw Errors.InvalidHandle(operation, "the tensor is null"),
            _ => throw Errors.InvalidHandle(operation, "the tensor belongs to another backend"),
        };

    private static torch.Tensor In(Tensor tensor, [CallerMemberName] string operation = "") => Own(tensor, operation).Inner;

    private static torch.Tensor? InOrNone(Tensor? tensor, [CallerMemberName] string operation = "") =>
        tensor is null ? null : In(tensor, operation);

    private static torch.Tensor[] In(IReadOnlyList<Tensor> tensors, [CallerMemberName] string operation = "")
    {
        torch.Tensor[] inner = new torch.Tensor[tensors.Count];
        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = In(tensors[i], operation);
        }

        return inner;
    }

    private static void Require(
        [DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref FaultText message,
        [CallerMemberName] string operation = "") => Require(condition, condition ? "" : message.ToString(), operation);

    private static void Require([DoesNotReturnIf(false)] bool condition, string message, [CallerMemberName] string operation = "")
    {
        if (!condition)
        {
            throw Errors.BackendFailed(operation, message);
        }
    }
}
