using CnnTools;
using CnnTools.Backends;
using CnnTools.Bench;
using CnnTools.Data;
using CnnTools.PyTorch;

if (args is [Arguments.Side])
{
    OffTheFirstThread(() => SideProtocol.Serve(ServedSide.Create));
    return 0;
}

if (Arguments.TryParse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

if (PyTorchInterpreter.Command is not { } interpreter)
{
    Console.WriteLine($"Skipped: {PyTorchInterpreter.Missing}");
    return 0;
}

OffTheFirstThread(Measure);
return 0;

// A shell runs no command on the process's first thread, and the C library gives memory to that in another way than to the rest.
void OffTheFirstThread(ThreadStart run)
{
    Thread shell = new(run);
    shell.Start();
    shell.Join();
}

void Measure()
{
    IBackend backend = Engine.Backend;
    Console.WriteLine(Machine.Describe(backend));
    BenchData data = new(arguments.Data);
    foreach (BenchCase benchCase in arguments.Cases)
    {
        (Dataset dataset, ImageSet images) = benchCase.LoadData(data);
        using ISide baseline = benchCase.CreateBaseline(interpreter, backend, dataset, images);
        using ISide ours = benchCase.CreateOurs(backend, dataset);
        string description = $"{images.Count} images of {dataset.Name}" + (baseline is ProcessSide ? $"; {baseline}" : "");
        Console.WriteLine();
        Console.WriteLine(Comparison.Run(benchCase, description, baseline, ours, arguments.Rounds));
    }

    if (arguments.Table)
    {
        Console.WriteLine();
        BackendsTable.Write(interpreter, data, arguments.Rounds);
    }
}
