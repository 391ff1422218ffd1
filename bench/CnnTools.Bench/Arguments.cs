using System.Globalization;

namespace CnnTools.Bench;

/// <summary>The command line: names of cases (all where none is given) or of the table, --rounds N, --data FOLDER.</summary>
/// <param name="Table">Whether the table of backends is wanted too.</param>
internal sealed record Arguments(IReadOnlyList<BenchCase> Cases, bool Table, int Rounds, string? Data)
{
    /// <summary>The only argument of a process that is a side of the table.</summary>
    public const string Side = "--side";

    private const string TableName = "backends";
    private const int DefaultRounds = 15;
    private const int FewestRounds = 5;

    public static string Usage => $"""
        Usage: CnnTools.Bench [NAME...] [--rounds N] [--data FOLDER]
          NAME    {string.Join(", ", Bench.Cases.All.Select(c => c.Name))}; all of these where none is given;
                  {TableName}, the table of backends, for which TorchSharp has to be there
          N       rounds of each side, at least {FewestRounds}; {DefaultRounds} where not given
          FOLDER  has a folder mnist in it; ../shared/data beside the repository where not given, SynthDigits where absent
        """;

    /// <summary>Null where the command line is not understood.</summary>
    public static Arguments? TryParse(ReadOnlySpan<string> arguments)
    {
        List<BenchCase> cases = [];
        int rounds = DefaultRounds;
        string? data = null;
        bool table = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            string next = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--rounds":
                    if (!int.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds < FewestRounds)
                    {
                        return null;
                    }

                    i++;
                    break;
                case "--data" when Directory.Exists(next):
                    data = next;
                    i++;
                    break;
                case TableName:
                    table = true;
                    break;
                case string name when Bench.Cases.All.FirstOrDefault(c => c.Name == name) is { } found:
                    cases.Add(found);
                    break;
                default:
                    return null;
            }
        }

        return new(cases.Count == 0 && !table ? Bench.Cases.All : cases, table, rounds, data);
    }
}
