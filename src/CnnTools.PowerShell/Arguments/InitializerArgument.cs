using System.Globalization;
using System.Management.Automation;
using CnnTools.Graphs;

namespace CnnTools.PowerShell.Arguments;

/// <summary>Reads how a weight is drawn: the name of a rule, or the deviation of normal values.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InitializerArgumentAttribute : ArgumentTransformationAttribute
{
    private static readonly Dictionary<string, Initializer> s_rules = new(StringComparer.OrdinalIgnoreCase)
    {
        ["KaimingNormalFanIn"] = new Initializer.KaimingNormal(Fan.In),
        ["KaimingNormalFanOut"] = new Initializer.KaimingNormal(Fan.Out),
        ["KaimingUniformFanIn"] = new Initializer.KaimingUniform(Fan.In),
        ["KaimingUniformFanOut"] = new Initializer.KaimingUniform(Fan.Out),
        ["XavierNormal"] = new Initializer.XavierNormal(),
        ["XavierUniform"] = new Initializer.XavierUniform(),
    };

    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if (inputData is null or Initializer or PSObject { BaseObject: Initializer })
        {
            return inputData;
        }

        string text = Numbers.Show(inputData);
        return s_rules.TryGetValue(text, out Initializer? rule)
            ? rule
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double deviation) && deviation >= 0 && double.IsFinite(deviation)
                ? new Initializer.Normal(deviation)
                : throw new ArgumentTransformationMetadataException(
                    $"'{text}' is none of {string.Join(", ", s_rules.Keys)}, and no deviation of normal values.");
    }
}
