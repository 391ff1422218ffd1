using CnnTools.Augmentation;
using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Training;
using CnnTools.Weights;

namespace CnnTools.Tests;

/// <summary>
/// Given the draws, each augmentation gives torchvision's bytes (what is erased: its floats) exactly, but for halves in scaled grey images; torchvision does all cases
/// in one process.
/// </summary>
public sealed class AugmentationParityTests(AugmentationParityTests.Reference reference) : IClassFixture<AugmentationParityTests.Reference>
{
    private const int Images = 40;

    private static readonly Normalization Normalization = new([0.49f], [0.25f]);

    public static TheoryData<string, bool> Cases
    {
        get
        {
            TheoryData<string, bool> cases = [];
            string[] both =
            [
                "RandomCrop 4", "RandomCrop 3 fill=77", "RandomCrop 5 reflect", "RandomCrop 3 symmetric", "RandomCrop 6 edge",
                "HorizontalFlip", "VerticalFlip 0.3", "Cutout 9 holes=2", "RandomErasing 0.9", "RandomErasing 1 value=-1.5",
                "RandomResizedCrop", "RandomResizedCrop 0.25,0.5 1,1", "ColorJitter 0.4 0.6", "RandAugment", "RandAugment 3 17",
                "RandAugment 4 30 fill=100", "Rotation 25", "Rotation 180 bilinear", "Rotation 40 bilinear 50",
                "Affine 20 0.2 0.7,1.3 15", "Affine 0 0.3 mode=bilinear",
            ];
            foreach (string spec in both)
            {
                cases.Add(spec, false);
                cases.Add(spec, true);
            }

            cases.Add("ColorJitter 0.4 0.4 0.4 0.1", true);
            cases.Add("ColorJitter hue=0.5", true);
            return cases;
        }
    }

    [TorchvisionTheory]
    [MemberData(nameof(Cases))]
    public void It_gives_what_torchvision_gives(string spec, bool colour)
    {
        Case own = new(spec, colour);
        float[] expected = reference.Results[own.Name];

        float[] actual = own.Apply();

        int differing = expected.Zip(actual).Count(pair => pair.First != pair.Second);
        Assert.True(differing <= own.MostRounded, $"{own.Name}: {differing} of {expected.Length} values differ");
        Assert.InRange(expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)), 0, 1);
        Assert.NotEqual(own.Untouched(), actual);
    }

    /// <summary>torchvision's results, computed when the first test asks.</summary>
    public sealed class Reference
    {
        private readonly Lazy<Dictionary<string, float[]>> _results = new(Compute);

        public Dictionary<string, float[]> Results => _results.Value;

        private static Dictionary<string, float[]> Compute()
        {
            Case[] cases = [.. Cases.Select(row => new Case((string)row[0], (bool)row[1]))];
            using PyTorchExchange exchange = new();
            exchange.WriteRequest(new
            {
                Mean = Normalization.Mean[0],
                Deviation = Normalization.Deviation[0],
                Cases = cases.Select(c => new { c.Name, c.Data, Step = c.Step.GetType().Name, Numbers = (object)c.Step, Draws = c.DrawAll() }),
            });
            exchange.WriteData(new[] { true, false }.Select(colour =>
            {
                ImageSet images = Case.ImagesOf(colour);
                return SafetensorsTensor.FromBytes(
                    Case.DataOf(colour), SafetensorsType.U8, images.ImageShape.WithBatch(images.Count), images.Pixels);
            }));
            exchange.Run("augmentation.py");
            return exchange.ReadTensors("result.safetensors");
        }
    }

    /// <summary>An augmentation of grey or of colour images, drawn from a seed.</summary>
    private sealed class Case(string spec, bool colour)
    {
        public string Name => $"{spec}, {Data}";

        public string Data => DataOf(colour);

        public AugmentationStep Step { get; } = AugmentationCatalog.Parse(spec);

        /// <summary>
        /// Of one channel torch adds the four neighbours in another order than of three, and halves are rounded either way.
        /// </summary>
        public int MostRounded => Step is RandomResizedCrop && !colour ? Images * 28 * 28 / 200 : 0;

        private bool Erases => Step is Cutout or RandomErasing;

        public static string DataOf(bool colour) => colour ? "colour" : "grey";

        public static ImageSet ImagesOf(bool colour) =>
            colour ? ColourImages.Draw(3, Images) : SynthDigits.Create(trainCount: Images, testCount: 10).Train;

        public object DrawAll() => Step switch
        {
            AugmentationStep<bool> step => Draws(step),
            AugmentationStep<double> step => Draws(step),
            AugmentationStep<Pair> step => Draws(step),
            AugmentationStep<Box> step => Draws(step),
            AugmentationStep<Box[]> step => Draws(step),
            AugmentationStep<Adjustment[]> step => Draws(step),
            AugmentationStep<AffineDraw> step => Draws(step),
            _ => throw new NotSupportedException(spec),
        };

        public float[] Apply() => Run(batch => Step.Apply(batch, Random()));

        public float[] Untouched() => Run(_ => { });

        private static RandomStream Random() => new(5, "parity");

        private float[] Run(Action<AugmentedBatch> apply)
        {
            IBackend backend = Parity.Backend;
            using IDisposable threads = ThreadCount.Use(backend, 1);
            using ITensorScope scope = backend.BeginScope(recordGradients: false);
            ImageSet images = ImagesOf(colour);
            int channels = images.ImageShape.Channels;
            AugmentedBatch batch = new(
                backend, backend.FromBytes(images.Pixels, images.ImageShape.WithBatch(Images), Device.Cpu),
                AugmentedBatch.Consecutive(Images));
            apply(batch);
            float[] lookup = Erases
                ? Normalization.ToLookup(channels)
                : [.. Enumerable.Range(0, channels * 256).Select(i => (float)(i % 256))];
            Tensor normalized = backend.GatherImages(batch.Pixels, AugmentedBatch.Consecutive(Images),
                backend.FromFloats(lookup, [channels, 256], Device.Cpu), MemoryLayout.ChannelsLast);
            batch.Finish(normalized);
            float[] values = new float[normalized.Count];
            backend.Read(normalized, values);
            return values;
        }

        private TDraw[] Draws<TDraw>(AugmentationStep<TDraw> step)
        {
            RandomStream random = Random();
            Shape shape = ImagesOf(colour).ImageShape;
            return [.. Enumerable.Range(0, Images).Select(_ => step.Draw(random, shape))];
        }
    }
}
