using System.Management.Automation;
using CnnTools.Backends;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "CnnDevice")]
[OutputType(typeof(CnnDevice))]
public sealed class GetCnnDeviceCommand : CnnCmdlet
{
    protected override void Process()
    {
        IBackend backend = Backend.Current;
        foreach (DeviceInfo device in backend.GetDevices())
        {
            WriteObject(new CnnDevice(
                device.Device.ToString(), device.Name, device.TotalMemory, device.FreeMemory, backend.Info.Name,
                backend.Info.LibraryVersion));
        }
    }
}

/// <summary>A device that models can be trained on.</summary>
/// <param name="Device">What -Device takes: cpu, cuda:0.</param>
/// <param name="MemoryBytes">All of its memory.</param>
/// <param name="FreeBytes">What is free now.</param>
/// <param name="Backend">What the module was built with: LibTorch or TorchSharp.</param>
/// <param name="LibraryVersion">The version of libtorch, on which both run.</param>
public sealed record CnnDevice(
    string Device, string Name, long MemoryBytes, long FreeBytes, string Backend, string LibraryVersion);
