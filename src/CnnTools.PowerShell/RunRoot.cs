using System.Management.Automation;
using CnnTools.Runs;

namespace CnnTools.PowerShell;

/// <summary>Where runs are kept where no parameter says so, and what they ran in.</summary>
internal static class RunRoot
{
    private const string Variable = "CnnRunPath";

    /// <summary>What the preference variable $CnnRunPath holds; null where it is not set.</summary>
    public static string? Preferred(PSCmdlet cmdlet) =>
        cmdlet.SessionState.PSVariable.GetValue(Variable)?.ToString() is { Length: > 0 } path ? path : null;

    public static RunEnvironment DescribeEnvironment(PSCmdlet cmdlet) => RunEnvironment.Of(
        cmdlet.MyInvocation.MyCommand.Version.ToString(),
        $"libtorch {Backend.Current.Info.LibraryVersion} ({Backend.Current.Info.Name})",
        $"{(cmdlet.SessionState.PSVariable.GetValue("PSVersionTable") as System.Collections.Hashtable)?["PSVersion"]}");
}
