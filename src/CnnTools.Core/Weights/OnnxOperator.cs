using CnnTools.Backends;

namespace CnnTools.Weights;

/// <summary>An operator of ONNX: its type, the values that it reads, its attributes.</summary>
internal sealed class OnnxOperator(string type, params string[] inputs)
{
    private readonly List<ProtobufMessage> _attributes = [];

    public string Type { get; } = type;

    public IReadOnlyList<string> Inputs { get; } = inputs;

    public IReadOnlyList<ProtobufMessage> Attributes => _attributes;

    public OnnxOperator With(string name, int value) => With(OnnxMessages.Attribute(name, value));

    public OnnxOperator With(string name, double value) => With(OnnxMessages.Attribute(name, (float)value));

    public OnnxOperator With(string name, string value) => With(OnnxMessages.Attribute(name, value));

    public OnnxOperator With(string name, IEnumerable<long> values) => With(OnnxMessages.Attribute(name, values));

    public OnnxOperator With(string name, Pair value) => With(name, [value.Vertical, value.Horizontal]);

    private OnnxOperator With(ProtobufMessage attribute)
    {
        _attributes.Add(attribute);
        return this;
    }
}
