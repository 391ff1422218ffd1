using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnTools.Backends;

namespace CnnTools.Graphs;

/// <summary>A network as JSON: the form in which it is saved and travels in weight files.</summary>
public static class GraphJson
{
    /// <summary>For everything that is saved with a network: camel case, names of enums, pairs as [vertical, horizontal].</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 32,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false), new ShapeConverter(), new PairConverter(), new PaddingConverter() },
    };

    public static string Write(Graph graph) => JsonSerializer.Serialize(ToDocument(graph), Options);

    /// <summary>The same as a part of another document.</summary>
    public static JsonElement ToElement(Graph graph) => JsonSerializer.SerializeToElement(ToDocument(graph), Options);

    /// <exception cref="CnnException">The text is no network, or one whose shapes cannot be.</exception>
    public static Graph Read(string json) => Read(() => JsonSerializer.Deserialize<Document>(json, Options));

    /// <exception cref="CnnException">The same.</exception>
    public static Graph Read(JsonElement json) => Read(() => json.Deserialize<Document>(Options));

    private static Document ToDocument(Graph graph) => new(graph.InputShape, graph.Nodes)
    {
        Output = graph.Output == graph.Nodes[^1].Name ? null : graph.Output,
        Auxiliary = graph.Auxiliary.IsEmpty ? null : graph.Auxiliary,
    };

    private static Graph Read(Func<Document?> parse)
    {
        try
        {
            Document document = parse() ?? throw Errors.InvalidGraph("its JSON is empty", Remedy);
            return document.Nodes.IsDefault || document.Nodes.Any(n => n is null || n.Inputs.IsDefault)
                || document.Auxiliary is { } auxiliary && (auxiliary.IsDefault || auxiliary.Any(a => a is null))
                ? throw Errors.InvalidGraph("its JSON lacks layers, their inputs or outputs", Remedy)
                : new Graph(document.Input, document.Nodes, document.Output, document.Auxiliary ?? []);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw Errors.InvalidGraph($"its JSON cannot be read ({Text.Short(exception.Message)})", Remedy);
        }
    }

    private const string Remedy = "Save the network again, or build it by name.";

    private sealed record Document(Shape Input, ImmutableArray<Node> Nodes)
    {
        /// <summary>The last node where absent.</summary>
        public string? Output { get; init; }

        public ImmutableArray<AuxiliaryOutput>? Auxiliary { get; init; }
    }

    private static int[] ReadNumbers(ref Utf8JsonReader reader, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? [reader.GetInt32()]
            : JsonSerializer.Deserialize<int[]>(ref reader, options) ?? throw new JsonException("numbers are missing");

    private static void WriteNumbers(Utf8JsonWriter writer, params ReadOnlySpan<int> numbers)
    {
        writer.WriteStartArray();
        foreach (int number in numbers)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private sealed class ShapeConverter : JsonConverter<Shape>
    {
        public override Shape Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            int[] sizes = ReadNumbers(ref reader, options);
            return sizes.Length is 1 or 3 && Array.TrueForAll(sizes, size => size > 0)
                ? new Shape(sizes)
                : throw new JsonException("a shape must have one or three positive sizes");
        }

        public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options) =>
            WriteNumbers(writer, value.Sizes.AsSpan());
    }

    private sealed class PairConverter : JsonConverter<Pair>
    {
        public override Pair Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            ReadNumbers(ref reader, options) switch
            {
                [int both] => new(both, both),
                [int vertical, int horizontal] => new(vertical, horizontal),
                _ => throw new JsonException("a pair must have one or two numbers"),
            };

        public override void Write(Utf8JsonWriter writer, Pair value, JsonSerializerOptions options) =>
            WriteNumbers(writer, value.Vertical, value.Horizontal);
    }

    private sealed class PaddingConverter : JsonConverter<Padding>
    {
        public override Padding Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            ReadNumbers(ref reader, options) switch
            {
                [int all] => new(all, all, all, all),
                [int top, int bottom, int left, int right] => new(top, bottom, left, right),
                _ => throw new JsonException("a padding must have one or four numbers"),
            };

        public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options) =>
            WriteNumbers(writer, value.Top, value.Bottom, value.Left, value.Right);
    }
}
