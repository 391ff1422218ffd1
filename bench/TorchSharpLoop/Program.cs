using System.Runtime.InteropServices;
using CnnTools.Bench;
using CnnTools.Data;
using TorchSharp;
using TorchSharpLoop;
using static TorchSharp.torch;

// The only argument is the folder of TorchSharp's native library.
string library = OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
NativeLibrary.Load(Path.Combine(args[0], library));

SideProtocol.Serve(setup =>
{
    set_num_threads(1);
    ImageSet set = setup.ReadImages();
    Tensor labels = tensor(Array.ConvertAll(set.Labels, label => (long)label));
    Tensor images = Normalised(
        tensor(set.Pixels, set.ImageShape.WithBatch(set.Count)), [.. setup.Mean], [.. setup.Deviation]);
    IEnumerator<float> steps = Training.Of(setup.Work)(Networks.Create(setup.Network), images, labels, setup.Batch).GetEnumerator();
    return (new SideReady($"TorchSharp {typeof(torch).Assembly.GetName().Version}", get_num_threads()), Work);

    Round Work(int count)
    {
        RoundClock clock = RoundClock.Start();
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            steps.MoveNext();
            sum += steps.Current;
        }

        return clock.Stop(count, sum / count);
    }
});

static Tensor Normalised(Tensor bytes, float[] mean, float[] deviation)
{
    using DisposeScope scope = NewDisposeScope();
    return bytes.to(float32).div(255f).sub(tensor(mean).view(1, -1, 1, 1)).div(tensor(deviation).view(1, -1, 1, 1))
        .MoveToOuterDisposeScope();
}
