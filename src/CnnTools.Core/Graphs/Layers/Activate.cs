using System.Text.Json.Serialization;
using CnnTools.Backends;

namespace CnnTools.Graphs.Layers;

/// <summary>An elementwise nonlinearity.</summary>
public sealed record Activate(Activation Function) : Layer
{
    [JsonIgnore]
    public override string Kind => Function.ToString();

    public override Shape InferShape(string name, IReadOnlyList<Shape> inputs) => RequireOne(name, inputs);
}
