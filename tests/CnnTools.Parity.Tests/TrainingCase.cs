using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.Graphs.Layers;
using CnnTools.Training;
using CnnTools.Zoo;

namespace CnnTools.Tests;

/// <summary>A training to compare step by step.</summary>
/// <param name="Network">The name in networks.py, and in the catalog but for Normed.</param>
/// <param name="PyTorchOptions">What torch.optim's optimizer gets, so that its defaults are tested too.</param>
/// <param name="Extras">What train.py is to do besides.</param>
/// <param name="LossTolerance">Relative, for each step's loss.</param>
/// <param name="WeightTolerance">
/// For the last weights, as a share of the tensor's largest: rounding that turns one ReLU the other way moves a weight more
/// than it moves a loss.
/// </param>
/// <param name="GradientTolerance">For the first step's, as a share of the tensor's largest; batch norm adds to rounding.</param>
internal sealed record TrainingCase(
    string Network, TrainingOptions Options, Dictionary<string, object> PyTorchOptions,
    double LossTolerance = 1e-4, double WeightTolerance = 1e-3, Dictionary<string, object>? Extras = null,
    double GradientTolerance = 1e-5)
{
    private const int Steps = 50;

    private static double[] Weights => [1, 2, 0.5, 1, 3, 1, 0.1, 1, 1.5, 1];

    public override string ToString() => $"{Network}, {Options.Optimizer}{(Options.Nesterov ? ", Nesterov" : "")}"
        + $"{(Options.Momentum > 0 ? ", momentum" : "")}{(Options.WeightDecay > 0 ? ", weight decay" : "")}"
        + string.Concat((Extras ?? []).Keys.Select(key => $", {key}"));

    /// <summary>Two epochs with 50 whole batches between them and a short one at the end of each.</summary>
    public Dataset LoadData()
    {
        int batch = Options.BatchSize * Options.AccumulateBatches;
        int count = (Steps / 2 * batch) + (batch / 2);
        return Network == "ImageClassification" ? ParityData.Colours(count, 300) : ParityData.Digits(count, 300);
    }

    public Graph Build(Dataset dataset) =>
        Network == "Normed" ? Normed : Catalog.Get(Network).Build(dataset.ImageShape, dataset.Classes);

    /// <summary>Smooth: a ReLU that rounding turns the other way is multiplied by batch norm.</summary>
    private static Graph Normed => new GraphBuilder(new Shape(1, 28, 28))
        .Then("conv1", new Conv2d(4, 3) { Stride = 2, Padding = 1, Bias = false })
        .Then("bn1", new BatchNorm2d())
        .Then("tanh1", new Activate(Activation.Tanh))
        .Then("conv2", new Conv2d(8, 3) { Stride = 2, Padding = 1, Bias = false })
        .Then("bn2", new BatchNorm2d())
        .Then("tanh2", new Activate(Activation.Tanh))
        .Then("flat", new Flatten())
        .Then("fc", new Linear(10))
        .Build();

    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        // The tutorials' own settings: seed 001, then seed 000.
        new("SimpleCnn", New(OptimizerKind.SGD, 64, 0.001) with { Momentum = 0.9 },
            new() { ["lr"] = 0.001, ["momentum"] = 0.9 }),
        new("ImageClassification", New(OptimizerKind.Adam, 8, 1e-3), new() { ["lr"] = 1e-3 }),

        // Every optimizer, with and without what can be added to it.
        new("LeNet5", New(OptimizerKind.SGD, 16, 0.01) with { Momentum = 0.9, Nesterov = true, WeightDecay = 1e-3 },
            new() { ["lr"] = 0.01, ["momentum"] = 0.9, ["nesterov"] = true, ["weight_decay"] = 1e-3 }),
        new("LeNet5", New(OptimizerKind.Adam, 16, 1e-3) with { WeightDecay = 1e-2 },
            new() { ["lr"] = 1e-3, ["weight_decay"] = 1e-2 }),
        new("LeNet5", New(OptimizerKind.AdamW, 16, 1e-3), new() { ["lr"] = 1e-3 }),
        new("LeNet5", New(OptimizerKind.RMSprop, 16, 1e-3), new() { ["lr"] = 1e-3 }),
        new("LeNet5", New(OptimizerKind.RMSprop, 16, 1e-4) with { Momentum = 0.9, WeightDecay = 1e-2 },
            new() { ["lr"] = 1e-4, ["momentum"] = 0.9, ["weight_decay"] = 1e-2 }),

        // What holds gradients and weights down.
        new("LeNet5", New(OptimizerKind.SGD, 16, 0.1) with { ClipGradientNorm = 0.5 }, new() { ["lr"] = 0.1 },
            Extras: new() { ["clipNorm"] = 0.5 }),
        new("LeNet5", New(OptimizerKind.SGD, 16, 0.1) with { ClipGradientValue = 0.01 }, new() { ["lr"] = 0.1 },
            Extras: new() { ["clipValue"] = 0.01 }),
        new("LeNet5", New(OptimizerKind.AdamW, 16, 1e-3) with { WeightDecay = 0.5, DecayWeightsOnly = true },
            new() { ["lr"] = 1e-3, ["weight_decay"] = 0.5 }, Extras: new() { ["decayWeightsOnly"] = true }),
        new("LeNet5", New(OptimizerKind.SGD, 8, 0.05) with { AccumulateBatches = 3 }, new() { ["lr"] = 0.05 },
            Extras: new() { ["accumulate"] = 8 }),
        new("LeNet5", New(OptimizerKind.Adam, 16, 1e-3) with { EmaDecay = 0.9 }, new() { ["lr"] = 1e-3 },
            Extras: new() { ["emaDecay"] = 0.9 }),
        new("Normed", New(OptimizerKind.SGD, 16, 0.05) with { EmaDecay = 0.9 }, new() { ["lr"] = 0.05 },
            Extras: new() { ["emaDecay"] = 0.9 }, GradientTolerance: 1e-4),
        new("LeNet5", New(OptimizerKind.SGD, 16, 0.05) with { ClassWeights = Weights }, new() { ["lr"] = 0.05 },
            Extras: new() { ["classWeights"] = Weights }),
        Mixed(New(OptimizerKind.SGD, 16, 0.05) with { Mixup = 0.4 }),
        Mixed(New(OptimizerKind.SGD, 16, 0.05) with { CutMix = 1 }),
    ];

    /// <summary>PyTorch gets the shares and partners that the training draws.</summary>
    private static TrainingCase Mixed(TrainingOptions options)
    {
        Mixing mixing = new(Parity.Backend, options, new RandomStream(options.Seed, "mixing"));
        int batches = options.Epochs * ((Steps / 2) + 1);
        object[] mixes =
        [
            .. Enumerable.Range(1, batches)
                .Select(batch => batch % ((Steps / 2) + 1) == 0 ? options.BatchSize / 2 : options.BatchSize)
                .Select(images => mixing.Draw(images, new Shape(1, 28, 28)))
                .Select(mix => new
                {
                    share = mix.Share,
                    partners = mix.Partners,
                    cut = mix.Cut is { } box ? (int[])[box.Top, box.Left, box.Bottom, box.Right] : null,
                }),
        ];
        return new("LeNet5", options, new() { ["lr"] = options.LearningRate!.Value },
            Extras: new() { [options.CutMix > 0 ? "cutmix" : "mixup"] = true, ["mixes"] = mixes });
    }

    private static TrainingOptions New(OptimizerKind optimizer, int batchSize, double learningRate) => new()
    {
        Optimizer = optimizer,
        BatchSize = batchSize,
        LearningRate = learningRate,
        Epochs = 2,
        LogEvery = 1,
        Seed = 7,
        Threads = 1,
    };
}
