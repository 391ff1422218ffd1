using CnnTools.Operations;

namespace CnnTools.PowerShell.Arguments;

/// <summary>The kernels of the gallery.</summary>
public sealed class KernelCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
        KernelGallery.All.Select(kernel => (kernel.Name, kernel.Description));
}

/// <summary>Rules for padding, besides numbers.</summary>
public sealed class PaddingCompleter : NameCompleter
{
    protected override IEnumerable<(string Name, string Tip)> Names =>
    [
        ("Valid", "none"), ("Same", "what keeps the size"), ("Full", "the kernel's size less one on each side"),
    ];
}
