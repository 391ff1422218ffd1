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
        (string ours, string byHand) = (BackendSides.Names[BackendSides.OnTorchSharp], BackendSides.Names[BackendSides.ByHand]);
        Console.WriteLine($"| steps/s (over PyTorch's) | {string.Join(" | ", BackendSides.Names)} | {ours} over {byHand} |");
        Console.WriteLine("|---|---|---|---|---|---|");
        List<string> remarks = [];
        foreach (TrainingStepCase steps in Cases.Backends)
        {
            (Dataset dataset, ImageSet images) = steps.LoadData(data);
            IReadOnlyList<ProcessSide> sides = all.Start(steps, images);
            Round[][] turns = Turns.Run(sides, rounds);
            Console.WriteLine($"| `{steps.Name}` | {string.Join(" | ", sides.Select((_, side) => Speed(turns, side)))} | {Ratio(turns)} |");
            int threads = ThreadCount.ByRule(Catalog.Get(steps.Network).Build(dataset.ImageShape, dataset.Classes), steps.Options.BatchSize, Device.Cpu);
            remarks.Add(string.Create(CultureInfo.InvariantCulture, $"""
                {steps.Name}: {steps.Description}; {images.Count} images of {dataset.Name}, {rounds} rounds of {steps.Steps} steps
                  {string.Join("; ", sides)}
                  losses at the end {string.Join(", ", turns[^1].Select(r => Text(r.Value, "0.0000")))}; without -Threads CnnTools takes {threads}
                """));
            foreach (ProcessSide side in sides)
            {
                side.Dispose();
            }
        }

        Console.WriteLine();
        remarks.ForEach(Console.WriteLine);
    }

    private static string Speed(Round[][] turns, int side) =>
        $"{Text(Statistics.Median(turns.Select(t => t[side].Rate)), "0.0##")} "
        + $"({Text(Statistics.Median(turns.Select(t => t[side].Rate / t[BackendSides.PyTorch].Rate)), "0.00")})";

    private static string Ratio(Round[][] turns)
    {
        (double low, double high, _) = Statistics.MedianInterval(turns.Select(Over));
        double cpu = Statistics.Median(turns.Select(t => t[BackendSides.OnTorchSharp].CpuRate / t[BackendSides.ByHand].CpuRate));
        return $"{Text(Statistics.Median(turns.Select(Over)), "0.000")} ({Text(low, "0.000")} to {Text(high, "0.000")}; "
            + $"by processor time {Text(cpu, "0.000")})";

        static double Over(Round[] turn) => turn[BackendSides.OnTorchSharp].Rate / turn[BackendSides.ByHand].Rate;
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
