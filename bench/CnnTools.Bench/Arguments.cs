using System.Globalization;

namespace CnnTools.Bench;

/// <summary>The command line: names of cases (all where none is given), --rounds N, --data FOLDER.</summary>
internal sealed record Arguments(IReadOnlyList<BenchCase> Cases, int Rounds, string? Data)
{
    private const int DefaultRounds = 15;
    private const int FewestRounds = 5;

    public static string Usage => $"""
        Usage: CnnTools.Bench [NAME...] [--rounds N] [--data FOLDER]
          NAME    {string.Join(", ", Bench.Cases.All.Select(c => c.Name))}; all where none is given
          N       rounds of each side, at least {FewestRounds}; {DefaultRounds} where not given
          FOLDER  has a folder mnist in it; ../shared/data beside the repository where not given, SynthDigits where absent
        """;

    /// <summary>Null where the command line is not understood.</summary>
    public static Arguments? TryParse(ReadOnlySpan<string> arguments)
    {
        List<BenchCase> cases = [];
        int rounds = DefaultRounds;
        string? data = null;
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
                case string name when Bench.Cases.All.FirstOrDefault(c => c.Name == name) is { } found:
                    cases.Add(found);
                    break;
                default:
                    return null;
            }
        }

        return new(cases.Count == 0 ? Bench.Cases.All : cases, rounds, data);
    }
}
