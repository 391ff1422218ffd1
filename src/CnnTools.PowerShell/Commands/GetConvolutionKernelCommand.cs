using System.Management.Automation;
using CnnTools.Operations;
using CnnTools.PowerShell.Arguments;

namespace CnnTools.PowerShell.Commands;

[Cmdlet(VerbsCommon.Get, "ConvolutionKernel")]
[OutputType(typeof(ConvolutionKernel))]
public sealed class GetConvolutionKernelCommand : CnnCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(KernelCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override void Process() => Each(Name, name => WriteObject(Find(name), enumerateCollection: true));

    private static IEnumerable<ConvolutionKernel> Find(string name)
    {
        WildcardPattern pattern = new(name, WildcardOptions.IgnoreCase);
        return WildcardPattern.ContainsWildcardCharacters(name)
            ? KernelGallery.All.Where(kernel => pattern.IsMatch(kernel.Name) || kernel.Aliases.Any(pattern.IsMatch))
            : [KernelGallery.Get(name)];
    }
}
