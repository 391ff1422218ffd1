using System.Diagnostics;
using CnnTools.Data;
using CnnTools.PyTorch;
using CnnTools.Weights;

namespace CnnTools.Bench;

/// <summary>What bench.py is to do.</summary>
/// <param name="Work">One of its loops.</param>
/// <param name="Network">A class of networks.py.</param>
internal sealed record PyTorchSetup(string Work, string Network, int Batch);

/// <summary>A side in a process of its own that works when it is told to and waits otherwise.</summary>
internal sealed class ProcessSide : ISide
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly SideReady _ready;
    private readonly (int Calls, double Count) _round;

    public ProcessSide(ProcessStartInfo start, PyTorchCase benchCase, ImageSet images)
    {
        _round = benchCase.PyTorchRound;
        string data = Path.Combine(Path.GetTempPath(), $"cnntools-bench-{Guid.NewGuid():N}.safetensors");
        _process = Process.Start(WithWaitPolicy(start))!;
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
            _ready = Ask<SideReady>(SideProtocol.Write(new SideSetup(
                benchCase.Name, work, network, batch, data, BenchData.Normalization.Mean, BenchData.Normalization.Deviation)));
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

    /// <summary>bench.py, one thread.</summary>
    public static ProcessStartInfo PyTorch(string interpreter) =>
        PyTorchInterpreter.Start(interpreter, Path.Combine(AppContext.BaseDirectory, "pytorch", "bench.py"));

    public override string ToString() => $"{_ready.Version}, {_ready.Threads} {(_ready.Threads == 1 ? "thread" : "threads")}";

    public Round Run() => Ask<Round>(SideProtocol.Write(_round.Calls)) with { Count = _round.Count };

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

    /// <summary>CnnTools' own, for every side; what the user has set stays.</summary>
    private static ProcessStartInfo WithWaitPolicy(ProcessStartInfo start)
    {
        _ = start.Environment.TryAdd("OMP_WAIT_POLICY", "PASSIVE");
        _ = start.Environment.TryAdd("GOMP_SPINCOUNT", "0");
        _ = start.Environment.TryAdd("KMP_BLOCKTIME", "0");
        return start;
    }

    private T Ask<T>(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended:{Environment.NewLine}{_errors.Result}");
        return SideProtocol.Read<T>(answer);
    }
}
