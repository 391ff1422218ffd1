using CnnTools.Backends;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Zoo;

/// <summary>
/// Writes down the networks of the Inception family: convolutions without bias, each with batch norm and ReLU behind it,
/// and modules, whose branches read one node and are concatenated. The words for padding are the papers': a valid
/// convolution has none, one of the same size as much as keeps it.
/// </summary>
/// <param name="weights">How convolutions start; PyTorch's default where null.</param>
internal sealed class InceptionBuilder(Shape input, Initializer? weights = null)
{
    private const double Epsilon = 0.001;

    private readonly List<string> _branches = [];
    private string _prefix = "";
    private string _moduleInput = Graph.InputName;

    /// <summary>For all that is not of this kind.</summary>
    public GraphBuilder Network { get; } = new(input);

    /// <summary>A convolution that keeps height and width but for its stride.</summary>
    public InceptionBuilder Same(string name, int filters, Pair kernel, int stride = 1) => Convolution(
        name, new(filters, kernel) { Stride = stride, Padding = new(kernel.Vertical / 2, kernel.Horizontal / 2) });

    /// <summary>A convolution without padding.</summary>
    public InceptionBuilder Valid(string name, int filters, Pair kernel, int stride = 1) =>
        Convolution(name, new(filters, kernel) { Stride = stride });

    /// <summary>Halves height and width.</summary>
    public InceptionBuilder MaxPool(string name) => Then(name, new MaxPool2d(3) { Stride = 2 });

    /// <summary>Keeps height and width.</summary>
    /// <param name="countPadding">As torchvision does, and TensorFlow and timm do not.</param>
    public InceptionBuilder AvgPool(string name, bool countPadding = false) =>
        Then(name, new AvgPool2d(3) { Stride = 1, Padding = 1, CountPadding = countPadding });

    /// <summary>Begins a module behind the last node: names within it begin with its own, up to its end.</summary>
    public InceptionBuilder Module(string name)
    {
        (_prefix, _moduleInput) = ($"{name}.", Network.Last);
        return this;
    }

    /// <summary>Begins a branch at the module's input, or behind one of its convolutions.</summary>
    public InceptionBuilder Branch(string? behind = null)
    {
        EndBranch();
        Network.From(behind is null ? _moduleInput : $"{_prefix}{behind}.relu");
        return this;
    }

    /// <summary>Ends the module: its branches one after the other.</summary>
    public InceptionBuilder Concat()
    {
        EndBranch();
        Network.Add($"{_prefix}concat", new Concat(), [.. _branches]);
        _branches.Clear();
        _prefix = "";
        return this;
    }

    public InceptionBuilder Then(string name, Layer layer)
    {
        Network.Then(_prefix + name, layer);
        return this;
    }

    private InceptionBuilder Convolution(string name, Conv2d convolution) => this
        .Then($"{name}.conv", convolution with { Bias = false, WeightInitializer = weights })
        .Then($"{name}.bn", new BatchNorm2d { Epsilon = Epsilon })
        .Then($"{name}.relu", new Activate(Activation.ReLU));

    private void EndBranch()
    {
        if (Network.Last != _moduleInput)
        {
            _branches.Add(Network.Last);
        }
    }
}
