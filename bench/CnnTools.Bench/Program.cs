using CnnTools;
using CnnTools.Backends;
using CnnTools.Bench;
using CnnTools.Data;
using CnnTools.PyTorch;

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

// Not on the process's first thread: a shell runs no command there, and the C library gives memory to the first thread
// in another way than to the rest.
Thread shell = new(Measure);
shell.Start();
shell.Join();
return 0;

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
        string description = $"{images.Count} images of {dataset.Name}" + (baseline is PyTorchSide ? $"; {baseline}" : "");
        Console.WriteLine();
        Console.WriteLine(Comparison.Run(benchCase, description, baseline, ours, arguments.Rounds));
    }
}
