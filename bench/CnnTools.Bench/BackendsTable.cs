using System.Globalization;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.Bench;

/// <summary>The same training steps in PyTorch, in a plain loop of TorchSharp's and by CnnTools on each backend.</summary>
internal static class BackendsTable
{
    /// <summary>Measures, and writes a row as each network is done.</summary>
    public static void Write(string interpreter, BenchData data, int rounds)
    {
        BackendSides all = new(interpreter);
        Console.WriteLine($"Steps a second and in brackets over {all.Names[BackendSides.PyTorch]}'s; the last column is "
            + $"{all.Names[BackendSides.OnTorchSharp]} over {all.Names[BackendSides.ByHand]}. Medians of {rounds} rounds in turns.");
        Console.WriteLine();
        Console.WriteLine($"| steps | {string.Join(" | ", all.Names)} | ratio | interval | by processor time |");
        Console.WriteLine($"|---|{string.Concat(all.Names.Select(_ => "---|"))}---|---|---|");
        List<string> remarks = [];
        foreach (TrainingStepCase steps in Cases.Backends)
        {
            (Dataset dataset, ImageSet images) = steps.LoadData(data);
            IReadOnlyList<ProcessSide> sides = all.Start(steps, images);
            Round[][] turns = Turns.Run(sides, rounds);
            Console.WriteLine($"| `{steps.Name}` | {string.Join(" | ", sides.Select((_, side) => Speed(turns, side)))} | {Ratio(turns)} |");
            int threads = ThreadCount.ByRule(
                Catalog.Get(steps.Network).Build(dataset.ImageShape, dataset.Classes), steps.Options.BatchSize, Device.Cpu);
            remarks.Add($"""
                {steps.Name}: {steps.Description}; {images.Count} images of {dataset.Name}; rounds of {steps.Steps} steps
                  {string.Join("; ", sides)}
                  losses at the end {string.Join(", ", turns[^1].Select(r => Text(r.Value, "0.0000")))}; left to itself CnnTools takes {threads} of the threads
                """);
            foreach (ProcessSide side in sides)
            {
                side.Dispose();
            }
        }

        Console.WriteLine();
        remarks.ForEach(Console.WriteLine);
    }

    private static string Speed(Round[][] turns, int side)
    {
        double rate = Statistics.Median(turns.Select(turn => turn[side].Rate));
        double over = Statistics.Median(turns.Select(turn => turn[side].Rate / turn[BackendSides.PyTorch].Rate));
        return $"{Text(rate, rate < 10 ? "0.00" : rate < 100 ? "0.0" : "0")} ({Text(over, "0.00")})";
    }

    private static string Ratio(Round[][] turns)
    {
        double[] ratios = [.. turns.Select(turn => turn[BackendSides.OnTorchSharp].Rate / turn[BackendSides.ByHand].Rate)];
        double byCpu = Statistics.Median(turns.Select(turn => turn[BackendSides.OnTorchSharp].CpuRate / turn[BackendSides.ByHand].CpuRate));
        (double low, double high, double confidence) = Statistics.MedianInterval(ratios);
        return $"{Text(Statistics.Median(ratios), "0.00")} | {Text(low, "0.00")} to {Text(high, "0.00")} ({Text(confidence, "0.0 %")}) | {Text(byCpu, "0.00")}";
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
