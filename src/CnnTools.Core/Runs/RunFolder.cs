using System.Collections.Immutable;
using System.Globalization;

namespace CnnTools.Runs;

/// <summary>A folder that holds one training: what decided it, its log, its checkpoints.</summary>
public sealed class RunFolder
{
    private const string ManifestName = "run.json";
    private const string LastName = "last.safetensors";
    private const int LongestName = 100;

    // What some file system, or a wildcard of PowerShell, would not take for itself.
    private const string NotInNames = "<>:\"/\\|?*[]`";

    // Another program's files may have these endings too; a run's folder that has others was put to other use as well.
    private static readonly ImmutableArray<string> OwnEndings = [".json", ".csv", ".safetensors", ".tmp", ".lock"];

    private RunFolder(string path) => Path = path;

    /// <summary>In full.</summary>
    public string Path { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>One row an epoch.</summary>
    public string LogPath => PathOf("log.csv");

    /// <summary>One row every so many batches; there only where it was asked for.</summary>
    public string StepLogPath => PathOf("log.steps.csv");

    /// <summary>The training's state after its last epoch, or where it was stopped.</summary>
    public string LastPath => PathOf(LastName);

    /// <summary>The state after the epoch of the best monitored figure; there only where one may be looked at.</summary>
    public string BestPath => PathOf("best.safetensors");

    private string ManifestPath => PathOf(ManifestName);

    /// <summary>Whether a process, this one included, is at the run.</summary>
    public bool IsHeld => FileLock.IsTaken(ManifestPath);

    /// <summary>Makes a run's folder with its manifest in it; a number is added to a name that is taken.</summary>
    /// <param name="root">The folder of all runs; it is made where it is not there.</param>
    /// <param name="name">What is no part of a file's name is replaced.</param>
    /// <param name="describe">Gives the manifest of a run of that name.</param>
    /// <exception cref="CnnException">It cannot be made.</exception>
    internal static RunFolder Create(string root, string name, Func<string, RunManifest> describe)
    {
        string wanted = ToFileName(name);
        try
        {
            string full = FilePlace.FullPath(root);
            DirectoryInfo all = File.Exists(full)
                ? throw new IOException("it is a file, not a folder.")
                : Directory.CreateDirectory(full);
            for (int number = 1; ; number++)
            {
                string numbered = number == 1 ? wanted : string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
                string path = System.IO.Path.Combine(all.FullName, numbered);
                if (!System.IO.Path.Exists(path) && TryCreate(path, describe(numbered)))
                {
                    return new(path);
                }
            }
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(root, exception);
        }
    }

    /// <summary>The run in a folder; its manifest is not read yet.</summary>
    /// <exception cref="CnnException">The folder is none, or holds no run.</exception>
    public static RunFolder Open(string path)
    {
        RunFolder folder = new(FullPath(path));
        return File.Exists(folder.ManifestPath) ? folder : throw Errors.NoRun(path);
    }

    /// <summary>The run whose latest state this checkpoint is; null where it is none's.</summary>
    public static RunFolder? OfCheckpoint(string checkpoint) =>
        System.IO.Path.GetFileName(checkpoint) == LastName && System.IO.Path.GetDirectoryName(checkpoint) is { } folder
            && File.Exists(System.IO.Path.Combine(folder, ManifestName))
            ? new(folder)
            : null;

    /// <summary>A training that went on from another of a run's checkpoints would write over what the run keeps.</summary>
    /// <exception cref="CnnException">It is one.</exception>
    public static void RequireNoOther(string checkpoint)
    {
        string? folder = System.IO.Path.GetDirectoryName(checkpoint);
        if (folder is not null && System.IO.Path.GetFileName(checkpoint) != LastName && File.Exists(checkpoint)
            && File.Exists(System.IO.Path.Combine(folder, ManifestName)))
        {
            throw Errors.CheckpointOfRun(checkpoint, folder);
        }
    }

    /// <summary>The runs in a folder, by name; or the one that the folder itself is.</summary>
    /// <exception cref="CnnException">The folder is not there or cannot be read.</exception>
    public static IEnumerable<RunFolder> FindAll(string root)
    {
        string full = FullPath(root);
        if (File.Exists(System.IO.Path.Combine(full, ManifestName)))
        {
            return [new(full)];
        }

        try
        {
            return
            [
                .. from path in Directory.GetDirectories(full)
                   where !System.IO.Path.GetFileName(path).StartsWith('.') && File.Exists(System.IO.Path.Combine(path, ManifestName))
                   orderby path
                   select new RunFolder(path),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            throw Errors.FileNotFound("The folder of runs", root, "Give the one that -RunPath named when they began.");
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotRead(root, exception);
        }
    }

    /// <summary>Keeps other processes away from the run until the result is disposed.</summary>
    /// <exception cref="CnnException">One is at it.</exception>
    public IDisposable Hold()
    {
        try
        {
            return FileLock.Take(ManifestPath);
        }
        catch (CnnException exception) when (exception.Id == "FileInUse")
        {
            throw Errors.RunInUse(Path, exception);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(Path, exception);
        }
    }

    /// <exception cref="CnnException">The manifest cannot be read, or is none.</exception>
    public RunManifest Read() => RunManifest.Read(ManifestPath);

    /// <exception cref="CnnException">It cannot be written.</exception>
    internal void Write(RunManifest manifest)
    {
        try
        {
            manifest.Write(ManifestPath);
        }
        catch (CnnException exception) when (exception.Id == "FolderNotFound")
        {
            throw Errors.FolderGone(ManifestPath, exception);
        }
    }
    /// <summary>Removes the folder and what a run leaves in it; a link in it is removed, what it leads to stays.</summary>
    /// <param name="withForeign">Whether what no run leaves goes too.</param>
    /// <exception cref="CnnException">It is no run's or a link, a process is at it, it holds other things, or it cannot be removed.</exception>
    public void Remove(bool withForeign)
    {
        Read();
        try
        {
            if (new DirectoryInfo(Path).LinkTarget is not null)
            {
                throw Errors.RunIsLink(Path);
            }

            using (Hold())
            {
                FileSystemInfo[] foreign = [.. new DirectoryInfo(Path).EnumerateFileSystemInfos().Where(item => !IsOwn(item))];
                if (foreign.Length > 0 && !withForeign)
                {
                    throw Errors.RunHoldsMore(Path, foreign.Select(item => item.Name));
                }

                // The manifest last: what is left of a removal that was broken off can be removed again.
                foreach (string file in Directory.GetFiles(Path).Where(file => file != ManifestPath && !file.EndsWith(".lock", StringComparison.Ordinal)))
                {
                    File.Delete(file);
                }
            }

            Directory.Delete(Path, recursive: true);
        }
        catch (Exception exception) when (FilePlace.IsFileError(exception))
        {
            throw Errors.CannotWrite(Path, exception);
        }
    }

    /// <summary>Readable, and a file's name on every system.</summary>
    internal static string ToFileName(string text)
    {
        string name = string.Concat(text.Select(letter => letter < ' ' || NotInNames.Contains(letter, StringComparison.Ordinal) ? '-' : letter));
        name = name[..Math.Min(name.Length, LongestName)].Trim(' ', '.');
        return name.Length > 0 ? name : "run";
    }

    /// <summary>
    /// The folder appears with its manifest in it, or not at all: a folder that holds something is not replaced by a rename.
    /// </summary>
    private static bool TryCreate(string path, RunManifest manifest)
    {
        string temporary = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.tmp");
        Directory.CreateDirectory(temporary);
        try
        {
            manifest.Write(System.IO.Path.Combine(temporary, ManifestName));
            Directory.Move(temporary, path);
            return true;
        }
        catch (IOException) when (System.IO.Path.Exists(path))
        {
            return false;
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                Directory.Delete(temporary, recursive: true);
            }
        }
    }

    private static bool IsOwn(FileSystemInfo item) =>
        item is FileInfo && item.LinkTarget is null && OwnEndings.Contains(item.Extension, StringComparer.Ordinal);

    private static string FullPath(string path)
    {
        try
        {
            return System.IO.Path.TrimEndingDirectorySeparator(FilePlace.FullPath(path));
        }
        catch (IOException)
        {
            throw Errors.NoRun(path);
        }
    }

    private string PathOf(string name) => System.IO.Path.Combine(Path, name);
}
