using System.Text.Json.Serialization;
using CnnTools.Graphs.Layers;

namespace CnnTools.Graphs;

/// <summary>
/// What one node of a network does, as data: its options, the shape it gives, the weights it needs. Shapes are of one
/// sample, without the batch.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Conv2d), nameof(Conv2d))]
[JsonDerivedType(typeof(Linear), nameof(Linear))]
[JsonDerivedType(typeof(BatchNorm2d), nameof(BatchNorm2d))]
[JsonDerivedType(typeof(Activate), nameof(Activate))]
[JsonDerivedType(typeof(MaxPool2d), nameof(MaxPool2d))]
[JsonDerivedType(typeof(AvgPool2d), nameof(AvgPool2d))]
[JsonDerivedType(typeof(AdaptiveAvgPool2d), nameof(AdaptiveAvgPool2d))]
[JsonDerivedType(typeof(AdaptiveMaxPool2d), nameof(AdaptiveMaxPool2d))]
[JsonDerivedType(typeof(ChannelPool), nameof(ChannelPool))]
[JsonDerivedType(typeof(LocalResponseNorm), nameof(LocalResponseNorm))]
[JsonDerivedType(typeof(Affine), nameof(Affine))]
[JsonDerivedType(typeof(Pad2d), nameof(Pad2d))]
[JsonDerivedType(typeof(PadChannels), nameof(PadChannels))]
[JsonDerivedType(typeof(Flatten), nameof(Flatten))]
[JsonDerivedType(typeof(Unflatten), nameof(Unflatten))]
[JsonDerivedType(typeof(Dropout), nameof(Dropout))]
[JsonDerivedType(typeof(Add), nameof(Add))]
[JsonDerivedType(typeof(Multiply), nameof(Multiply))]
[JsonDerivedType(typeof(Concat), nameof(Concat))]
public abstract record Layer
{
    /// <summary>The layer's name among the field's terms: Conv2d, Linear, ReLU.</summary>
    [JsonIgnore]
    public virtual string Kind => GetType().Name;

    /// <summary>The output's shape for these inputs.</summary>
    /// <exception cref="CnnException">The inputs cannot be: names the layer, the input and what to change.</exception>
    public abstract Shape InferShape(string name, IReadOnlyList<Shape> inputs);

    /// <summary>The weights for these inputs, in PyTorch's order; their names are PyTorch's (weight, running_mean).</summary>
    public virtual IReadOnlyList<WeightSpec> GetWeights(IReadOnlyList<Shape> inputs) => [];

    /// <summary>Multiplications paired with an addition, for one sample (convolutions and linear layers; else 0).</summary>
    public virtual long CountMultiplyAdds(IReadOnlyList<Shape> inputs, Shape output) => 0;

    /// <summary>The window that it slides over an image; null where it has none of a fixed size.</summary>
    public virtual SlidingWindow? GetWindow() => null;

    /// <summary>The one input of a layer that takes one, checked to be an image (channels, height, width).</summary>
    protected Shape RequireImage(string name, IReadOnlyList<Shape> inputs)
    {
        Shape input = RequireOne(name, inputs);
        return input.Rank == 3
            ? input
            : throw Errors.ImpossibleShape(name, Kind, input, "it needs channels, height and width",
                "Put it before Flatten, or give an -InputShape of channels, height, width.");
    }

    protected Shape RequireOne(string name, IReadOnlyList<Shape> inputs) =>
        inputs.Count == 1
            ? inputs[0]
            : throw Errors.InvalidGraph($"layer '{name}' ({Kind}) has {inputs.Count} inputs and takes one",
                "Join the inputs with Add or Concat first.");

    /// <summary>An output of these sizes, which may be beyond what a tensor holds.</summary>
    protected Shape Output(string name, Shape input, params ReadOnlySpan<long> sizes)
    {
        long count = 1;
        int[] found = new int[sizes.Length];
        for (int i = 0; i < found.Length; i++)
        {
            count = Shape.Multiply(count, sizes[i]);
            found[i] = (int)Math.Min(sizes[i], int.MaxValue);
        }

        Require(count <= Graph.MostValues, name, input,
            $"its output of {string.Join('x', sizes.ToArray())} is more than a tensor holds",
            "Use fewer filters or outputs, less padding, or a smaller -InputShape.");
        return new(found);
    }

    protected void Require(bool holds, string name, Shape input, string reason, string remedy)
    {
        if (!holds)
        {
            throw Errors.ImpossibleShape(name, Kind, input, reason, remedy);
        }
    }
}
