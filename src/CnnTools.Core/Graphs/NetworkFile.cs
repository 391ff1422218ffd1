using System.Text.Json;
using CnnTools.Runs;

namespace CnnTools.Graphs;

/// <summary>A network under the name that its user gave it.</summary>
public sealed record NamedGraph(string Name, Graph Graph);

/// <summary>
/// A network without weights in a JSON file, to be read by people and compared by version control. Reading one builds
/// layers and nothing else: no code is in it.
/// </summary>
public static class NetworkFile
{
    private const string Format = "cnntools.network";
    private const string Remedy = "Give a file that Export-CnnModel -Format Json wrote.";

    // A thousand layers take half a megabyte.
    private const long LargestFile = 64 << 20;

    private static readonly JsonSerializerOptions s_options = new(GraphJson.Options) { WriteIndented = true };

    /// <summary>Whether a file's name says that it is one.</summary>
    public static bool HasName(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Creates or replaces the file.</summary>
    /// <exception cref="CnnException">It cannot be written.</exception>
    public static void Write(string path, NamedGraph network) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(
            stream, new Document(Format, network.Name, GraphJson.ToElement(network.Graph)), s_options));

    /// <exception cref="CnnException">The file is missing or too large, is no network's, or its shapes cannot be.</exception>
    public static NamedGraph Read(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(FilePlace.FullPath(path));
            if (stream.Length > LargestFile)
            {
                throw Corrupt(path, $"it has {stream.Length:N0} bytes");
            }

            Document document = JsonSerializer.Deserialize<Document>(stream, s_options) ?? throw Corrupt(path, "it is empty");
            return document.Format == Format
                ? new(document.Name, GraphJson.Read(document.Network))
                : throw Corrupt(path, $"its format is '{Text.Short(document.Format)}', not '{Format}'");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Errors.FileNotFound("The network's file", path, "Check the path.");
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotRead(path, exception);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw Corrupt(path, Text.Short(exception.Message), exception);
        }
    }

    private static CnnException Corrupt(string path, string reason, Exception? inner = null) =>
        Errors.CorruptFile(path, "network", reason, Remedy, inner);

    private sealed record Document(string Format, string Name, JsonElement Network);
}
