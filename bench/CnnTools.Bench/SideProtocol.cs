using System.Text.Json;
using CnnTools.Data;
using CnnTools.Weights;

namespace CnnTools.Bench;

/// <summary>The first line to a side that is a process of its own: what it is to set up.</summary>
/// <param name="Case">The benchmark's name.</param>
/// <param name="Work">A loop of the program's, where it has several.</param>
/// <param name="Network">The name in the catalog and in networks.py.</param>
/// <param name="Data">A safetensors file of images (N, C, H, W), bytes, and their labels; gone after the answer.</param>
internal sealed record SideSetup(
    string Case, string Work, string Network, int Batch, string Data, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    public ImageSet ReadImages()
    {
        using SafetensorsFile file = SafetensorsFile.Open(Data);
        SafetensorsEntry images = file.Find("images")!;
        int[] labels = Array.ConvertAll(file.Find("labels")!.ReadInt64s(), label => (int)label);
        return new(images.ReadBytes(), labels, new Shape([.. images.Shape.Skip(1).Select(size => (int)size)]));
    }
}

/// <summary>The answer to it.</summary>
/// <param name="Version">Of the library that computes, with its name.</param>
internal sealed record SideReady(string Version, int Threads);

/// <summary>
/// What is said over the pipes of such a process, a line of JSON each way: the setup, then how many units of work to do.
/// </summary>
internal static class SideProtocol
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static string Write<T>(T message) => JsonSerializer.Serialize(message, Json);

    public static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, Json)!;

    /// <summary>Is such a side, on this process's own pipes.</summary>
    /// <param name="create">Sets it up.</param>
    public static void Serve(Func<SideSetup, (SideReady Ready, Func<int, Round> Work)> create)
    {
        (SideReady ready, Func<int, Round> work) = create(Read<SideSetup>(Console.ReadLine()!));
        Console.WriteLine(Write(ready));
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(Write(work(Read<int>(line))));
        }
    }
}
