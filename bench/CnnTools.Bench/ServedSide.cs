using CnnTools.Backends;
using CnnTools.Data;

namespace CnnTools.Bench;

/// <summary>CnnTools as a side of the table of backends, in a process of its own: on the backend it was built for.</summary>
internal static class ServedSide
{
    public static (SideReady Ready, Func<int, Round> Work) Create(SideSetup setup)
    {
        IBackend backend = Engine.Backend;
        ImageSet images = setup.ReadImages();
        string[] classNames = [.. Enumerable.Range(0, images.Labels.Max() + 1).Select(label => $"{label}")];
        Dataset dataset = new(setup.Case, images, images, [.. classNames], Normalization.None);
        ISide side = Cases.Backends.Single(c => c.Name == setup.Case).CreateOurs(backend, dataset);
        return (new($"CnnTools, {backend.Info.BuiltFor}", Threads: 1), _ => side.Run());
    }
}
