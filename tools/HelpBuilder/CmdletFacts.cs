using System.Reflection;
using System.Runtime.Loader;

namespace CnnTools.HelpBuilder;

/// <summary>A parameter as one parameter set has it.</summary>
internal sealed record ParameterUse(
    string Set, bool Mandatory, int? Position, bool ByValue, bool ByPropertyName, bool FromRemaining, bool Hidden);

/// <summary>A parameter of a cmdlet.</summary>
/// <param name="Type">As PowerShell shows it: a Nullable is its value's type.</param>
/// <param name="Values">The words that it takes, where it is an enumeration or has a set of them.</param>
internal sealed record ParameterFacts(
    string Name, Type Type, string[] Aliases, bool Wildcards, string? Default, string[] Values, ParameterUse[] Uses)
{
    public const string AllSets = "__AllParameterSets";

    public bool IsSwitch => Type.Name == "SwitchParameter";

    public ParameterUse? In(string set) => Uses.FirstOrDefault(u => u.Set == set || u.Set == AllSets);
}

/// <summary>What the assembly knows about a cmdlet.</summary>
internal sealed record CmdletFacts(
    string Name, string[] Sets, ParameterFacts[] Parameters, string[] OutputTypes)
{
    /// <summary>The parameters of a set as Get-Command orders them: by position, then the mandatory, then the others.</summary>
    public IEnumerable<(ParameterFacts Parameter, ParameterUse Use)> Syntax(string set) =>
        from parameter in Parameters
        let use = parameter.In(set)
        where use is { Hidden: false }
        orderby use.Position ?? int.MaxValue, use.Mandatory ? 0 : 1
        select (parameter, use);

    /// <summary>
    /// Reads attributes as data, without running any of them: PowerShell's assembly is a stub here, which can be looked
    /// at but not run.
    /// </summary>
    public static IEnumerable<CmdletFacts> Read(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        AssemblyLoadContext context = new("cmdlets");
        context.Resolving += (loader, name) =>
        {
            string file = Path.Combine(folder, name.Name + ".dll");
            return File.Exists(file) ? loader.LoadFromAssemblyPath(file) : null;
        };

        return
            from type in context.LoadFromAssemblyPath(Path.GetFullPath(path)).GetTypes()
            where !type.IsAbstract
            let cmdlet = Find(type, "CmdletAttribute").FirstOrDefault()
            where cmdlet is not null
            select Describe(type, cmdlet);
    }

    private static CmdletFacts Describe(Type type, CustomAttributeData cmdlet)
    {
        string name = $"{cmdlet.ConstructorArguments[0].Value}-{cmdlet.ConstructorArguments[1].Value}";
        List<ParameterFacts> parameters =
        [
            .. from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
               let uses = Find(property, "ParameterAttribute").Select(Use).ToArray()
               where uses.Length > 0 && !uses.All(u => u.Hidden)
               select Describe(property, uses),
        ];
        if (Named(cmdlet, "SupportsShouldProcess") is true)
        {
            ParameterUse use = new(ParameterFacts.AllSets, false, null, false, false, false, false);
            Type flag = type.Assembly.GetReferencedAssemblies()
                .Where(a => a.Name == "System.Management.Automation")
                .Select(Assembly.Load).First().GetType("System.Management.Automation.SwitchParameter", throwOnError: true)!;
            parameters.Add(new("WhatIf", flag, ["wi"], false, null, [], [use]));
            parameters.Add(new("Confirm", flag, ["cf"], false, null, [], [use]));
        }

        string? first = Named(cmdlet, "DefaultParameterSetName") as string;
        string[] sets =
        [
            .. parameters.SelectMany(p => p.Uses).Select(u => u.Set).Where(s => s != ParameterFacts.AllSets)
                .Append(first).OfType<string>().Distinct()
                .OrderBy(s => s == first ? 0 : 1),
        ];
        string[] outputs =
        [
            .. Find(type, "OutputTypeAttribute").SelectMany(a => a.ConstructorArguments).SelectMany(Elements)
                .Select(v => v is Type t ? t.FullName! : (string)v!).Distinct(),
        ];
        return new CmdletFacts(name, sets.Length > 0 ? sets : [ParameterFacts.AllSets], [.. parameters], outputs);
    }

    private static ParameterFacts Describe(PropertyInfo property, ParameterUse[] uses)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Type element = type.IsArray ? type.GetElementType()! : type;
        string[] set = [.. Find(property, "ValidateSetAttribute").SelectMany(a => a.ConstructorArguments).SelectMany(Elements).OfType<string>()];
        CustomAttributeData? preset = Find(property, "PSDefaultValueAttribute").FirstOrDefault();
        return new ParameterFacts(
            property.Name,
            type,
            [.. Find(property, "AliasAttribute").SelectMany(a => a.ConstructorArguments).SelectMany(Elements).OfType<string>()],
            Find(property, "SupportsWildcardsAttribute").Any(),
            preset is null ? null : Convert.ToString(Named(preset, "Help") ?? Named(preset, "Value"), System.Globalization.CultureInfo.InvariantCulture),
            set.Length > 0 ? set : element.IsEnum ? Enum.GetNames(element) : [],
            uses);
    }

    private static ParameterUse Use(CustomAttributeData parameter) => new(
        Named(parameter, "ParameterSetName") as string ?? ParameterFacts.AllSets,
        Named(parameter, "Mandatory") is true,
        Named(parameter, "Position") as int?,
        Named(parameter, "ValueFromPipeline") is true,
        Named(parameter, "ValueFromPipelineByPropertyName") is true,
        Named(parameter, "ValueFromRemainingArguments") is true,
        Named(parameter, "DontShow") is true);

    private static IEnumerable<CustomAttributeData> Find(MemberInfo member, string attribute) =>
        member.GetCustomAttributesData().Where(a => a.AttributeType.Name == attribute);

    private static object? Named(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(a => a.MemberName == name).TypedValue.Value;

    private static IEnumerable<object?> Elements(CustomAttributeTypedArgument argument) =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> list ? list.SelectMany(Elements) : [argument.Value];
}
