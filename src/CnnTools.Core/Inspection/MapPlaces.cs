using System.Globalization;
using CnnTools.Operations;
using CnnTools.Runs;

namespace CnnTools.Inspection;

/// <summary>
/// Where the feature maps of one pipeline go: into files of a folder, named after what they were made from and their layers,
/// or into the one file that is named. No two go to one place.
/// </summary>
public sealed class MapPlaces
{
    private readonly string _path;
    private readonly bool _isFolder;
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="path">Full. A folder, where it is one or has no extension.</param>
    /// <param name="format">What the extension says, where null; pictures in a folder.</param>
    /// <exception cref="CnnException">NoMapFormat: the extension says nothing.</exception>
    public MapPlaces(string path, MapFormat? format)
    {
        _path = path;
        _isFolder = Directory.Exists(path) || !Path.HasExtension(path);
        Format = format ?? (_isFolder ? MapFormat.Png : MapFile.FormatOf(path) ?? throw Errors.NoMapFormat(path));
    }

    public MapFormat Format { get; }

    /// <summary>A place for a map, or for a plane of one.</summary>
    /// <param name="plane">Its number of so many; null for a whole map.</param>
    /// <exception cref="CnnException">OneFileForSeveralMaps: the place is one file, and a map has it already.</exception>
    public string Take(FeatureMap map, (int Number, int Of)? plane)
    {
        string number = plane is var (index, of)
            ? $"-{index.ToString(CultureInfo.InvariantCulture).PadLeft($"{of - 1}".Length, '0')}"
            : "";
        if (!_isFolder)
        {
            string file = Path.Combine(
                Path.GetDirectoryName(_path) ?? "", Path.GetFileNameWithoutExtension(_path) + number + Path.GetExtension(_path));
            return _taken.Add(file) ? file : throw Errors.OneFileForSeveralMaps(_path);
        }

        string name = NameOf(map) + number;
        string free = name;
        for (int more = 2; !_taken.Add(free); more++)
        {
            free = $"{name}-{more}";
        }

        return Path.Combine(_path, free + MapFile.ExtensionOf(Format));
    }

    /// <summary>Makes the folder, where the maps go into one; the folder that it stands in must be there.</summary>
    /// <exception cref="CnnException">It cannot be made.</exception>
    public void Prepare()
    {
        if (!_isFolder || Directory.Exists(_path))
        {
            return;
        }

        try
        {
            string whole = Path.TrimEndingDirectorySeparator(_path);
            string? above = Path.GetDirectoryName(whole);
            Directory.CreateDirectory(above is null || Directory.Exists(above) ? whole : throw Errors.FolderNotFound(_path, above));
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(_path, exception);
        }
    }

    /// <summary>The picture's name and the layer's; what a file's name cannot hold becomes a low line.</summary>
    private static string NameOf(FeatureMap map)
    {
        string[] words = [Path.GetFileNameWithoutExtension(map.Source), map.Layer.Length > 0 ? map.Layer : map.Label];
        string name = string.Join('-', words.Where(word => word.Length > 0));
        char[] letters = [.. name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_').Take(100)];
        return letters.Length > 0 ? new(letters) : "map";
    }
}
