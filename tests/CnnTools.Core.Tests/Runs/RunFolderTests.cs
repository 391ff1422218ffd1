using CnnTools.Runs;

namespace CnnTools.Tests;

public sealed class RunFolderTests
{
    [Theory]
    [InlineData("LeNet5-MNIST-20260101-120000", "LeNet5-MNIST-20260101-120000")]
    [InlineData("rate 0.1", "rate 0.1")]
    [InlineData("../up", "-up")]
    [InlineData("a/b\\c:d", "a-b-c-d")]
    [InlineData("[x]*?", "-x---")]
    [InlineData("...", "run")]
    [InlineData("", "run")]
    [InlineData("new\nline", "new-line")]
    public void A_name_is_one_folder_s_on_every_system(string text, string expected) =>
        Assert.Equal(expected, RunFolder.ToFileName(text));

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(100, RunFolder.ToFileName(new string('x', 5000)).Length);
}
