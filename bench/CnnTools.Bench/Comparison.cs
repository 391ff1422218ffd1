using System.Globalization;

namespace CnnTools.Bench;

/// <summary>Both sides' rounds, in the order in which they ran: the baseline, ours, the baseline, ours.</summary>
internal sealed record Comparison(BenchCase Case, string Data, IReadOnlyList<(Round Baseline, Round Ours)> Rounds)
{
    public static Comparison Run(BenchCase benchCase, string data, ISide baseline, ISide ours, int rounds) =>
        new(benchCase, data, [.. Turns.Run([baseline, ours], rounds).Select(turn => (turn[0], turn[1]))]);

    public override string ToString()
    {
        double[] ratios = [.. Rounds.Select(r => r.Ours.Rate / r.Baseline.Rate)];
        (double low, double high, double confidence) = Statistics.MedianInterval(ratios);
        string unit = Case.Unit;
        (Round baseline, Round ours) = Rounds[^1];
        return string.Create(CultureInfo.InvariantCulture, $"""
            {Case.Name}: {Case.Description}
              {Data}; {Rounds.Count} rounds of {ours.Count:0} {unit} each, in turns
              {Case.OursName} {Rate(r => r.Ours.Rate)} {unit}/s   {Case.BaselineName} {Rate(r => r.Baseline.Rate)} {unit}/s   ({Case.ValueName} at the end {ours.Value:0.0000}, {baseline.Value:0.0000})
              ratio {Statistics.Median(ratios):0.000}   {confidence:0.0 %} interval {low:0.000} to {high:0.000}   by processor time {Statistics.Median(Rounds.Select(r => r.Ours.CpuRate / r.Baseline.CpuRate)):0.000}
            """);
    }

    private string Rate(Func<(Round Baseline, Round Ours), double> rate) =>
        Statistics.Median(Rounds.Select(rate)).ToString("0.0", CultureInfo.InvariantCulture);
}
