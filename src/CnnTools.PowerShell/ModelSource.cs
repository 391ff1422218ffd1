using CnnTools.Backends;
using CnnTools.Data;
using CnnTools.Graphs;
using CnnTools.PowerShell.Arguments;
using CnnTools.Weights;
using CnnTools.Zoo;

namespace CnnTools.PowerShell;

/// <summary>Turns what a user gave for -Model into a model.</summary>
internal static class ModelSource
{
    /// <summary>
    /// The live model itself; or a fresh network of that name, made for the data set's images and classes; or the one
    /// saved in that file, with fresh weights where the file holds none.
    /// </summary>
    /// <param name="dataset">Asked for by a fresh network only.</param>
    /// <param name="resolvePath">Makes a path full, seen from the session's location.</param>
    public static CnnModel Open(
        ModelArgument argument, Func<Dataset> dataset, ulong seed, Func<string, string> resolvePath) =>
        argument.Model ?? Find(
            argument.Name ?? "",
            architecture => CnnModel.Create(
                Backend.Current, architecture, dataset().ImageShape, dataset().Classes, seed, Device.Cpu),
            path => NetworkFile.HasName(path)
                ? CnnModel.Create(Backend.Current, NetworkFile.Read(path), seed)
                : ModelFile.Read(Backend.Current, path),
            resolvePath);

    /// <summary>The same where no data set says what a fresh network is for: it is made as it was published.</summary>
    /// <param name="warn">Told of weights that nobody trained.</param>
    public static CnnModel Open(ModelArgument argument, Action<string> warn, Func<string, string> resolvePath) =>
        argument.Model ?? Find(
            argument.Name ?? "",
            architecture => Fresh(CnnModel.Create(
                Backend.Current, architecture, architecture.Input, architecture.Classes, seed: 0, Device.Cpu), warn),
            path => NetworkFile.HasName(path)
                ? Fresh(CnnModel.Create(Backend.Current, NetworkFile.Read(path), seed: 0), warn)
                : ModelFile.Read(Backend.Current, path),
            resolvePath);

    private static CnnModel Fresh(CnnModel model, Action<string> warn)
    {
        warn($"{model.Name} is untrained: its weights are drawn at random. Give a live model or a model file to see what was learned.");
        return model;
    }

    /// <summary>The network alone and its label: no weights are made or read, and the backend is not loaded.</summary>
    /// <param name="build">Makes the graph of a network that comes by name.</param>
    public static NamedGraph OpenNetwork(
        ModelArgument argument, Func<Architecture, Graph> build, Func<string, string> resolvePath) =>
        argument.Model is { } model
            ? new(model.Name, model.Graph)
            : Find<NamedGraph>(
                argument.Name ?? "",
                architecture => new(architecture.Name, build(architecture)),
                path => NetworkFile.HasName(path) ? NetworkFile.Read(path) : ModelFile.ReadNetwork(path),
                resolvePath);

    private static T Find<T>(
        string name, Func<Architecture, T> make, Func<string, T> read, Func<string, string> resolvePath)
    {
        if (Catalog.Find(name) is { } architecture)
        {
            return make(architecture);
        }

        string path = resolvePath(name);
        return File.Exists(path)
            ? read(path)
            : LooksLikePath(name)
                ? throw Errors.FileNotFound("The model file", path, "Check the path, or give an architecture's name (Get-CnnArchitecture).")
                : throw Errors.UnknownName("Architecture", name, Catalog.All.Select(a => a.Name));
    }

    private static bool LooksLikePath(string name) =>
        name.Contains('/', StringComparison.Ordinal) || name.Contains('\\', StringComparison.Ordinal) || Path.HasExtension(name);
}
