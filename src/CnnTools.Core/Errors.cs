using System.Globalization;
using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools;

/// <summary>
/// Every error of the product is made here: a fixed id, the thing that is wrong, and the way out.
/// </summary>
public static class Errors
{
    // Names and arguments

    public static CnnException UnknownName(string what, string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        string[] near = [.. all.Where(k => Text.IsNear(name, k))];
        string offer = near.Length > 0
            ? $"Did you mean {string.Join(" or ", near)}?"
            : $"Known: {string.Join(", ", all)}.";
        return new($"Unknown{what.Replace(" ", "", StringComparison.Ordinal)}", ErrorKind.NotFound,
            $"There is no {what.ToLowerInvariant()} named '{name}'.", offer, name);
    }

    public static CnnException InvalidArgument(string parameter, object? value, string expected) =>
        new("InvalidArgument", ErrorKind.InvalidArgument,
            $"{parameter} cannot be {Show(value)}: it must be {expected}.", $"Give -{parameter} {expected}.", value);

    public static CnnException BadPattern(string message) =>
        new("BadPattern", ErrorKind.InvalidArgument, message,
            "Close the bracket, or put a backtick before it where it is meant itself.");

    public static CnnException IncompatibleArguments(string message, string remedy) =>
        new("IncompatibleArguments", ErrorKind.InvalidArgument, message, remedy, "arguments");

    // Networks

    public static CnnException UnknownLayer(string model, string name, IEnumerable<string> known)
    {
        string[] near = [.. known.Where(k => Text.IsNear(name, k)).Take(5)];
        return new("UnknownLayer", ErrorKind.NotFound, $"{model} has no layer named '{name}'.",
            near.Length > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "Get-CnnLayer lists its layers.", name);
    }

    public static CnnException ImpossibleShape(string layer, string kind, Shape input, string reason, string remedy) =>
        new("ImpossibleShape", ErrorKind.InvalidArgument,
            $"Layer '{layer}' ({kind}) cannot take an input of {input}: {reason}.", remedy, layer);

    public static CnnException InputTooSmall(string architecture, Shape input, int least, CnnException inner) =>
        new(inner.Id, inner.Kind, inner.Message,
            $"The least size that {architecture} works with is {least}x{least}: New-CnnModel {architecture} -InputShape {input.Channels},{least},{least}.",
            inner.Target, inner);

    public static CnnException OptionNotTaken(string architecture, string option, IReadOnlyCollection<string> known) =>
        new("OptionNotTaken", ErrorKind.InvalidArgument, $"{architecture} has nothing that -{option} could choose.",
            known.Count == 0
                ? "Leave it out."
                : $"Leave it out; {architecture} takes {string.Join(", ", known.Select(name => $"-{name}"))}.", option);

    public static CnnException StemDiffers(string path, string layer, Zoo.Stem found, Zoo.Stem own) =>
        new("StemDiffers", ErrorKind.InvalidData,
            $"'{path}' holds weights for the stem {found}, the network has {own}: its '{layer}' differs.",
            $"Make the network with the weights' stem, -Stem {found}. Without it images of at most {Zoo.Stems.LargestSmallImage} pixels have {Zoo.Stem.Conv3x3}, larger ones {Zoo.Stem.Conv7x7}.",
            path);

    public static CnnException TooManyConnections(string model) =>
        new("TooManyConnections", ErrorKind.InvalidArgument,
            $"{model} has too many connections that skip layers for a picture of them.",
            "Let Graphviz try: -Format Dot.", model);

    public static CnnException NoImages(string model, Shape input) =>
        new("NoImages", ErrorKind.InvalidArgument, $"The network '{model}' takes {input} features, not images.",
            "Give a network whose input has channels, height and width.", model);

    public static CnnException InvalidGraph(string reason, string remedy) =>
        new("InvalidGraph", ErrorKind.InvalidData, $"The network is not valid: {reason}.", remedy);

    public static CnnException NoInputShape() =>
        new("NoInputShape", ErrorKind.InvalidArgument, "A definition does not say which images the network takes.",
            "Give their channels, height and width, for example -InputShape 3,32,32.");

    public static CnnException AliasHidesWord(string word, string definition) =>
        new("AliasHidesWord", ErrorKind.Busy, $"The session's alias '{word}' for '{definition}' hides the word {word} of definitions.",
            $"Remove it for this session: Remove-Alias {word}.", word);

    public static CnnException WordLacks(string word, string what, string example) =>
        new("WordLacks", ErrorKind.InvalidArgument, $"{word} needs {what}.", $"Write it so: {example}", word);

    public static CnnException WordNotUnderstood(string word, string reason, IEnumerable<string> parameters, string place) =>
        new("WordNotUnderstood", ErrorKind.InvalidArgument, $"{reason} ({place})",
            $"{word} takes {string.Join(", ", parameters.Select(name => $"-{name}"))}; see about_CnnTools_Definitions.", word);

    public static CnnException NestedTooDeep(int deepest) =>
        new("NestedTooDeep", ErrorKind.InvalidData, $"Blocks of a definition are nested more than {deepest} deep.",
            "Look for a function that calls itself.");

    public static CnnException OutsideLoop() =>
        new("OutsideLoop", ErrorKind.InvalidData, "A definition has break or continue outside a loop.",
            "Use them inside foreach, for, while or Repeat; return leaves a block.");

    /// <summary>An error of a definition, with the line that it came about on.</summary>
    public static CnnException AtLine(CnnException error, string place) =>
        new(error.Id, error.Kind, $"{error.Message} ({place})", error.Remedy, error.Target, error);

    /// <param name="names">What there is to freeze.</param>
    public static CnnException NothingToFreeze(string pattern, IReadOnlyCollection<string> names)
    {
        string typed = pattern.Trim('*', '?');
        string[] near = [.. names.Where(name => Text.IsNear(typed, name))];
        return new("NothingToFreeze", ErrorKind.NotFound, $"No layer and no weight is called '{pattern}'.",
            near.Length > 0
                ? $"Did you mean {Text.List(near)}?"
                : $"There are {Text.List(names.Where(name => !name.Contains('.', StringComparison.Ordinal)))}; wildcards are allowed.",
            pattern);
    }

    public static CnnException NothingToTrain(string model) =>
        new("NothingToTrain", ErrorKind.InvalidArgument, $"With every weight of '{model}' frozen nothing is left to train.",
            "Leave at least one layer out of -Freeze, the last one as a rule.", model);

    public static CnnException ModelBusy(string model, string purpose) =>
        new("ModelBusy", ErrorKind.Busy, $"The model '{model}' is in use ({purpose}).",
            "Wait until that has ended, or make another model with New-CnnModel.", model);

    public static CnnException ModelDoesNotFit(string model, Shape expected, string dataset, Shape found) =>
        new("ModelDoesNotFit", ErrorKind.InvalidArgument,
            $"The model '{model}' takes images of {expected}, the data set {dataset} has {found}.",
            $"Make it for these images: New-CnnModel -InputShape {string.Join(',', found.Sizes)}.", model);

    public static CnnException NoLogits(string model, Shape output) =>
        new("NoLogits", ErrorKind.InvalidArgument, $"The model '{model}' gives {output}, not one logit for each class.",
            "End it with Flatten and Linear, as many outputs as there are classes.", model);

    public static CnnException ClassesDoNotFit(string model, int expected, string dataset, int found) =>
        new("ClassesDoNotFit", ErrorKind.InvalidArgument,
            $"The model '{model}' tells {expected} classes apart, the data set {dataset} has {found}.",
            $"Make it for these classes: New-CnnModel -Classes {found}, or Linear {found} at the end of a definition.", model);

    public static CnnException UntrainedNetwork(string architecture) =>
        new("UntrainedNetwork", ErrorKind.InvalidArgument, $"'{architecture}' by name is a fresh network: what it would say is chance.",
            "Give a trained one: a live model, or a file that -CheckpointPath or Export-CnnModel wrote.", architecture);

    public static CnnException InputDoesNotFit(string model, Shape expected, string source, Shape found) =>
        new("InputDoesNotFit", ErrorKind.InvalidArgument,
            $"The model '{model}' takes {expected}, and {(source.Length > 0 ? $"'{source}' is" : "the data are")} {found}.",
            "Images of one or three channels are scaled to fit; give other data in the model's own shape.", source);

    /// <summary>A batch's error, with the images that nothing is said of.</summary>
    public static CnnException BatchFailed(CnnException error, string[] sources) =>
        new(error.Id, error.Kind,
            sources is [{ Length: > 0 }, ..] ? $"{error.Message} Not seen: {Text.List(sources)}." : error.Message,
            error.Remedy, sources, error);

    public static CnnException RowWithoutImage(IEnumerable<string> columns) =>
        new("RowWithoutImage", ErrorKind.InvalidArgument, $"A row names no image: it has {Text.List(columns)}.",
            "Name the column Image or Path: Select-Object *, @{ Name = 'Image'; Expression = { $_.OTHER } }.", "row");

    // What layers see

    public static CnnException NoPlaces(string model, string found) =>
        new("NoPlaces", ErrorKind.InvalidArgument, $"An activation map shows places, and '{model}' has {found}.",
            "Give a -Layer whose output has rows and columns (Get-CnnLayer).", model);

    public static CnnException NotOnPicture(Shape sizes) =>
        new("NotOnPicture", ErrorKind.InvalidArgument, $"A map of {sizes} has no picture that it lies over.",
            "-Overlay takes what Get-CnnActivationMap gives; leave it out for other maps.", sizes);

    public static CnnException OneFileForSeveralMaps(string path) =>
        new("OneFileForSeveralMaps", ErrorKind.InvalidArgument, $"'{path}' is one file, and there are more feature maps than one.",
            "Give a folder as -Path: each map gets a file of its own there.", path);

    public static CnnException NoMapFormat(string path) =>
        new("NoMapFormat", ErrorKind.InvalidArgument, $"'{path}' does not tell by its extension what it shall be.",
            "Give -Format, one of the extensions .png, .csv and .npy, or a folder.", path);

    public static CnnException DrawingTooLarge(string label, long width, long height) =>
        new("DrawingTooLarge", ErrorKind.InvalidArgument, $"A picture of '{label}' would have {width} x {height} pixels (width x height).",
            "Use a smaller -TileSize, other -Columns, -Single, or -Format Npy.", label);

    // Operations on data

    public static CnnException DataNotUnderstood(string parameter, string reason) =>
        new("DataNotUnderstood", ErrorKind.InvalidArgument, $"-{parameter} cannot be read: {reason}.",
            "Give numbers as nested arrays or as one of several dimensions: (H, W), (C, H, W) or (N, C, H, W).", parameter);

    public static CnnException RaggedArray(string parameter, string first, string other) =>
        new("RaggedArray", ErrorKind.InvalidArgument,
            $"-{parameter} is not rectangular: the first of its parts has {first}, a later one {other}.",
            "Give all rows one length, and all planes the same rows.", parameter);

    public static CnnException NoImage(Shape sizes) =>
        new("NoImage", ErrorKind.InvalidArgument, $"Data of {sizes} have no rows and columns.",
            "Give (H, W), (C, H, W) or (N, C, H, W). A pipeline takes arrays apart: write ', $x | ...' with a comma, or -InputObject $x.",
            sizes);

    public static CnnException KernelDoesNotFit(int planes, int channels) =>
        new("KernelDoesNotFit", ErrorKind.InvalidArgument, $"A filter of {planes} planes does not fit {channels} channels.",
            "Give each filter as many planes as it sees channels, or one, which is repeated. Several filters are (filters, planes, height, width).",
            planes);

    public static CnnException WeightSizes(string name, Shape expected, Shape found) =>
        new("WeightSizes", ErrorKind.InvalidArgument, $"The weight '{name}' is {found}, the layer's is {expected}.",
            $"Give {expected.Count} numbers as {expected}.", name);

    public static CnnException OperationTooLarge(Device device, double needed, double free) =>
        new("OperationTooLarge", ErrorKind.OutOfMemory,
            $"The operation takes about {Bytes(needed)} on {device}, where {Bytes(free)} are free.",
            "Use smaller data, less padding or fewer filters, or give a batch in parts.", device);

    // Training

    /// <param name="images">In the training split.</param>
    public static CnnException BatchOfOne(string layer, int batchSize, int images) =>
        new("BatchOfOne", ErrorKind.InvalidArgument,
            $"Batches of {batchSize} of {images} images end in one of a single image, of which the batch norm '{layer}' sees a single value: it has no variance.",
            "Use another -BatchSize, so that the last batch has at least two images, or larger images.", layer);

    public static CnnException NoResidualBranches(string model) =>
        new("NoResidualBranches", ErrorKind.InvalidArgument, $"'{model}' has no residual blocks that -StochasticDepth could skip.",
            "Leave it out, or use a residual network: Get-CnnArchitecture *ResNet*.", model);

    /// <param name="choice">The parameter that decides by a figure.</param>
    public static CnnException NothingToMonitor(string choice) =>
        new("NothingToMonitor", ErrorKind.InvalidArgument,
            $"{choice} decides by a figure of a split that is not trained on, and there is no validation split.",
            "Give -ValidationSplit 0.1, or say aloud that the test split is to be looked at: -Monitor TestAccuracy.", choice);

    public static CnnException UnknownAugmentation(string name, IReadOnlyList<Augmentation.AugmentationInfo> known)
    {
        string[] near = [.. known.Where(info => Text.IsNear(name, info.Name)).Select(info => info.Usage)];
        return new("UnknownAugmentation", ErrorKind.NotFound, $"There is no augmentation named '{name}'.",
            near.Length > 0
                ? $"Did you mean {string.Join(" or ", near)}?"
                : $"Known: {string.Join("; ", known.Select(info => info.Usage))}.", name);
    }

    public static CnnException BadAugmentation(Augmentation.AugmentationInfo augmentation, string reason) =>
        new("BadAugmentation", ErrorKind.InvalidArgument, $"The augmentation {augmentation.Name} cannot be read: {reason}.",
            $"Write it as '{augmentation.Usage}', for example '{augmentation.Example}'; with names, as p=0.5, the order does not matter.",
            augmentation.Name);

    public static CnnException AugmentationDoesNotFit(string augmentation, string reason, string remedy) =>
        new("AugmentationDoesNotFit", ErrorKind.InvalidArgument, $"{augmentation} does not fit: {reason}.", remedy, augmentation);

    public static CnnException WhiteningTooLarge(Shape images) =>
        new("WhiteningTooLarge", ErrorKind.InvalidArgument,
            $"Images of {images} have {images.Count} values; whitening is for at most {Whitening.MostValues}, as 32x32 pixels of three channels have.",
            "Use -Normalize MeanImage or Computed, or smaller images: -ImageSize 32.", images);

    public static CnnException LossNotFinite(double loss, int epoch, long step, string? checkpoint) =>
        new("LossNotFinite", ErrorKind.TrainingFailed,
            $"The loss became {loss.ToString(CultureInfo.InvariantCulture)} at step {step} (epoch {epoch}); training stopped.",
            "Use a smaller -LearningRate or check the data and -Normalize."
                + (checkpoint is null ? "" : $" The last good state is in '{checkpoint}'."), step);

    public static CnnException WeightsNotFinite(string path, string weight) =>
        new("WeightsNotFinite", ErrorKind.TrainingFailed,
            $"The weight '{weight}' has become something that is no number; '{path}' is left as it was.",
            "Use a smaller -LearningRate or check the data and -Normalize.", path);

    public static CnnException DatasetDiffers(string path, string dataset) =>
        new("DatasetDiffers", ErrorKind.InvalidArgument,
            $"The data set {dataset} is not the one that the training of '{path}' began with: its training images or labels differ.",
            "Give the folder that it was trained on: -DataPath.", path);

    public static CnnException SamePath(string path) =>
        new("SamePath", ErrorKind.InvalidArgument, $"'{path}' cannot be the log and the checkpoint at once.",
            "Give -CsvPath and -CheckpointPath files of their own.", path);

    public static CnnException ThreadsInUse(int asked, int inUse) =>
        new("ThreadsInUse", ErrorKind.Busy,
            $"Another operation in this process runs with {inUse} threads, and the count is one for the whole process; {asked} cannot be set now.",
            $"Use -Threads {inUse}, wait for the other to end, or run this in a process of its own (Start-Job).", asked);

    // Backends and devices

    public static CnnException DeviceAbsent(string device, IEnumerable<DeviceInfo> present) =>
        new("DeviceAbsent", ErrorKind.DeviceAbsent,
            $"There is no device '{device}' here. Devices: {string.Join(", ", present.Select(d => $"{d.Device} ({d.Name})"))}.",
            "Use -Device auto, which takes the best device there is, or one of those listed.", device);

    public static CnnException BackendUnavailable(string message, string remedy, Exception? inner = null) =>
        new("BackendUnavailable", ErrorKind.DependencyMissing, message, remedy, null, inner);

    public static CnnException BackendFailed(string operation, string message) =>
        new("BackendFailed", ErrorKind.BackendFailed, $"{operation} failed: {message}",
            "This should have been caught earlier: please report it with the command that led here.", operation);

    public static CnnException NotDeterministic(string operation, string message) =>
        new("NotDeterministic", ErrorKind.InvalidArgument, $"{operation} does not give the same bits each time on this device: {message}",
            "Leave out -Deterministic, or use a network without this operation, or -Device cpu, where all of them do.", operation);

    public static CnnException PrecisionAbsent(Precision precision, DeviceInfo device, IEnumerable<Precision> present) =>
        new("PrecisionAbsent", ErrorKind.DeviceAbsent,
            $"{device.Device} ({device.Name}) has no arithmetic in {precision}, and would gain nothing by it.",
            $"It computes in {string.Join(" and ", present)}. TF32 and BFloat16 need a CUDA device of compute capability 8.0 or later; "
                + "BFloat16 also runs on CPUs with AVX512-BF16.", precision);

    public static CnnException PrecisionNotInBackend(Precision precision, string backend) =>
        new("PrecisionAbsent", ErrorKind.DeviceAbsent,
            $"The backend {backend} does not compute in {precision}, on any device.",
            "Leave out -Precision, or build CnnTools on LibTorch.", precision);

    public static CnnException NumericModeInUse(NumericMode inUse) =>
        new("NumericModeInUse", ErrorKind.Busy,
            $"Another training in this process computes {(inUse.AllowTF32 ? "in" : "without")} TF32 and {(inUse.Deterministic ? "with" : "without")} "
                + "-Deterministic, and both are one for the whole process.",
            "Give both the same -Precision and -Deterministic, wait for the other to end, or run this in a process of its own (Start-Job).", inUse);

    public static CnnException InvalidHandle(string operation, string message) =>
        new("InvalidHandle", ErrorKind.InvalidArgument, $"{operation}: {message}",
            "The tensor was disposed, or belongs to another backend; use one that is alive.", operation);

    public static CnnException OutOfMemory(string operation, string message) =>
        new("OutOfMemory", ErrorKind.OutOfMemory, $"{operation}: not enough memory. {message}",
            "Use a smaller -BatchSize, smaller images or a smaller network, or free memory on the device.", operation);

    /// <param name="largestBatch">Images in a batch that would fit; less than 1 where not even one does.</param>
    public static CnnException NotEnoughMemory(
        string purpose, string model, Device device, int batchSize, double needed, double free, double largestBatch) =>
        new("NotEnoughMemory", ErrorKind.OutOfMemory,
            $"{purpose} '{model}' in batches of {batchSize} takes about {Bytes(needed)} on {device}, where {Bytes(free)} are free.",
            largestBatch >= 1
                ? string.Create(CultureInfo.InvariantCulture, $"Use a smaller -BatchSize, {largestBatch:F0} at most, or free memory on the device.")
                : "Not even -BatchSize 1 would fit: use a smaller network, smaller images, or a device with more memory.",
            model);

    public static CnnException WeightsTooLarge(string architecture, Device device, double needed, double free) =>
        new("WeightsTooLarge", ErrorKind.OutOfMemory,
            $"The weights of '{architecture}' take {Bytes(needed)} on {device}, where {Bytes(free)} are free.",
            "Use a smaller network, -InputShape or -Classes.", architecture);

    // Plots

    public static CnnException CellNotANumber(string place, string column, string text) =>
        new("CellNotANumber", ErrorKind.InvalidData,
            text.Length == 0 ? $"{place} has no {column}." : $"{place} has a {column} that is no number: '{Text.Short(text)}'.",
            "Logs have numbers with a decimal point, whatever the culture. Export-Csv follows the session's: write the log with -CsvPath.",
            column);

    public static CnnException NoPlotFormat(string path) =>
        new("NoPlotFormat", ErrorKind.InvalidArgument, $"'{path}' is no SVG file by its extension, and plots are SVG.",
            "Give a path that ends in .svg; rsvg-convert and browsers make a PNG of it.", path);

    public static CnnException NoLogRow(string place, IReadOnlyCollection<string> columns) =>
        new("NoLogRow", ErrorKind.InvalidData,
            $"{place} is not of a training's log: {(columns.Count == 0 ? "it has no columns" : $"its columns are {Text.List(columns)}")}.",
            "Give records of Start-CnnTraining, an evaluation of Test-CnnModel, or rows of a log that -CsvPath wrote; a log's file is read with -CsvPath.",
            place);

    public static CnnException EmptyLog(string path) =>
        new("NothingToPlot", ErrorKind.InvalidData, $"'{path}' has no rows yet.", "Wait for the training's first epoch to end.", path);

    public static CnnException NothingToPlot(bool logarithmic) =>
        new("NothingToPlot", ErrorKind.InvalidArgument,
            logarithmic ? "There is nothing above zero to draw on a logarithmic scale." : "There is nothing to draw.",
            "Give records with figures of what -Y names" + (logarithmic ? ", or leave out -LogY." : "."), "rows");

    public static CnnException TooManyRuns(int most) =>
        new("TooManyRuns", ErrorKind.InvalidArgument, $"There are more than {most} trainings to draw.",
            "Choose some: Where-Object Run -in ....", most);

    public static CnnException SeveralEvaluations() =>
        new("SeveralEvaluations", ErrorKind.InvalidArgument, "One picture shows one evaluation, one range test, or the curves of trainings.",
            "Draw each into a file of its own: ForEach-Object { $_ | Export-CnnPlot ... }.", "evaluations");

    // Runs

    public static CnnException NoRun(string folder) =>
        new("NoRun", ErrorKind.NotFound, $"'{folder}' is no run's folder: there is no run.json in it.",
            "Get-CnnRun -Path ROOT lists the runs in a folder.", folder);

    public static CnnException RunInUse(string folder, Exception inner) =>
        new("RunInUse", ErrorKind.Busy, $"The run in '{folder}' is running.",
            "Wait until it has ended, or stop it.", folder, inner);

    public static CnnException RunWithoutCheckpoint(string folder, string command) =>
        new("RunWithoutCheckpoint", ErrorKind.NotFound, $"The run in '{folder}' ended before its first checkpoint.",
            $"Begin it again: {command}", folder);

    /// <summary>A run that had one.</summary>
    /// <param name="best">The checkpoint of its best epoch; null where there is none.</param>
    public static CnnException CheckpointGone(string folder, string command, string? best) =>
        new("CheckpointGone", ErrorKind.NotFound, $"The last checkpoint of the run in '{folder}' is gone.",
            (best is null ? "" : $"That of its best epoch is there: Start-CnnTraining -Model '{best}' begins from it. ") + $"Begin it again: {command}", folder);

    public static CnnException NoCheckpointKept() =>
        new("NoCheckpointKept", ErrorKind.NotFound, "The training kept no checkpoint.",
            "Give Start-CnnTraining -RunPath or -CheckpointPath, or take the network itself from its -ModelVariable.", "Checkpoint");

    public static CnnException CheckpointOfRun(string path, string folder) =>
        new("CheckpointOfRun", ErrorKind.InvalidArgument, $"The run in '{folder}' keeps '{path}', and a training that went on from it would write over it.",
            "Resume-CnnTraining -RunPath goes on from the run's last checkpoint; Start-CnnTraining -Model begins another training with these weights, "
                + "and a copy elsewhere can be gone on with.", path);

    public static CnnException RunIsLink(string folder) =>
        new("RunIsLink", ErrorKind.InvalidArgument, $"'{folder}' is a link to a run's folder.",
            "Give the folder itself; Remove-Item removes the link.", folder);

    public static CnnException RunHoldsMore(string folder, IEnumerable<string> names) =>
        new("RunHoldsMore", ErrorKind.InvalidArgument, $"The run's folder '{folder}' holds what no run leaves: {Text.List(names)}.",
            "Move it elsewhere, or use -Force to remove it too.", folder);

    public static CnnException NothingToCompare(int runs) =>
        new("NothingToCompare", ErrorKind.InvalidArgument, $"A comparison takes two runs at least; {runs} came.",
            "Pipe several: Get-CnnRun -Path ROOT | Compare-CnnRun.", runs);

    public static CnnException NothingToReport() =>
        new("NothingToReport", ErrorKind.InvalidArgument, "There are no runs to report on.",
            "Pipe some: Get-CnnRun -Path ROOT | Export-CnnReport report.html.", "runs");

    public static CnnException NoReportFormat(string path) =>
        new("NoReportFormat", ErrorKind.InvalidArgument, $"'{path}' is no HTML file by its extension, and reports are HTML.",
            "Give a path that ends in .html.", path);

    public static CnnException RunDataDiffer(string run, string dataset) =>
        new("RunDataDiffer", ErrorKind.InvalidData, $"{dataset} has not the images that {run} was trained on.",
            "Give the folder of the run's data as -DataPath.", dataset);

    // Files

    public static CnnException FileNotFound(string what, string path, string remedy) =>
        new("FileNotFound", ErrorKind.NotFound, $"{what} is not there: '{path}'.", remedy, path);

    public static CnnException DatasetNotFound(
        string dataset, string folder, IEnumerable<string> subfolders, IEnumerable<string> missing, string form = "raw or .gz") =>
        new("DatasetNotFound", ErrorKind.NotFound,
            $"The data set {dataset} is not in '{folder}', nor in {string.Join(", ", subfolders)} below it; missing: {string.Join(", ", missing)} ({form}).",
            $"Save-CnnDataset {dataset} fetches them; or name the folder that has them with -DataPath or $env:CNNTOOLS_DATA. "
                + "-Dataset SynthDigits needs no files.", folder);

    public static CnnException NoImagesInFolder(string folder) =>
        new("NoImagesInFolder", ErrorKind.InvalidData, $"The class folder '{folder}' holds no images (.png, .jpg, .jpeg).",
            "Put the images of the class there, or remove the folder.", folder);

    public static CnnException NoClassesInFolder(string folder) =>
        new("NoClassesInFolder", ErrorKind.InvalidData, $"'{folder}' has no subfolders that would be classes.",
            "Give a folder that has a subfolder of images for each class, or a -LabelFile that tells the class of each image.", folder);

    public static CnnException ClassWithoutTraining(string folder, IEnumerable<string> classes) =>
        new("ClassWithoutTraining", ErrorKind.InvalidData,
            $"The test split has a class that the training split has not: '{folder}'.",
            $"Give both the same classes; those for training are {Text.List(classes)}.", folder);

    public static CnnException ImageSizesDiffer(string path, Shape found, string firstPath, Shape first) =>
        new("ImageSizesDiffer", ErrorKind.InvalidData,
            $"'{path}' is {found.Height} x {found.Width} (height x width), '{firstPath}' is {first.Height} x {first.Width}.",
            $"Say which size all are to be scaled to, for example -ImageSize {Math.Min(first.Height, first.Width)}.", path);

    /// <summary>An image's own error, with what can be done about it in a data set.</summary>
    public static CnnException ImageOfDataset(CnnException error) =>
        error.Id == "ImageSizesDiffer" ? error : new(error.Id, error.Kind, error.Message,
            $"{error.Remedy} Or take it out of the data set.", error.Target, error);

    public static CnnException DatasetTooLarge(int images, Shape shape, double needed, double most) =>
        new("DatasetTooLarge", ErrorKind.OutOfMemory,
            string.Create(CultureInfo.InvariantCulture, $"{images} images of {shape} take {Bytes(needed)}; a data set is in memory whole, and {Bytes(most)} would fit."),
            "Use a smaller -ImageSize, or fewer images.", shape);

    public static CnnException CorruptFile(string path, string format, string reason, string remedy, Exception? inner = null) =>
        new("CorruptFile", ErrorKind.InvalidData, $"'{path}' is not a valid {format} file: {reason}.", remedy, path, inner);

    public static CnnException DownloadFailed(Uri address, string reason) =>
        new("DownloadFailed", ErrorKind.ReadFailed, $"'{address}' could not be fetched: {reason}.",
            "Check the connection and run the same command again: it goes on from what has come. -Source names another place.", address);

    public static CnnException DownloadDiffers(Uri address, string reason) =>
        new("DownloadDiffers", ErrorKind.InvalidData, $"'{address}' is not the file that was published: {reason}. It was not kept.",
            "Try again; if it stays so, fetch from another place with -Source.", address);

    public static CnnException CannotRead(string path, Exception inner) =>
        new("CannotRead", ErrorKind.ReadFailed, $"'{path}' cannot be read: {Runs.FilePlace.Reason(inner)}",
            "Check that the file is there and that you may read it.", path, inner);

    public static CnnException CannotWrite(string path, Exception inner) =>
        new("CannotWrite", ErrorKind.WriteFailed, $"'{path}' cannot be written: {Runs.FilePlace.Reason(inner)}",
            "Check the folder, its permissions and the free space, or give another path.", path, inner);

    public static CnnException NoNetworkInFile(string path) =>
        new("NoNetworkInFile", ErrorKind.InvalidData, $"'{path}' holds weights but no network.",
            "Say which network they are for: Import-CnnModel -Architecture NAME.", path);

    public static CnnException NoWeightsInFile(string path) =>
        new("NoWeightsInFile", ErrorKind.InvalidData, $"'{path}' holds a network without weights, or other JSON.",
            "Make a model of the network: New-CnnModel -DefinitionPath FILE.", path);

    public static CnnException NoTrainingInFile(string path) =>
        new("NoTrainingInFile", ErrorKind.InvalidData, $"'{path}' holds a model but no training to go on with.",
            "Give a file that -CheckpointPath wrote, or start a new training from it: Start-CnnTraining -Model FILE.", path);

    public static CnnException WeightMissing(string path, string name) =>
        new("WeightMissing", ErrorKind.InvalidData, $"'{path}' lacks the tensor '{name}'.",
            "Check that the file is for this network: -Architecture, -InputShape and -Classes.", path);

    public static CnnException WeightDiffers(string path, string name, IEnumerable<long> expected, IEnumerable<long> found) =>
        new("WeightDiffers", ErrorKind.InvalidData,
            $"In '{path}' the tensor '{name}' is {string.Join('x', found)}, the network's is {string.Join('x', expected)}.",
            "Check that the file is for this network: -Architecture, -InputShape and -Classes.", path);

    internal static CnnException WeightsDoNotFit(
        string path, IReadOnlyCollection<string> missing, IReadOnlyCollection<string> unexpected,
        IReadOnlyCollection<Weights.WeightDifference> differing) =>
        new("WeightsDoNotFit", ErrorKind.InvalidData,
            $"The weights in '{path}' are not the network's: "
                + string.Join("; ", new[]
                {
                    missing.Count == 0 ? "" : $"{missing.Count} missing ({Text.List(missing)})",
                    unexpected.Count == 0 ? "" : $"{unexpected.Count} unexpected ({Text.List(unexpected)})",
                    differing.Count == 0 ? "" : $"{differing.Count} of other sizes ({Text.List(differing.Select(d =>
                        $"{d.Name}: {string.Join('x', d.Found.Take(8))}, the network's {string.Join('x', d.Expected)}"))})",
                }.Where(part => part.Length > 0)) + ".",
            "Check that the file is for this network: -Architecture, -InputShape and -Classes. New-CnnModel -Weights takes what fits and leaves the rest fresh.",
            path);

    public static CnnException PickleRefused(string path, string name) =>
        new("PickleRefused", ErrorKind.InvalidData,
            $"'{path}' asks for '{name}', which no tensor needs. Nothing of it was run.",
            "If you trust it, load it in Python and save the weights alone: torch.save(model.state_dict(), PATH).", path);

    public static CnnException NotAFile(string path, string provider) =>
        new("NotAFile", ErrorKind.InvalidArgument, $"'{path}' is a path of {provider}, not of the file system.",
            "Give a path on a file system drive.", path);

    public static CnnException NoSuchPlace(string path, Exception inner) =>
        new("NoSuchPlace", ErrorKind.InvalidArgument, $"'{path}' leads nowhere: {inner.Message}",
            "Check the drive and the path.", path, inner);

    public static CnnException UnknownDrawingFormat(string path) =>
        new("UnknownDrawingFormat", ErrorKind.InvalidArgument, $"The extension of '{path}' tells no format of pictures.",
            "Use .svg or .dot, or say -Format Svg or Dot.", path);

    public static CnnException FileExists(string path, string remedy) =>
        new("FileExists", ErrorKind.AlreadyExists, $"'{path}' exists already.", remedy, path);

    public static CnnException FolderNotFound(string path, string folder) =>
        new("FolderNotFound", ErrorKind.NotFound, $"'{path}' cannot be written: there is no folder '{folder}'.",
            $"Create it first: New-Item -ItemType Directory -Path '{folder}'.", path);

    /// <summary>In the course of a training.</summary>
    public static CnnException FolderGone(string path, Exception inner) =>
        new("FolderGone", ErrorKind.WriteFailed, $"'{Path.GetDirectoryName(path)}' is gone: it was there when the training began.",
            "The records so far were emitted; begin the training again.", path, inner);

    public static CnnException FileInUse(string path, Exception? inner = null) =>
        new("FileInUse", ErrorKind.Busy, $"'{path}' is being written by another run.",
            "Wait until that has ended, or give this one another path.", path, inner);

    public static CnnException LogDiffers(string path, IReadOnlyList<string> expected, IReadOnlyList<string> found) =>
        new("LogDiffers", ErrorKind.InvalidData,
            $"'{path}' has other columns than this log: it has {string.Join(", ", found)}; {string.Join(", ", expected)} are to be written.",
            "Give another path, or replace the file with -Force.", path);

    public static CnnException AssemblyUnavailable(string id, string path, string reason, Exception? inner = null) =>
        new(id, ErrorKind.DependencyMissing, $"'{path}' cannot be loaded: {reason.TrimEnd('.')}.",
            $"Build again (./build.ps1 build): the folder '{Path.GetFileName(Path.GetDirectoryName(path))}' belongs beside "
                + "CnnTools.Core.dll.", path, inner);

    public static CnnException TensorType(string path, string tensor, string found, string expected) =>
        new("TensorType", ErrorKind.InvalidData, $"The tensor '{tensor}' in '{path}' holds {found}, not {expected}.",
            "Convert it where the file was made, for example with tensor.float() in PyTorch.", tensor);

    public static CnnException CannotSaveTensor(string path, string tensor, string reason) =>
        new("CannotSaveTensor", ErrorKind.InvalidArgument, $"The tensor '{tensor}' cannot be saved in '{path}': {reason}.",
            "Rename or change it, then save again.", tensor);

    public static CnnException LayerNotInOnnx(string layer, string kind) =>
        new("LayerNotInOnnx", ErrorKind.InvalidArgument, $"Layer '{layer}' ({kind}) has no counterpart in ONNX.",
            "Export the model as safetensors, or make it without this layer.", layer);

    public static CnnException WhiteningNotInOnnx(string model) =>
        new("WhiteningNotInOnnx", ErrorKind.InvalidArgument,
            $"The model '{model}' sees whitened images; an ONNX file would hold the network without its whitening.",
            "Export it as safetensors, or train it with another -Normalize, as MeanImage or Computed.", model);

    public static CnnException OnnxTooLarge(string path, string model, long length) =>
        new("OnnxTooLarge", ErrorKind.InvalidArgument,
            $"The model '{model}' would take {Bytes(length)} in '{path}'; an ONNX file holds {Bytes(int.MaxValue)}.",
            "Export it as safetensors, or use a smaller network.", model);

    public static CnnException NotUnicode(string path, string model) =>
        new("NotUnicode", ErrorKind.InvalidArgument,
            $"The model '{model}' cannot be saved in '{path}': its name, or one of its layers', is not Unicode.",
            "Rename it, then save again.", model);

    // Images

    public static CnnException CorruptImage(string path, Images.ImageFormat format, string reason, Exception? inner = null) =>
        CorruptFile(path, format == Images.ImageFormat.Jpeg ? "JPEG" : "PNG", reason,
            "Get the file once more; another program may still read parts of it.", inner);

    public static CnnException UnsupportedImage(string path, string reason) =>
        new("UnsupportedImage", ErrorKind.InvalidData, $"'{path}' is of a kind that is not supported: {reason}.",
            "PNG and JPEG are read and written, in grey and RGB; convert it with another program.", path);

    public static CnnException ImageTooLarge(string path, string reason) =>
        new("ImageTooLarge", ErrorKind.InvalidData, $"'{path}' is too large: {reason}.",
            "Scale it down with another program.", path);

    public static CnnException ImageChanged(string path) =>
        new("ImageChanged", ErrorKind.InvalidData, $"'{path}' is no longer the file that was first read.",
            "Read it again: Get-CnnImage.", path);

    public static CnnException CropOutside(string path, string box, Shape image) =>
        new("CropOutside", ErrorKind.InvalidArgument,
            $"'{path}' is {image.Height} x {image.Width} (height x width), and {box} does not lie within it.",
            "Give a smaller -Crop.", path);

    public static CnnException NoImageFormat(string path, IEnumerable<string> known) =>
        new("NoImageFormat", ErrorKind.InvalidArgument, $"'{path}' does not tell by its extension what it shall be.",
            $"Give -Format, or one of these: {string.Join(", ", known)}.", path);

    public static CnnException NoImagesForGrid() =>
        new("NoImagesForGrid", ErrorKind.InvalidArgument, "No image has come for the grid.",
            "Pipe images to it, from Get-CnnImage or Get-CnnDataset.");

    public static CnnException GridTooLarge(int images, long height, long width) =>
        new("GridTooLarge", ErrorKind.InvalidArgument, $"A grid of these {images} images would have {height} x {width} pixels (height x width).",
            "Give fewer or smaller images, more -Columns, or a smaller -Scale.", images);

    public static CnnException ImageWithoutName(string folder) =>
        new("ImageWithoutName", ErrorKind.InvalidArgument,
            $"An image that comes from no file has no name that it could have in the folder '{folder}'.",
            "Give a file as -Path.", folder);

    private static string Bytes(double count) => count < 1e9
        ? string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:F0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:N1} GB");

    private static string Show(object? value) => value switch
    {
        null => "empty",
        string text => $"'{text}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "empty",
    };
}
