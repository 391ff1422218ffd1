namespace CnnTools.Tests;

/// <summary>
/// Networks of the Inception family that torchvision lacks, against PyTorch programs written from their papers and their
/// authors' code.
/// </summary>
public sealed class InceptionTranscriptionTests
{
    public static TheoryData<string, int> Networks => new()
    {
        { "googlenet5x5", 48 },
        { "se_googlenet", 48 },
    };

    public static TheoryData<string, int> LargeNetworks => new()
    {
        { "inception_v2", 75 },
        { "inception_v4", 75 },
        { "inception_resnet_v1", 75 },
        { "inception_resnet_v2", 75 },
        { "xception", 71 },
    };

    [TorchvisionTheory]
    [MemberData(nameof(Networks))]
    public void Logits_and_gradients_are_those_of_the_transcription(string network, int side) =>
        NetworkComparison.Run("transcription.py", network, new(3, side, side), gradients: true, source: "inception");

    [AllNetworksTheory]
    [MemberData(nameof(LargeNetworks))]
    public void Logits_of_large_networks_too(string network, int side) =>
        NetworkComparison.Run("transcription.py", network, new(3, side, side), gradients: false, source: "inception");
}
