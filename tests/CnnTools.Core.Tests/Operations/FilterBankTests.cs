using CnnTools.Backends;
using CnnTools.Operations;

namespace CnnTools.Tests.Operations;

public sealed class FilterBankTests
{
    [Theory]
    [InlineData(new[] { 6 }, 1, 1, 1, 6)]
    [InlineData(new[] { 2, 3 }, 1, 1, 2, 3)]
    [InlineData(new[] { 3, 2, 1 }, 1, 3, 2, 1)]
    [InlineData(new[] { 3, 1, 1, 2 }, 3, 1, 1, 2)]
    public void Sizes_are_read_from_the_right(int[] sizes, int filters, int planes, int height, int width)
    {
        FilterBank bank = FilterBank.Of(new FeatureMap([1, 2, 3, 4, 5, 6], new(sizes)));

        Assert.Equal((filters, planes, new Pair(height, width)), (bank.Filters, bank.Planes, bank.Size));
    }

    [Fact]
    public void Kernels_in_a_list_are_a_filter_each()
    {
        FilterBank bank = FilterBank.Of(KernelGallery.Get("SobelX").Matrix, KernelGallery.Get("sobely").Matrix);

        Assert.Equal((2, 1, "SobelX, SobelY"), (bank.Filters, bank.Planes, bank.Label));
    }

    [Fact]
    public void Filters_of_two_sizes_and_none_at_all_are_refused()
    {
        FeatureMap[] two = [KernelGallery.Get("Blur").Matrix, KernelGallery.Get("Blur5x5").Matrix];

        Assert.Equal("DataNotUnderstood", Assert.Throws<CnnException>(() => FilterBank.Of(two)).Id);
        Assert.Equal("DataNotUnderstood", Assert.Throws<CnnException>(() => FilterBank.Of([])).Id);
    }

    [Fact]
    public void Every_kernel_of_the_gallery_is_found_by_all_of_its_names()
    {
        Assert.All(KernelGallery.All, kernel => Assert.All(
            kernel.Aliases.Prepend(kernel.Name), name => Assert.Same(kernel, KernelGallery.Get(name.ToUpperInvariant()))));
        Assert.Contains("SobelX", Assert.Throws<CnnException>(() => KernelGallery.Get("Sobell")).Remedy, StringComparison.Ordinal);
    }
}
