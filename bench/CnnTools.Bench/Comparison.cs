using System.Globalization;

namespace CnnTools.Bench;

/// <summary>Both sides' rounds, in the order in which they ran: PyTorch, ours, PyTorch, ours.</summary>
internal sealed record Comparison(BenchCase Case, string Data, IReadOnlyList<(Round PyTorch, Round Ours)> Rounds)
{
    private const int WarmUpRounds = 2;

    /// <summary>
    /// Warms both up, then lets them take turns, so that what disturbs the machine disturbs both alike.
    /// </summary>
    public static Comparison Run(BenchCase benchCase, string data, ISide pytorch, ISide ours, int rounds)
    {
        for (int i = 0; i < WarmUpRounds; i++)
        {
            pytorch.Run();
            ours.Run();
        }

        return new(benchCase, data, [.. Enumerable.Range(0, rounds).Select(_ => (pytorch.Run(), ours.Run()))]);
    }

    public override string ToString()
    {
        double[] ratios = [.. Rounds.Select(r => r.Ours.Rate / r.PyTorch.Rate)];
        (double low, double high, double confidence) = Statistics.MedianInterval(ratios);
        string unit = Case.Unit;
        (Round pytorch, Round ours) = Rounds[^1];
        return string.Create(CultureInfo.InvariantCulture, $"""
            {Case.Name}: {Case.Description}
              {Data}; {Rounds.Count} rounds of {ours.Count:0} {unit} each, in turns
              CnnTools {Rate(r => r.Ours.Rate)} {unit}/s   PyTorch {Rate(r => r.PyTorch.Rate)} {unit}/s   ({Case.ValueName} at the end {ours.Value:0.0000}, {pytorch.Value:0.0000})
              ratio {Statistics.Median(ratios):0.000}   {confidence:0.0 %} interval {low:0.000} to {high:0.000}   by processor time {Statistics.Median(Rounds.Select(r => r.Ours.CpuRate / r.PyTorch.CpuRate)):0.000}
            """);
    }

    private string Rate(Func<(Round PyTorch, Round Ours), double> rate) =>
        Statistics.Median(Rounds.Select(rate)).ToString("0.0", CultureInfo.InvariantCulture);
}
