using System.Runtime.CompilerServices;
using System.Text;
using CnnTools.Backends;

namespace CnnTools.LibTorch;

/// <summary>The backend on libtorch. One instance a process: libtorch is loaded once and stays.</summary>
public sealed partial class LibTorchBackend : IBackend
{
    private static readonly Lock Gate = new();
    private static LibTorchBackend? _instance;

    private LibTorchBackend(LibTorchBuild build)
    {
        Info = new BackendInfo(
            "LibTorch", build.Version, build.Cuda ? $"libtorch {build.Version} with CUDA" : $"libtorch {build.Version}",
            BackendCapabilities.ChannelsLast | BackendCapabilities.FusedConvolutionPooling | BackendCapabilities.MixedPrecision);
        Threads = 1;
        NumericMode = default;
    }

    /// <summary>The backend; loads libtorch the first time. A failure is not remembered: the next call tries again.</summary>
    /// <exception cref="CnnException">BackendUnavailable: libtorch or our native library is missing, or they do not match.</exception>
    public static LibTorchBackend Load()
    {
        lock (Gate)
        {
            return _instance ??= new LibTorchBackend(NativeLibraryLoader.Load());
        }
    }

    public BackendInfo Info { get; }

    public int Threads
    {
        get => NativeMethods.GetThreads();
        set
        {
            if (value < 1)
            {
                throw Errors.InvalidArgument("Threads", value, "1 or more");
            }

            Check(NativeMethods.SetThreads(value));
        }
    }

    public NumericMode NumericMode
    {
        get;
        set
        {
            Check(NativeMethods.SetNumericMode(value.AllowTF32 ? 1 : 0, value.Deterministic ? 1 : 0));
            field = value;
        }
    }

    public long LiveHandles => NativeMethods.LiveHandles();

    public IReadOnlyList<DeviceInfo> GetDevices()
    {
        List<DeviceInfo> devices = [];
        foreach (DeviceType type in Enum.GetValues<DeviceType>())
        {
            Check(NativeMethods.DeviceCount((int)type, out int count));
            for (int index = 0; index < count; index++)
            {
                devices.Add(Describe(new Device(type, index)));
            }
        }

        return devices;
    }

    public long GetPeakMemory(Device device)
    {
        Check(NativeMethods.PeakMemory((int)device.Type, device.Index, out long bytes));
        return bytes;
    }

    public bool Supports(Device device, Precision precision)
    {
        Check(NativeMethods.SupportsPrecision((int)device.Type, device.Index, (int)precision, out int supported));
        return supported != 0;
    }

    public IDisposable BeginMixedPrecision(Device device) => new MixedPrecision(device);

    public ITensorScope BeginScope(bool recordGradients) => new TensorScope(recordGradients);

    private static DeviceInfo Describe(Device device)
    {
        Span<byte> name = stackalloc byte[256];
        Check(NativeMethods.DeviceInfo((int)device.Type, device.Index, name, name.Length, out long total, out long free));
        return new DeviceInfo(device, Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]), total, free);
    }

    private static void Check(int status, [CallerMemberName] string operation = "") =>
        NativeStatus.Check(status, operation);

    /// <summary>The tensor that an operation made, in the scope it belongs to.</summary>
    private static LibTorchTensor Result(int status, TensorHandle handle, [CallerMemberName] string operation = "")
    {
        NativeStatus.Check(status, operation);
        LibTorchTensor tensor = new(handle);
        TensorScope.Adopt(tensor);
        return tensor;
    }

    private static TensorHandle In(Tensor tensor, [CallerMemberName] string operation = "") =>
        tensor switch
        {
            LibTorchTensor { Handle.IsClosed: false } own => own.Handle,
            LibTorchTensor => throw Errors.InvalidHandle(operation, "the tensor was disposed"),
            null => throw Errors.InvalidHandle(operation, "the tensor is null"),
            _ => throw Errors.InvalidHandle(operation, "the tensor belongs to another backend"),
        };

    private static TensorHandle InOrNone(Tensor? tensor, [CallerMemberName] string operation = "") =>
        tensor is null ? TensorHandle.None : In(tensor, operation);

    /// <summary>The ids of a list of tensors, which the caller keeps alive until the native call is over.</summary>
    private static nint[] In(IReadOnlyList<Tensor> tensors, [CallerMemberName] string operation = "")
    {
        nint[] ids = new nint[tensors.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = In(tensors[i], operation).Id;
        }

        return ids;
    }
}
