using System.Globalization;
using System.Text.Json.Serialization;
using CnnTools.Backends;

namespace CnnTools.Zoo;

/// <summary>The first layers of a network.</summary>
public enum Stem
{
    /// <summary>3x3 with stride 1, no first pooling: for small images.</summary>
    Conv3x3,

    /// <summary>7x7 with stride 2, then pooling: for photographs.</summary>
    Conv7x7,
}

public enum Pooling
{
    Average,
    Max,
}

/// <summary>
/// What a residual block's input goes through before it is added. The first two, and Convolution, are He et al. 2015's
/// options A, B and C; the rest, with Convolution, are the ablations of "Identity Mappings" (He et al. 2016).
/// </summary>
public enum Shortcut
{
    /// <summary>Nothing; where the shape changes, every second pixel and channels of zeros: no parameters.</summary>
    ZeroPadding,

    /// <summary>Nothing; where the shape changes, a 1x1 convolution.</summary>
    Projection,

    /// <summary>A 1x1 convolution in every block.</summary>
    Convolution,

    /// <summary>Half of it, added to half of the block's output.</summary>
    ConstantScaling,

    /// <summary>1 - g of it, added to g of the block's output; g is a sigmoid of a 1x1 convolution of it.</summary>
    ExclusiveGating,

    /// <summary>1 - g of it, added to all of the block's output.</summary>
    ShortcutOnlyGating,

    /// <summary>Dropout.</summary>
    Dropout,
}

/// <summary>Where batch norm and ReLU stand in a residual block ("Identity Mappings", He et al. 2016, figure 4).</summary>
public enum Placement
{
    /// <summary>Convolution, batch norm, ReLU; the last ReLU after the addition.</summary>
    Original,

    BatchNormAfterAddition,

    ReluBeforeAddition,

    ReluOnlyPreactivation,

    /// <summary>Batch norm, ReLU, convolution.</summary>
    FullPreactivation,
}

/// <summary>
/// What can be chosen about a network by name besides its input and classes; null is the network's own choice. Each
/// network takes some of them.
/// </summary>
public sealed record ArchitectureOptions
{
    public static ArchitectureOptions None { get; } = new();

    public Stem? Stem { get; init; }

    public Activation? Activation { get; init; }

    public Pooling? Pooling { get; init; }

    public Shortcut? Shortcut { get; init; }

    public Placement? Placement { get; init; }

    /// <summary>The probability of the network's own dropout.</summary>
    public double? Dropout { get; init; }

    /// <summary>Whether it has its auxiliary classifiers.</summary>
    public bool? AuxiliaryHeads { get; init; }

    /// <summary>Names and values of those that are not null.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, object Value)> Given =>
        new (string Name, object? Value)[]
        {
            (nameof(Stem), Stem), (nameof(Activation), Activation), (nameof(Pooling), Pooling),
            (nameof(Shortcut), Shortcut), (nameof(Placement), Placement), (nameof(Dropout), Dropout),
            (nameof(AuxiliaryHeads), AuxiliaryHeads),
        }
        .Where(option => option.Value is not null)
        .Select(option => (option.Name, option.Value!));

    /// <summary>The same with another's values where these are null.</summary>
    public ArchitectureOptions Or(ArchitectureOptions other) => new()
    {
        Stem = Stem ?? other.Stem,
        Activation = Activation ?? other.Activation,
        Pooling = Pooling ?? other.Pooling,
        Shortcut = Shortcut ?? other.Shortcut,
        Placement = Placement ?? other.Placement,
        Dropout = Dropout ?? other.Dropout,
        AuxiliaryHeads = AuxiliaryHeads ?? other.AuxiliaryHeads,
    };

    /// <summary>As a user types them: Stem Conv3x3, Dropout 0.3.</summary>
    public override string ToString() =>
        string.Join(", ", Given.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Name} {o.Value}")));
}
