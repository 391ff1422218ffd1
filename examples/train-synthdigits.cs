// Trains LeNet5 on SynthDigits on the same engine as the cmdlets, for machines without PowerShell:
//     dotnet run examples/train-synthdigits.cs [epochs] [folder for the log and the checkpoint]
#:project ../src/CnnTools.Engine/CnnTools.Engine.csproj
#:property PublishAot=false
#:property UsesCsvBridge=true

using System.Globalization;
using CnnTools;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Runs;
using CnnTools.Training;
using CnnTools.Zoo;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int epochs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 8;
string folder = args.Length > 1
    ? Path.GetFullPath(args[1])
    : Path.Combine(Path.GetTempPath(), $"cnntools-demo-{DateTime.Now:yyyyMMdd-HHmmss}");
Directory.CreateDirectory(folder);
TrainingFiles files = new(
    CsvPath: Path.Combine(folder, "log.csv"), CheckpointPath: Path.Combine(folder, "lenet5.safetensors"))
{
    LogMode = CsvLogMode.Overwrite,
    ReplaceCheckpoint = true,
};

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    IBackend backend = Engine.Backend;
    Dataset dataset = DatasetCatalog.Load("SynthDigits", null);
    Architecture architecture = Catalog.Get("LeNet5");
    TrainingOptions options = new() { Run = "demo", Epochs = epochs };
    using CnnModel model = CnnModel.Create(
        backend, architecture.Name, architecture.Build(dataset.ImageShape, dataset.Classes), options.Seed, Device.Cpu);
    TrainingLoop loop = new(model, dataset, dataset.Normalization, options, files);

    Console.WriteLine("Model   Dataset      Epoch  TrainLoss  TrainAccuracy  TestAccuracy  Seconds");
    foreach (EpochRecord epoch in loop.Run(stop.Token).OfType<EpochRecord>())
    {
        Console.WriteLine(
            $"{epoch.Model,-7} {epoch.Dataset,-12} {epoch.Epoch,5}  {epoch.TrainLoss,9:F4}  {epoch.TrainAccuracy,13:P2}  "
            + $"{epoch.TestAccuracy,12:P2}  {epoch.Seconds,7:F1}");
    }

    Console.WriteLine($"CSV log:    {files.CsvPath}");
    Console.WriteLine($"Checkpoint: {files.CheckpointPath}");
    return 0;
}
catch (CnnException exception)
{
    Console.Error.WriteLine($"{exception.Message} {exception.Remedy}");
    return 1;
}
