namespace CnnTools.Weights;

/// <summary>
/// The messages of an ONNX file, with the field numbers of its schema (onnx.proto of ONNX 1.10, IR version 8).
/// </summary>
internal static class OnnxMessages
{
    /// <summary>The version of the operators' meanings.</summary>
    public const int Opset = 15;

    private const int IrVersion = 8;
    private const int FloatType = 1;
    private const int Int64Type = 7;

    /// <summary>The name of the batch dimension, whose size each run chooses.</summary>
    private const string BatchDimension = "N";

    private enum AttributeType
    {
        Float = 1,
        Int = 2,
        String = 3,
        Ints = 7,
    }

    public static ProtobufMessage Model(ProtobufMessage graph, IEnumerable<KeyValuePair<string, string>> metadata) =>
        new ProtobufMessage()
            .Add(1, IrVersion)
            .Add(2, "CnnTools")
            .Add(3, typeof(OnnxMessages).Assembly.GetName().Version!.ToString(3))
            .Add(7, graph)
            .Add(8, new ProtobufMessage().Add(2, Opset))
            .AddAll(metadata, (model, entry) =>
                model.Add(14, new ProtobufMessage().Add(1, entry.Key).Add(2, entry.Value)));

    public static ProtobufMessage Graph(
        string name, IEnumerable<ProtobufMessage> nodes, IEnumerable<ProtobufMessage> initializers, ProtobufMessage input,
        ProtobufMessage output, IEnumerable<ProtobufMessage> inner) =>
        new ProtobufMessage()
            .AddAll(nodes, (graph, node) => graph.Add(1, node))
            .Add(2, name)
            .AddAll(initializers, (graph, tensor) => graph.Add(5, tensor))
            .Add(11, input)
            .Add(12, output)
            .AddAll(inner, (graph, value) => graph.Add(13, value));

    /// <summary>An operator under the name of the one value that it gives.</summary>
    public static ProtobufMessage Node(string name, OnnxOperator of) =>
        new ProtobufMessage()
            .AddAll(of.Inputs, (node, input) => node.Add(1, input))
            .Add(2, name)
            .Add(3, name)
            .Add(4, of.Type)
            .AddAll(of.Attributes, (node, attribute) => node.Add(5, attribute));

    public static ProtobufMessage Attribute(string name, float value) =>
        Attribute(name, AttributeType.Float).Add(2, value);

    public static ProtobufMessage Attribute(string name, long value) => Attribute(name, AttributeType.Int).Add(3, value);

    public static ProtobufMessage Attribute(string name, string value) =>
        Attribute(name, AttributeType.String).Add(4, value);

    public static ProtobufMessage Attribute(string name, IEnumerable<long> values) =>
        Attribute(name, AttributeType.Ints).AddAll(values, (attribute, value) => attribute.Add(8, value));

    /// <summary>Of F32 or I64, whose bytes are the same there.</summary>
    public static ProtobufMessage Tensor(SafetensorsTensor tensor) =>
        new ProtobufMessage()
            .AddAll(tensor.Shape, (message, size) => message.Add(1, size))
            .Add(2, tensor.Type == SafetensorsType.F32 ? FloatType : Int64Type)
            .Add(8, tensor.Name)
            .Add(9, SafetensorsTypes.Count(tensor.Shape)!.Value * tensor.Type.Size(), tensor.WriteTo);

    /// <summary>What is known of a value: it is float32, of a batch of this shape.</summary>
    public static ProtobufMessage Value(string name, Shape shape)
    {
        ProtobufMessage sizes = new ProtobufMessage()
            .Add(1, new ProtobufMessage().Add(2, BatchDimension))
            .AddAll(shape.Sizes, (message, size) => message.Add(1, new ProtobufMessage().Add(1, size)));
        ProtobufMessage tensor = new ProtobufMessage().Add(1, FloatType).Add(2, sizes);
        return new ProtobufMessage().Add(1, name).Add(2, new ProtobufMessage().Add(1, tensor));
    }

    private static ProtobufMessage Attribute(string name, AttributeType type) =>
        new ProtobufMessage().Add(1, name).Add(20, (long)type);
}
