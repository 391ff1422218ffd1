using System.Management.Automation;
using CnnTools.PowerShell.Jobs;

namespace CnnTools.PowerShell;

/// <summary>Remove-Module leaves nothing running.</summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    public void OnRemove(PSModuleInfo psModuleInfo) => RunningTrainings.StopAll();
}
