namespace CnnTools.Zoo;

/// <summary>All networks that can be made by name.</summary>
public static class Catalog
{
    public static IReadOnlyList<Architecture> All { get; } =
    [
        .. LeNet.Architectures,
        .. SimpleCnn.Architectures,
        .. ImageClassification.Architectures,
        .. FirstNetworks.Architectures,
        .. AlexNet.Architectures,
        .. NiN.Architectures,
        .. Vgg.Architectures,
        .. ResNet.Architectures,
        .. SEResNet.Architectures,
        .. CbamResNet.Architectures,
        .. Seed003ResNet18.Architectures,
        .. CifarResNet.Architectures,
        .. DenseNet.Architectures,
        .. MobileNetV1.Architectures,
        .. MobileNetV2.Architectures,
        .. MobileNetV3.Architectures,
        .. SqueezeNet.Architectures,
        .. GoogLeNet.Architectures,
        .. InceptionV3.Architectures,
        .. InceptionV4.Architectures,
        .. InceptionResNet.Architectures,
        .. Xception.Architectures,
    ];

    /// <summary>The network of this name or alias, whatever the case; null where there is none.</summary>
    public static Architecture? Find(string name) =>
        All.FirstOrDefault(a => IsName(a.Name, name)) ?? All.FirstOrDefault(a => a.Aliases.Any(alias => IsName(alias, name)));

    /// <exception cref="CnnException">There is no such network: offers near names.</exception>
    public static Architecture Get(string name) =>
        Find(name) ?? throw Errors.UnknownName("Architecture", name, All.Select(a => a.Name));

    private static bool IsName(string known, string typed) => known.Equals(typed, StringComparison.OrdinalIgnoreCase);
}
