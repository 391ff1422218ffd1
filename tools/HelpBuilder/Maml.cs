using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace CnnTools.HelpBuilder;

/// <summary>Writes the XML that Get-Help reads.</summary>
internal static class Maml
{
    private static readonly XNamespace Text = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string file, IEnumerable<(CmdletFacts Cmdlet, Page Page)> cmdlets)
    {
        XElement root = new(
            XName.Get("helpItems", "http://msh"),
            new XAttribute("schema", "maml"),
            cmdlets.Select(c => Describe(c.Cmdlet, c.Page)));
        using XmlWriter writer = XmlWriter.Create(file, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
        new XDocument(root).Save(writer);
    }

    private static XElement Describe(CmdletFacts cmdlet, Page page)
    {
        string[] name = cmdlet.Name.Split('-', 2);
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Text),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", name[0]),
                new XElement(Command + "noun", name[1]),
                new XElement(Text + "description", Paragraphs(page.Synopsis))),
            new XElement(Text + "description", Paragraphs(page.Description)),
            new XElement(Command + "syntax", cmdlet.Sets.Select(set => Syntax(cmdlet, set, page))),
            new XElement(
                Command + "parameters",
                cmdlet.Parameters.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => Parameter(p, Widest(p), page, inSyntax: false))),
            new XElement(Command + "inputTypes", page.Inputs.Select(e => Types(Command + "inputType", e))),
            new XElement(Command + "returnValues", page.Outputs.Select(e => Types(Command + "returnValue", e))),
            new XElement(Text + "alertSet", new XElement(Text + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", page.Links.Select(l => new XElement(
                Text + "navigationLink", new XElement(Text + "linkText", l.Text), new XElement(Text + "uri", Online(l.Uri))))));
    }

    private static XElement Syntax(CmdletFacts cmdlet, string set, Page page) => new(
        Command + "syntaxItem",
        new XElement(Text + "name", cmdlet.Name),
        cmdlet.Syntax(set).Select(s => Parameter(s.Parameter, s.Use, page, inSyntax: true)));

    /// <summary>One line for all sets: mandatory where any of them asks for it, piped where any of them takes it.</summary>
    private static ParameterUse Widest(ParameterFacts parameter) => parameter.Uses.Aggregate((a, b) => a with
    {
        Mandatory = a.Mandatory || b.Mandatory,
        Position = a.Position ?? b.Position,
        ByValue = a.ByValue || b.ByValue,
        ByPropertyName = a.ByPropertyName || b.ByPropertyName,
    });

    private static XElement Parameter(ParameterFacts parameter, ParameterUse use, Page page, bool inSyntax)
    {
        XElement element = new(
            Command + "parameter",
            new XAttribute("required", Word(use.Mandatory)),
            new XAttribute("variableLength", Word(parameter.Type.IsArray)),
            new XAttribute("globbing", Word(parameter.Wildcards)),
            new XAttribute("pipelineInput", (use.ByValue, use.ByPropertyName) switch
            {
                (true, true) => "True (ByPropertyName, ByValue)",
                (true, false) => "True (ByValue)",
                (false, true) => "True (ByPropertyName)",
                _ => "False",
            }),
            new XAttribute("position", use.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Length > 0 ? string.Join(", ", parameter.Aliases) : "none"),
            new XElement(Text + "name", parameter.Name),
            new XElement(Text + "description", Paragraphs(page.Describe(parameter))));
        string type = TypeName(parameter.Type);
        if (inSyntax && parameter.Values.Length > 0)
        {
            element.Add(new XElement(
                Command + "parameterValueGroup",
                parameter.Values.Select(v => new XElement(
                    Command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), v))));
        }

        // A switch in the syntax has no value; among the parameters Get-Help shows its type.
        if (!inSyntax || !parameter.IsSwitch)
        {
            element.Add(new XElement(
                Command + "parameterValue",
                new XAttribute("required", Word(!parameter.IsSwitch)),
                new XAttribute("variableLength", Word(parameter.Type.IsArray)),
                type));
        }

        element.Add(
            new XElement(Dev + "type", new XElement(Text + "name", type), new XElement(Text + "uri")),
            new XElement(Dev + "defaultValue", page.Default(parameter) ?? (parameter.IsSwitch ? "False" : "None")));
        return element;
    }

    private static XElement Example(Entry example)
    {
        List<Block> body = example.Body;
        int code = body.FindIndex(b => b.Kind == BlockKind.Code);
        return new XElement(
            Command + "example",
            new XElement(Text + "title", $"---------- {example.Name} ----------"),
            new XElement(Dev + "code", code < 0 ? "" : body[code].Text),
            // MAML's introduction is printed as a prompt, on the code's own line: prose before the code follows it here.
            // The empty paragraph keeps the next example's title apart.
            new XElement(Dev + "remarks", Paragraphs(body.Where((_, i) => i != code)), new XElement(Text + "para")));
    }

    private static XElement Types(XName element, Entry entry) => new(
        element,
        new XElement(Dev + "type", new XElement(Text + "name", entry.Name)),
        new XElement(Text + "description", Paragraphs(entry.Body)));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<Block> blocks) =>
        blocks.Select(b => new XElement(Text + "para", b.Text));

    private static string TypeName(Type type) =>
        type.IsArray ? TypeName(type.GetElementType()!) + "[]" : (Nullable.GetUnderlyingType(type) ?? type).Name;

    /// <summary>A link to another page leads nowhere in the console; its text is the other command's name.</summary>
    private static string Online(string uri) => uri.Contains("://", StringComparison.Ordinal) ? uri : "";

    private static string Word(bool value) => value ? "true" : "false";
}
