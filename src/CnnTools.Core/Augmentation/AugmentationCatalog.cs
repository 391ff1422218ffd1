namespace CnnTools.Augmentation;

/// <summary>The augmentations that there are, and how each is made of its text.</summary>
public static class AugmentationCatalog
{
    private const string Random = "Random";

    private static readonly AugmentationParameter Degrees =
        new("degrees", null) { Least = -360, Most = 360, IsRange = true, Around = number => new(-number, number) };

    private static readonly AugmentationParameter Mode = new("mode", "nearest") { Words = ["nearest", "bilinear"] };

    private static readonly AugmentationParameter Fill = new("fill", "0") { Most = 255, IsWhole = true };

    public static IReadOnlyList<AugmentationInfo> All { get; } =
    [
        new("RandomCrop", "pads the image and cuts one of its size out of it",
            [new("padding", null) { Least = 1, Most = 4096, IsWhole = true }, new("mode", "constant") { Words = ["constant", "edge", "reflect", "symmetric"] }, Fill])
        {
            Example = "RandomCrop 4",
            Create = a => new RandomCrop(a.Whole("padding"), a.Word<CropPadding>("mode"), a.Fill),
        },
        new("HorizontalFlip", "exchanges left and right", [Probability("0.5")])
        {
            Create = a => new Flip(Horizontal: true, a.Number("p")),
        },
        new("VerticalFlip", "exchanges top and bottom", [Probability("0.5")])
        {
            Create = a => new Flip(Horizontal: false, a.Number("p")),
        },
        new("Cutout", "erases a square", [new("length", null) { Least = 2, Most = 4096, IsWhole = true }, new("holes", "1") { Least = 1, Most = 100, IsWhole = true }])
        {
            Example = "Cutout 8",
            Create = a => new Cutout(a.Whole("length"), a.Whole("holes")),
        },
        new("RandomErasing", "erases a rectangle",
            [Probability("0.5"), Share("scale", "0.02,0.33", least: 0), Ratio("0.3,3.3"), new("value", "0") { Least = -1000, Most = 1000 }])
        {
            Create = a => new RandomErasing(a.Number("p"), a.Range("scale"), a.Range("ratio"), a.Number("value")),
        },
        new("RandomResizedCrop", "scales a part of the image to its size", [Share("scale", "0.08,1", least: 1e-6), Ratio("0.75,1.3333333333333333")])
        {
            Create = a => new RandomResizedCrop(a.Range("scale"), a.Range("ratio")),
        },
        new("ColorJitter", "changes brightness, contrast, saturation and hue",
            [Factor("brightness"), Factor("contrast"), Factor("saturation"), new("hue", "0") { Least = -0.5, Most = 0.5, IsRange = true, Around = number => new(-number, number) }])
        {
            Example = "ColorJitter 0.4 0.4 0.4 0.1",
            Create = a => new ColorJitter(a.Range("brightness"), a.Range("contrast"), a.Range("saturation"), a.Range("hue")),
        },
        new("RandAugment", "some of fourteen operations of one strength",
            [new("operations", "2") { Least = 1, Most = 100, IsWhole = true }, new("magnitude", "9") { Most = RandAugment.LargestMagnitude, IsWhole = true }, Mode, Fill])
        {
            Create = a => new RandAugment(a.Whole("operations"), a.Whole("magnitude"), a.Interpolation, a.Fill),
        },
        new("Rotation", "turns the image", [Degrees, Mode, Fill])
        {
            Example = "Rotation 10",
            Create = a => new RandomRotation(a.Range("degrees"), a.Interpolation, a.Fill),
        },
        new("Affine", "turns, moves, scales and shears the image",
            [
                Degrees, new("translate", "0") { Most = 1 }, new("scale", "1,1") { Least = 1e-3, Most = 1000, IsRange = true },
                new("shear", "0") { Least = -89, Most = 89, IsRange = true, Around = number => new(-number, number) }, Mode, Fill,
            ])
        {
            Example = "Affine 10 0.1 0.9,1.1",
            Create = a => new RandomAffine(
                a.Range("degrees"), a.Number("translate"), a.Number("translate"), a.Range("scale"), a.Range("shear"), a.Interpolation, a.Fill),
        },
    ];

    /// <summary>Reads one, as 'RandomCrop 4'. Case does not matter, nor does a Random in front of the name.</summary>
    /// <exception cref="CnnException">There is none of that name, or its numbers cannot be so.</exception>
    public static AugmentationStep Parse(string? text)
    {
        string[] words = (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string name = words.Length > 0 ? words[0] : "";
        AugmentationInfo info = All.FirstOrDefault(known => Bare(known.Name).Equals(Bare(name), StringComparison.OrdinalIgnoreCase))
            ?? throw Errors.UnknownAugmentation(name, All);
        return info.Create(new(info, words.AsSpan(1)));
    }

    private static string Bare(string name) =>
        name.StartsWith(Random, StringComparison.OrdinalIgnoreCase) && name.Length > Random.Length ? name[Random.Length..] : name;

    private static AugmentationParameter Probability(string usual) => new("p", usual) { Most = 1 };

    private static AugmentationParameter Share(string name, string usual, double least) =>
        new(name, usual) { Least = least, Most = 1, IsRange = true };

    private static AugmentationParameter Ratio(string usual) => new("ratio", usual) { Least = 1e-3, Most = 1e3, IsRange = true };

    private static AugmentationParameter Factor(string name) =>
        new(name, "0") { Most = 1000, IsRange = true, Around = number => new(Math.Max(0, 1 - number), 1 + number) };
}
