using System.Management.Automation;

namespace CnnTools.PowerShell.Definitions;

/// <summary>
/// A word of -Definition: a cmdlet that is in no module, called by a function of the word's name that exists inside the
/// definition only. So its parameters bind as every cmdlet's do, and it shadows no variable of the user's.
/// </summary>
public abstract class Word : PSCmdlet
{
    /// <summary>Its own name in place of one made up: what weights are saved under.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    private protected static NetworkDefinition Network => NetworkDefinition.Current;

    protected sealed override void EndProcessing() => Network.WholeOrNot(Write);

    /// <summary>Adds to the network.</summary>
    protected abstract void Write();
}
