using System.Diagnostics;
using System.Text.Json;
using CnnTools.PyTorch;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>A temporary folder in which a script of tests/parity finds its request and leaves its answer.</summary>
internal sealed class PyTorchExchange : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly DirectoryInfo _folder;

    public PyTorchExchange()
        : this(Directory.CreateTempSubdirectory("cnntools-parity-"))
    {
    }

    private PyTorchExchange(DirectoryInfo folder) => _folder = folder;

    /// <summary>An exchange in a folder of its own within this one, for scripts that answer several at once.</summary>
    public PyTorchExchange Part(string name) => new(_folder.CreateSubdirectory(name));

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public void WriteRequest<T>(T request) =>
        File.WriteAllText(PathOf("request.json"), JsonSerializer.Serialize(request, Json));

    public void WriteData(params IEnumerable<SafetensorsTensor> tensors) =>
        SafetensorsWriter.Write(PathOf("data.safetensors"), tensors);

    /// <summary>Runs a script to its end. What it says of a failure becomes the test's.</summary>
    public void Run(string script)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "parity", script);
        Run(PyTorchInterpreter.Start(PyTorchInterpreter.Command!, path, _folder.FullName), script);
    }

    /// <summary>The same with another interpreter, whose three streams are redirected.</summary>
    public static void Run(ProcessStartInfo start, string script)
    {
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script} failed:{Environment.NewLine}{output.Result}{error}");
    }

    public T ReadResult<T>() => JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf("result.json")), Json)!;

    /// <summary>All tensors of a file, by name.</summary>
    public Dictionary<string, float[]> ReadTensors(string file)
    {
        using SafetensorsFile tensors = SafetensorsFile.Open(PathOf(file));
        return tensors.Tensors.ToDictionary(t => t.Name, t => t.ReadFloats(), StringComparer.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
