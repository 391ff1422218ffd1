using CnnTools.Graphs;
using CnnTools.Graphs.Layers;

namespace CnnTools.Weights;

/// <summary>A network's evaluation form as ONNX's graph: operators, the weights they read, and the shapes between.</summary>
/// <param name="readWeight">Gives the weight of the first name under the second one.</param>
internal sealed class OnnxGraph(Graph graph, Func<string, string, SafetensorsTensor> readWeight)
{
    // ONNX has one space of names for values and weights, and the empty one means none.
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal) { "" };
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _weights = new(StringComparer.Ordinal);
    private readonly List<ProtobufMessage> _operators = [];
    private readonly List<ProtobufMessage> _initializers = [];
    private readonly List<ProtobufMessage> _inner = [];

    /// <exception cref="CnnException">A layer has no counterpart.</exception>
    public ProtobufMessage ToMessage(string name)
    {
        _values[Graph.InputName] = Free(Graph.InputName);
        foreach (Node node in graph.EvaluationNodes)
        {
            Add(node);
        }

        return OnnxMessages.Graph(name, _operators, _initializers,
            OnnxMessages.Value(ValueOf(Graph.InputName), graph.InputShape),
            OnnxMessages.Value(ValueOf(graph.Output), graph.OutputShape), _inner);
    }

    /// <summary>The value that a node gives.</summary>
    public string ValueOf(string node) => _values[node];

    /// <summary>The initializer that is this weight; made for the first that reads it.</summary>
    public string Weight(string name) => _weights.TryGetValue(name, out string? known)
        ? known
        : _weights[name] = AddInitializer(readWeight(name, Free(name)));

    /// <summary>An initializer of the operators' own.</summary>
    /// <param name="make">Makes it under the name that it gets.</param>
    public string AddConstant(string name, Func<string, SafetensorsTensor> make) => AddInitializer(make(Free(name)));

    public string AddOperator(string name, OnnxOperator of)
    {
        string value = Free(name);
        _operators.Add(OnnxMessages.Node(value, of));
        return value;
    }

    private void Add(Node node)
    {
        // In evaluation it does nothing; only an output must be somebody's.
        if (node.Layer is Dropout && node.Name != graph.Output)
        {
            _values[node.Name] = ValueOf(node.Inputs[0]);
            return;
        }

        Shape output = graph.ShapeOf(node.Name);
        OnnxOperator last = OnnxOperators.For(new OnnxLayer(this, node, graph.InputShapes(node)[0], output));
        string value = _values[node.Name] = AddOperator(node.Name, last);
        if (node.Name != graph.Output)
        {
            _inner.Add(OnnxMessages.Value(value, output));
        }
    }

    private string AddInitializer(SafetensorsTensor tensor)
    {
        _initializers.Add(OnnxMessages.Tensor(tensor));
        return tensor.Name;
    }

    private string Free(string name)
    {
        while (!_taken.Add(name))
        {
            name += "_";
        }

        return name;
    }
}
