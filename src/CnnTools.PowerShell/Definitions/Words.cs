using System.Management.Automation;
using CnnTools.Backends;

namespace CnnTools.PowerShell.Definitions;

/// <summary>The words of -Definition, each with the cmdlet behind it.</summary>
public static class Words
{
    private static readonly Dictionary<string, CmdletInfo> s_cmdlets = new Dictionary<string, Type>
    {
        ["Conv2d"] = typeof(Conv2dWord),
        ["DepthwiseConv2d"] = typeof(DepthwiseConv2dWord),
        ["Linear"] = typeof(LinearWord),
        ["BatchNorm2d"] = typeof(BatchNorm2dWord),
        ["LocalResponseNorm"] = typeof(LocalResponseNormWord),
        ["MaxPool2d"] = typeof(MaxPool2dWord),
        ["AvgPool2d"] = typeof(AvgPool2dWord),
        ["AdaptiveMaxPool2d"] = typeof(AdaptiveMaxPool2dWord),
        ["AdaptiveAvgPool2d"] = typeof(AdaptiveAvgPool2dWord),
        ["ChannelPool"] = typeof(ChannelPoolWord),
        ["Flatten"] = typeof(FlattenWord),
        ["Unflatten"] = typeof(UnflattenWord),
        ["Pad2d"] = typeof(Pad2dWord),
        ["PadChannels"] = typeof(PadChannelsWord),
        ["Dropout"] = typeof(DropoutWord),
        ["Affine"] = typeof(AffineWord),
        ["Residual"] = typeof(ResidualWord),
        ["Sum"] = typeof(SumWord),
        ["Branch"] = typeof(BranchWord),
        ["Dense"] = typeof(DenseWord),
        ["Gate"] = typeof(GateWord),
        ["SqueezeExcite"] = typeof(SqueezeExciteWord),
        ["Cbam"] = typeof(CbamWord),
        ["Block"] = typeof(BlockWord),
        ["Repeat"] = typeof(RepeatWord),
        ["Auxiliary"] = typeof(AuxiliaryWord),
    }
    .Concat(Enum.GetNames<Activation>().Select(name => KeyValuePair.Create(name, typeof(ActivationWord))))
    .ToDictionary(word => word.Key, word => new CmdletInfo($"Add-{word.Key}", word.Value), StringComparer.OrdinalIgnoreCase);

    /// <summary>All words, in order.</summary>
    public static IReadOnlyCollection<string> Names { get; } = [.. s_cmdlets.Keys.Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What a definition's block sees. Made for each run, since they belong to the session that they run in.</summary>
    internal static Dictionary<string, ScriptBlock> Functions => s_cmdlets.ToDictionary(
        word => word.Key,
        word => ScriptBlock.Create(
            $"try {{ & ([{typeof(Words).FullName}]::Find('{word.Key}')) @args{(word.Value.ImplementingType == typeof(ActivationWord) ? $" -Function {word.Key}" : "")} }} "
            + $"catch {{ [{typeof(Words).FullName}]::Locate($_, $MyInvocation); throw }}"));

    /// <summary>The cmdlet behind a word; for the words' own functions.</summary>
    public static CmdletInfo Find(string word) => s_cmdlets[word];

    /// <summary>Tells the open definition where a word failed; for the words' own functions.</summary>
    public static void Locate(ErrorRecord error, InvocationInfo word)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(word);
        if (NetworkDefinition.IsOpen)
        {
            NetworkDefinition.Current.Locate(error, word);
        }
    }

    internal static bool IsWord(CommandInfo? command) => command is CmdletInfo { ImplementingType: { } type } && type.IsAssignableTo(typeof(Word));

    /// <summary>The names of a word's own parameters.</summary>
    internal static IEnumerable<string> Parameters(string word) =>
        from property in s_cmdlets[word].ImplementingType.GetProperties()
        where Attribute.IsDefined(property, typeof(ParameterAttribute))
            && property.GetCustomAttributes(typeof(ParameterAttribute), inherit: true).Cast<ParameterAttribute>().All(p => !p.DontShow)
        select property.Name;
}
