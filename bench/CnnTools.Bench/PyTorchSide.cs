using System.Diagnostics;
using System.Text.Json;
using CnnTools.Data;
using CnnTools.PyTorch;
using CnnTools.Weights;

namespace CnnTools.Bench;

/// <summary>What bench.py is to do.</summary>
/// <param name="Work">One of its loops.</param>
/// <param name="Network">A class of networks.py.</param>
internal sealed record PyTorchSetup(string Work, string Network, int Batch);

/// <summary>PyTorch in a process of its own that works when it is told to and waits otherwise.</summary>
internal sealed class PyTorchSide : ISide
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly (int Calls, double Count) _round;

    public PyTorchSide(string interpreter, PyTorchCase benchCase, ImageSet images)
    {
        _round = benchCase.PyTorchRound;
        string script = Path.Combine(AppContext.BaseDirectory, "pytorch", "bench.py");
        string data = Path.Combine(Path.GetTempPath(), $"cnntools-bench-{Guid.NewGuid():N}.safetensors");
        _process = Process.Start(PyTorchInterpreter.Start(interpreter, script))!;
        _errors = _process.StandardError.ReadToEndAsync();
        try
        {
            SafetensorsWriter.Write(data,
            [
                SafetensorsTensor.FromBytes(
                    "images", SafetensorsType.U8, images.ImageShape.WithBatch(images.Count), images.Pixels),
                SafetensorsTensor.FromInt64s(
                    "labels", [images.Count], Array.ConvertAll(images.Labels, label => (long)label)),
            ]);
            (string work, string network, int batch) = benchCase.PyTorch;
            Setup setup = new(work, network, batch, data,
                [.. BenchData.Normalization.Mean], [.. BenchData.Normalization.Deviation]);
            Ready ready = Ask<Ready>(JsonSerializer.Serialize(setup, Json));
            Version = $"PyTorch {ready.Torch}, {ready.Threads} {(ready.Threads == 1 ? "thread" : "threads")}";
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            File.Delete(data);
        }
    }

    public string Version { get; }

    public override string ToString() => Version;

    public Round Run()
    {
        Answer answer = Ask<Answer>(FormattableString.Invariant($"{_round.Calls}"));
        return new(_round.Count, answer.Seconds, answer.CpuSeconds, answer.Value);
    }

    public void Dispose()
    {
        // It ends when there is nothing more to read.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private T Ask<T>(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"PyTorch's side ended:{Environment.NewLine}{_errors.Result}");
        return JsonSerializer.Deserialize<T>(answer, Json)!;
    }

    private sealed record Setup(string Work, string Network, int Batch, string Data, float[] Mean, float[] Deviation);

    private sealed record Ready(string Torch, int Threads);

    private sealed record Answer(double Seconds, double CpuSeconds, double Value);
}
