using System.Management.Automation;
using System.Management.Automation.Language;
using CnnTools.Graphs;

namespace CnnTools.PowerShell.Definitions;

/// <summary>
/// A network in the making: a user's script block runs, and each word in it adds to the one definition that is open on
/// this thread.
/// </summary>
internal sealed class NetworkDefinition
{
    // A function that calls itself would go on until the stack ends.
    private const int DeepestNesting = 64;

    [ThreadStatic]
    private static NetworkDefinition? s_current;

    private readonly GraphBuilder _network;
    private readonly Action<string> _warn;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _blocks = new(StringComparer.Ordinal);

    // Set by the innermost word that failed: where, and on which exception, since the script may have caught it.
    private (Exception Cause, CnnException Located)? _failure;
    private string _prefix = "";
    private int _depth;

    private NetworkDefinition(Shape inputShape, Action<string> warn)
    {
        _network = new(inputShape);
        _warn = warn;
    }

    /// <summary>The definition that words add to.</summary>
    public static NetworkDefinition Current =>
        IsOpen ? s_current! : throw new InvalidOperationException("A word was called outside a definition.");

    /// <summary>Whether one is open on this thread.</summary>
    public static bool IsOpen => s_current is not null;

    /// <summary>The node that the next layer reads.</summary>
    public string Last => _network.Last;

    public Shape LastShape => _network.LastShape;

    /// <summary>Runs the block and gives the network that it wrote.</summary>
    /// <param name="cmdlet">Whose session the block runs in.</param>
    /// <exception cref="CnnException">A word cannot be: names its line.</exception>
    /// <exception cref="PipelineStoppedException">The script itself failed: its error, on its own line, is the cmdlet's.</exception>
    public static Graph Run(ScriptBlock block, Shape inputShape, PSCmdlet cmdlet)
    {
        RequireNoAliases(block, cmdlet);
        NetworkDefinition? outer = s_current;
        NetworkDefinition definition = new(inputShape, cmdlet.WriteWarning);
        s_current = definition;
        try
        {
            // Half a network is none: what fails inside ends the definition, whatever the session prefers.
            List<PSVariable> variables = [new("ErrorActionPreference", ActionPreference.Stop)];
            definition.PassOver(block.InvokeWithContext(Words.Functions, variables));
            return definition._network.Build();
        }
        catch (LoopFlowException)
        {
            throw Errors.OutsideLoop();
        }
        catch (RuntimeException exception) when (definition.FailureBehind(exception) is { } failure)
        {
            throw failure;
        }
        catch (RuntimeException exception) when (Chain(exception).OfType<CommandNotFoundException>().FirstOrDefault() is { } missing)
        {
            throw Errors.AtLine(Errors.UnknownName("Word", missing.CommandName, Words.Names), Place(missing.ErrorRecord.InvocationInfo));
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            cmdlet.ThrowTerminatingError(exception.ErrorRecord);
            throw;
        }
        finally
        {
            s_current = outer;
        }
    }

    /// <summary>Adds what a word adds, or nothing where an error or break leaves it.</summary>
    public void WholeOrNot(Action write)
    {
        GraphMark mark = _network.Mark;
        try
        {
            write();
        }
        catch
        {
            _network.BackTo(mark);
            throw;
        }
    }

    /// <summary>Adds a layer behind the last node.</summary>
    /// <param name="name">Its name within the block; null for one made of the stem and a running number.</param>
    /// <returns>The full name.</returns>
    public string Then(string? name, string stem, Layer layer) => Join(name, stem, layer, Last);

    /// <summary>Adds a layer behind the named nodes.</summary>
    public string Join(string? name, string stem, Layer layer, params ReadOnlySpan<string> inputs)
    {
        string full = _prefix + (name ?? NextName(stem));
        _network.Add(full, layer, inputs);
        RememberBlocks(full);
        return full;
    }

    /// <summary>Adds layers that belong together behind the last node.</summary>
    /// <param name="write">Given the full name that theirs begin with.</param>
    public void Several(string? name, string stem, Action<GraphBuilder, string> write)
    {
        string full = _prefix + (name ?? NextName(stem));
        write(_network, full);
        _blocks.Add(full);
        RememberBlocks(full);
    }

    /// <summary>A name that no layer and no block has yet: conv3.</summary>
    public string NextName(string stem)
    {
        string name;
        do
        {
            int number = _numbers[_prefix + stem] = _numbers.GetValueOrDefault(_prefix + stem) + 1;
            name = $"{stem}{number}";
        }
        while (_network.Contains(_prefix + name) || _blocks.Contains(_prefix + name));
        return name;
    }

    /// <summary>Goes on behind an earlier node.</summary>
    public void From(string node) => _network.From(node);

    /// <summary>Makes the last node an auxiliary output.</summary>
    public void Auxiliary(double weight) => _network.Auxiliary(weight);

    /// <summary>Runs a block whose layers' names begin with this one's.</summary>
    /// <param name="name">Null leaves the names as they are.</param>
    /// <returns>The node that it ends with.</returns>
    public string Inside(string? name, ScriptBlock block, params object[] arguments)
    {
        if (_depth == DeepestNesting)
        {
            throw Errors.NestedTooDeep(DeepestNesting);
        }

        string outer = _prefix;
        _prefix = name is null ? outer : $"{outer}{name}.";
        _depth++;
        try
        {
            PassOver(block.Invoke(arguments));
            return Last;
        }
        finally
        {
            _depth--;
            _prefix = outer;
        }
    }

    /// <summary>Remembers on which line of the user's the error of a word came about.</summary>
    public void Locate(ErrorRecord error, InvocationInfo word)
    {
        if (FailureBehind(error.Exception) is not null)
        {
            return;
        }

        string place = Place(word);
        if (Chain(error.Exception).OfType<CnnException>().FirstOrDefault() is { } known)
        {
            _failure = (known, Errors.AtLine(known, place));
        }
        else if (error.Exception is ParameterBindingException binding && Words.IsWord(binding.CommandInvocation?.MyCommand))
        {
            _failure = (binding, Errors.WordNotUnderstood(word.InvocationName, binding.Message, Words.Parameters(word.InvocationName), place));
        }
    }

    /// <summary>layer1.0.conv1 is in the blocks layer1 and layer1.0.</summary>
    private void RememberBlocks(string layer)
    {
        for (int dot = layer.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = layer.IndexOf('.', dot + 1))
        {
            _blocks.Add(layer[..dot]);
        }
    }

    /// <summary>An alias would win over the word's function.</summary>
    private static void RequireNoAliases(ScriptBlock block, PSCmdlet cmdlet)
    {
        IEnumerable<string> used = block.Ast
            .FindAll(node => node is CommandAst, searchNestedScriptBlocks: true)
            .Select(node => ((CommandAst)node).GetCommandName())
            .Where(name => name is not null && Words.Names.Contains(name, StringComparer.OrdinalIgnoreCase));
        foreach (string word in used)
        {
            if (cmdlet.InvokeCommand.GetCommand(word, CommandTypes.Alias) is AliasInfo alias)
            {
                throw Errors.AliasHidesWord(word, alias.Definition);
            }
        }
    }

    /// <summary>What a block gives is no part of the network: told, since it is seldom meant.</summary>
    private void PassOver(IEnumerable<PSObject> output)
    {
        foreach (PSObject item in output)
        {
            _warn($"The definition gave '{item}', which is no layer and is left out.");
        }
    }

    /// <summary>A call of the user's as an error tells it: the line, and what stands there.</summary>
    private static string Place(InvocationInfo call)
    {
        string file = string.IsNullOrEmpty(call.ScriptName) ? "" : $"{call.ScriptName}, ";
        return $"{file}line {call.ScriptLineNumber}: {call.Line[Math.Max(0, call.OffsetInLine - 1)..].Trim()}";
    }

    private CnnException? FailureBehind(Exception exception) =>
        _failure is var (cause, located) && Chain(exception).Contains(cause) ? located : null;

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            yield return e;
        }
    }
}
