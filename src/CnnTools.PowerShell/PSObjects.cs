using System.Management.Automation;

namespace CnnTools.PowerShell;

internal static class PSObjects
{
    /// <summary>What PowerShell has wrapped; anything else as it is.</summary>
    public static object? Unwrap(this object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
