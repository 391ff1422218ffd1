using CnnTools.Zoo;

namespace CnnTools.Tests.Zoo;

/// <summary>
/// The number of trained values of every network, by the name that its source gives it. Torchvision's were counted in
/// torchvision 0.14.1; the rest is the tutorials', timm's and the papers' authors'.
/// </summary>
public sealed class ParameterCountTests
{
    public static TheoryData<string, string, int, long> Counts => new()
    {
        { "lenet5", "1x32x32", 10, 61_706 },
        { "seed000_image_classification", "3x32x32", 10, 81_302 },
        { "seed000_image_classification_optimised", "3x32x32", 10, 13_693_962 },
        { "seed001_simple_cnn", "1x28x28", 10, 220_234 },
        { "seed002_net", "1x28x28", 10, 8_490 },
        { "seed002_homework_net", "1x28x28", 10, 5_720 },
        { "seed002_inception_net", "1x28x28", 10, 97_298 },
        { "seed002_residual_net", "1x28x28", 10, 41_514 },
        { "alexnet", "3x224x224", 1000, 61_100_840 },
        { "alexnet", "3x224x224", 10, 57_044_810 },
        { "vgg11", "3x224x224", 1000, 132_863_336 },
        { "vgg11", "3x224x224", 10, 128_807_306 },
        { "vgg11_bn", "3x224x224", 1000, 132_868_840 },
        { "vgg11_bn", "3x224x224", 10, 128_812_810 },
        { "vgg13", "3x224x224", 1000, 133_047_848 },
        { "vgg13", "3x224x224", 10, 128_991_818 },
        { "vgg13_bn", "3x224x224", 1000, 133_053_736 },
        { "vgg13_bn", "3x224x224", 10, 128_997_706 },
        { "vgg16", "3x224x224", 1000, 138_357_544 },
        { "vgg16", "3x224x224", 10, 134_301_514 },
        { "vgg16_bn", "3x224x224", 1000, 138_365_992 },
        { "vgg16_bn", "3x224x224", 10, 134_309_962 },
        { "vgg19", "3x224x224", 1000, 143_667_240 },
        { "vgg19", "3x224x224", 10, 139_611_210 },
        { "vgg19_bn", "3x224x224", 1000, 143_678_248 },
        { "vgg19_bn", "3x224x224", 10, 139_622_218 },
        { "resnet18", "3x224x224", 1000, 11_689_512 },
        { "resnet18", "3x224x224", 10, 11_181_642 },
        { "resnet18", "3x32x32", 10, 11_173_962 },
        { "resnet18", "1x28x28", 10, 11_172_810 },
        { "resnet34", "3x224x224", 1000, 21_797_672 },
        { "resnet34", "3x224x224", 10, 21_289_802 },
        { "resnet34", "3x32x32", 10, 21_282_122 },
        { "resnet50", "3x224x224", 1000, 25_557_032 },
        { "resnet50", "3x224x224", 10, 23_528_522 },
        { "resnet50", "3x32x32", 10, 23_520_842 },
        { "resnet101", "3x224x224", 1000, 44_549_160 },
        { "resnet101", "3x224x224", 10, 42_520_650 },
        { "resnet152", "3x224x224", 1000, 60_192_808 },
        { "resnet152", "3x224x224", 10, 58_164_298 },
        { "resnext50_32x4d", "3x224x224", 1000, 25_028_904 },
        { "resnext50_32x4d", "3x224x224", 10, 23_000_394 },
        { "resnext101_32x8d", "3x224x224", 1000, 88_791_336 },
        { "resnext101_32x8d", "3x224x224", 10, 86_762_826 },
        { "wide_resnet50_2", "3x224x224", 1000, 68_883_240 },
        { "wide_resnet50_2", "3x224x224", 10, 66_854_730 },
        { "densenet121", "3x224x224", 1000, 7_978_856 },
        { "densenet121", "3x224x224", 10, 6_964_106 },
        { "densenet121", "3x32x32", 10, 6_956_426 },
        { "densenet161", "3x224x224", 1000, 28_681_000 },
        { "densenet161", "3x224x224", 10, 26_494_090 },
        { "densenet169", "3x224x224", 1000, 14_149_480 },
        { "densenet169", "3x224x224", 10, 12_501_130 },
        { "densenet201", "3x224x224", 1000, 20_013_928 },
        { "densenet201", "3x224x224", 10, 18_112_138 },
        { "mobilenet_v2", "3x224x224", 1000, 3_504_872 },
        { "mobilenet_v2", "3x224x224", 10, 2_236_682 },
        { "mobilenet_v3_large", "3x224x224", 1000, 5_483_032 },
        { "mobilenet_v3_large", "3x224x224", 10, 4_214_842 },
        { "mobilenet_v3_small", "3x224x224", 1000, 2_542_856 },
        { "mobilenet_v3_small", "3x224x224", 10, 1_528_106 },
        { "squeezenet1_1", "3x224x224", 1000, 1_235_496 },
        { "squeezenet1_1", "3x224x224", 10, 727_626 },
        { "seresnet18", "3x224x224", 1000, 11_778_592 },
        { "seresnet34", "3x224x224", 1000, 21_958_868 },
        { "seresnet50", "3x224x224", 1000, 28_088_024 },
        { "seresnet101", "3x224x224", 1000, 49_326_872 },
        { "cbam_resnet18", "3x224x224", 1000, 11_779_392 },
        { "cbam_resnet34", "3x224x224", 1000, 21_960_468 },
        { "cbam_resnet50", "3x224x224", 1000, 28_089_624 },
        { "mobilenet_v1", "3x224x224", 1000, 4_231_976 },
        { "resnet20_cifar_a", "3x32x32", 10, 269_722 },
        { "resnet56_cifar_a", "3x32x32", 10, 853_018 },
        { "resnet110_cifar_a", "3x32x32", 10, 1_727_962 },
        { "preact_resnet110", "3x32x32", 10, 1_727_962 },
        { "preact_resnet164", "3x32x32", 10, 1_703_258 },
        { "preact_resnet1001", "3x32x32", 10, 10_327_706 },
        { "densenet40_k12", "3x32x32", 10, 1_019_722 },
        { "densenet100_k12", "3x32x32", 10, 6_979_642 },
        { "densenet_bc100_k12", "3x32x32", 10, 769_162 },
        { "densenet_bc190_k40", "3x32x32", 10, 25_624_430 },
        { "densenet_bc250_k24", "3x32x32", 10, 15_324_406 },
        { "wrn_28_10", "3x32x32", 10, 36_479_194 },
        { "resnet18_cifar", "3x32x32", 10, 11_173_962 },
        { "preact_resnet18_cifar", "3x32x32", 10, 11_172_170 },
        { "seed003_resnet18", "1x224x224", 10, 11_178_378 },
        { "alexnet_2012", "3x224x224", 1000, 60_965_224 },
        { "nin", "1x224x224", 10, 1_992_166 },
        { "nin", "3x224x224", 1000, 7_439_608 },
        { "AlexNetD2l", "1x224x224", 10, 46_764_746 },
        { "googlenet", "3x224x224", 1000, 13_004_888 },
        { "googlenet", "3x224x224", 10, 9_960_638 },
        { "GoogLeNet5x5", "3x224x224", 1000, 13_385_816 },
        { "se_googlenet", "3x224x224", 1000, 7_105_007 },
        { "inception_v2", "3x299x299", 1000, 23_798_088 },
        { "inception_v3", "3x299x299", 1000, 27_161_264 },
        { "inception_v3", "3x299x299", 10, 24_371_444 },
        { "inception_v4", "3x299x299", 1000, 42_679_816 },
        { "inception_resnet_v1", "3x299x299", 1000, 22_756_328 },
        { "inception_resnet_v2", "3x299x299", 1000, 55_843_464 },
        { "xception", "3x299x299", 1000, 22_855_952 },
    };

    [Theory]
    [MemberData(nameof(Counts))]
    public void Parameters_are_those_of_the_source(string name, string input, int classes, long parameters) =>
        Assert.Equal(parameters, Catalog.Get(name).Build(Shape.TryParse(input)!.Value, classes).Parameters);

    [Theory]
    [InlineData("googlenet", "3x224x224", 6_624_904)]
    [InlineData("GoogLeNet5x5", "3x224x224", 7_005_832)]
    [InlineData("inception_v3", "3x299x299", 23_834_568)]
    [InlineData("inception_v3", "3x128x128", 23_834_568)]
    public void Without_auxiliary_heads_too(string name, string input, long parameters)
    {
        ArchitectureOptions options = input == "3x128x128" ? ArchitectureOptions.None : new() { AuxiliaryHeads = false };
        Assert.Equal(parameters, Catalog.Get(name).Build(Shape.TryParse(input)!.Value, 1000, options).Parameters);
    }

    [Fact]
    public void Every_network_is_counted() =>
        Assert.Equal(
            Catalog.All.Select(a => a.Name).Order(StringComparer.Ordinal),
            Counts.Select(row => Catalog.Get((string)row[0]).Name).Distinct().Order(StringComparer.Ordinal));
}
