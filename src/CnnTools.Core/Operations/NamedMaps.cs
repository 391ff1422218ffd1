using System.Collections.ObjectModel;

namespace CnnTools.Operations;

/// <summary>Feature maps by name. As text, in a cell of a table for one, it is their names.</summary>
internal sealed class NamedMaps(IDictionary<string, FeatureMap> maps) : ReadOnlyDictionary<string, FeatureMap>(maps)
{
    public static NamedMaps None { get; } = new(new Dictionary<string, FeatureMap>());

    public override string ToString() => string.Join(", ", Keys);
}
