namespace CnnTools.HelpBuilder;

/// <summary>What is wrong with the pages, told in the form that MSBuild takes for its own errors.</summary>
internal sealed class Problems(bool strict)
{
    public bool Failed { get; private set; }

    public void Error(string file, int line, string text)
    {
        Failed = true;
        Console.WriteLine($"{Path.GetFullPath(file)}({line}): error HELP001: {text}");
    }

    /// <summary>A page that is not there: an error only when strict, so that code can come before its help.</summary>
    public void Missing(string file, string text)
    {
        if (strict)
        {
            Error(file, 1, text);
        }
        else
        {
            Console.WriteLine($"  {text}");
        }
    }
}
