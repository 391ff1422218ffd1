using System.Globalization;

namespace CnnTools.Graphs;

/// <summary>A network's totals.</summary>
/// <param name="name">Its label.</param>
public sealed class NetworkSummary(string name, Graph graph)
{
    private static readonly string[] Prefixes = ["", " k", " M", " G", " T", " P", " E"];

    public string Name { get; } = name;

    public Shape InputShape { get; } = graph.InputShape;

    /// <summary>Number of trained values.</summary>
    public long Parameters { get; } = graph.Parameters;

    /// <summary>Multiplications paired with an addition, for one image in evaluation.</summary>
    public long Macs { get; } = graph.MultiplyAdds;

    /// <summary>ResNet18: 11,689,512 parameters, 1.81 G multiply-adds, input 3x224x224; in the session's culture.</summary>
    public override string ToString() => ToString(CultureInfo.CurrentCulture);

    /// <summary>The same in another culture.</summary>
    public string ToString(CultureInfo culture) =>
        string.Create(culture, $"{Name}: {Parameters:N0} parameters, {Short(Macs, culture)} multiply-adds, input {InputShape}");

    /// <summary>Three digits and a prefix.</summary>
    private static string Short(double number, CultureInfo culture)
    {
        int prefix = 0;
        while (number >= 999.5)
        {
            number /= 1000;
            prefix++;
        }

        string format = prefix == 0 || number >= 99.95 ? "F0" : number >= 9.995 ? "F1" : "F2";
        return number.ToString(format, culture) + Prefixes[prefix];
    }
}
