namespace CnnTools.Tests;

/// <summary>
/// Networks that torchvision has too: its weights, under its names, give its logits and gradients. What takes long or much
/// memory runs where CNNTOOLS_ALL_NETWORKS is 1, and compares logits: in so many ReLUs there can be one at its kink, whose
/// gradient a rounding turns on or off.
/// </summary>
public sealed class TorchvisionTests
{
    public static TheoryData<string, int> Networks => new()
    {
        { "squeezenet1_1", 64 },
        { "mobilenet_v2", 64 },
        { "mobilenet_v3_small", 64 },
        { "resnet18", 64 },
        { "resnet50", 64 },
        { "resnext50_32x4d", 64 },
        { "densenet121", 64 },
        { "googlenet", 48 },
    };

    public static TheoryData<string, int> LargeNetworks => new()
    {
        { "alexnet", 64 },
        { "vgg11", 32 },
        { "vgg11_bn", 32 },
        { "vgg13", 32 },
        { "vgg13_bn", 32 },
        { "vgg16", 32 },
        { "vgg16_bn", 32 },
        { "vgg19", 32 },
        { "vgg19_bn", 32 },
        { "mobilenet_v3_large", 64 },
        { "resnet34", 64 },
        { "resnet101", 64 },
        { "resnet152", 64 },
        { "resnext101_32x8d", 64 },
        { "wide_resnet50_2", 64 },
        { "densenet161", 64 },
        { "densenet169", 64 },
        { "densenet201", 64 },
        { "inception_v3", 299 },
    };

    [TorchvisionTheory]
    [MemberData(nameof(Networks))]
    public void Logits_and_gradients_are_those_of_torchvision(string network, int side) =>
        NetworkComparison.Run("torchvision_network.py", network, new(3, side, side), gradients: true);

    [TorchvisionTheory]
    [InlineData("inception_v3", 75)] // too small for its auxiliary classifier
    public void Logits_of_a_network_with_many_ReLUs_are_those_of_torchvision(string network, int side) =>
        NetworkComparison.Run("torchvision_network.py", network, new(3, side, side), gradients: false);

    [AllNetworksTheory]
    [MemberData(nameof(LargeNetworks))]
    public void Logits_of_large_networks_too(string network, int side) =>
        NetworkComparison.Run("torchvision_network.py", network, new(3, side, side), gradients: false);
}
