using System.Runtime.Loader;

namespace CnnTools.Tests;

/// <summary>How the backend and the codec are loaded.</summary>
public sealed class EngineTests
{
    [Fact]
    public void Both_are_loaded_once()
    {
        Assert.Same(Engine.Backend, Engine.Backend);
        Assert.Same(Engine.Images, Engine.Images);
    }

    [Fact]
    public void Nobody_else_gets_our_copies_of_libraries_of_others()
    {
        _ = (Engine.Backend, Engine.Images);
        string[] own = ["CnnTools.TorchSharp", "CnnTools.ImageSharp"];
        string[] foreign = ["TorchSharp", "Google.Protobuf", "ICSharpCode.SharpZipLib", "SixLabors.ImageSharp"];
        Assert.DoesNotContain(
            AssemblyLoadContext.Default.Assemblies, a => own.Concat(foreign).Contains(a.GetName().Name));
        Assert.Single(
            AssemblyLoadContext.All.SelectMany(context => context.Assemblies), a => a.GetName().Name == "CnnTools.Core");
    }
}
