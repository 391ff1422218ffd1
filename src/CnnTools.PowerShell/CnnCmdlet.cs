using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Management.Automation;
using CnnTools.Data;

namespace CnnTools.PowerShell;

/// <summary>What all cmdlets share: one place that turns exceptions into error records, and a token that stops.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CnnCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled by Ctrl+C and Stop-Job.</summary>
    protected CancellationToken StopToken => _stop.Token;

    protected sealed override void ProcessRecord() => Guard(Process);

    protected sealed override void EndProcessing() => Guard(Finish);

    /// <summary>Does the work; what fails is told as an error record.</summary>
    private protected void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (CnnException exception)
        {
            WriteError(exception.ToErrorRecord());
        }
        catch (WildcardPatternException exception)
        {
            WriteError(Errors.BadPattern(exception.Message).ToErrorRecord());
        }
        catch (OutOfMemoryException exception)
        {
            WriteError(Errors.OutOfMemory(MyInvocation.MyCommand.Name, exception.Message).ToErrorRecord());
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Does the work on each of several items: one that fails does not keep the others from being done.</summary>
    private protected void Each<T>(IEnumerable<T> items, Action<T> work)
    {
        foreach (T item in items)
        {
            StopToken.ThrowIfCancellationRequested();
            Guard(() => work(item));
        }
    }

    /// <summary>One pipeline object's work. A <see cref="CnnException"/> fails this object only.</summary>
    protected abstract void Process();

    /// <summary>What is left to do when the pipeline's last object has come.</summary>
    protected virtual void Finish()
    {
    }

    // Runs on another thread than the pipeline's: it sets the token and touches nothing else.
    protected sealed override void StopProcessing() => RequestStop();

    /// <summary>Asks the work to end after its step.</summary>
    protected void RequestStop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended between the wish and the word.
        }
    }

    /// <summary>A path for writing: full, on the file system, seen from the session's location.</summary>
    protected string ResolveOutput(string path)
    {
        try
        {
            string full = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" ? full : throw Errors.NotAFile(path, provider.Name);
        }
        catch (SessionStateException exception)
        {
            throw Errors.NoSuchPlace(path, exception);
        }
    }

    /// <summary>The checkpoint that a record names.</summary>
    /// <exception cref="CnnException">It names none.</exception>
    private protected string ResolveCheckpoint(string? path) =>
        string.IsNullOrEmpty(path) ? throw Errors.NoCheckpointKept() : ResolveOutput(path);

    /// <exception cref="CnnException">A file is there and may not be replaced.</exception>
    private protected static void RequireNew(string path, bool force)
    {
        if (File.Exists(path) && !force)
        {
            throw Errors.FileExists(path, "Use -Force to replace it, or give another -Path.");
        }
    }

    /// <summary>Emits a file or folder as Get-Item gives it: its view needs what the provider adds.</summary>
    private protected void WriteItem(string path) =>
        WriteObject(InvokeProvider.Item.Get([path], force: true, literalPath: true), enumerateCollection: true);

    /// <summary>Paths for reading: those that wildcards stand for, or the one that is meant, whether it is there or not.</summary>
    protected IEnumerable<string> ResolveInput(string path)
    {
        try
        {
            Collection<string> found = GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            return provider.Name != "FileSystem" ? throw Errors.NotAFile(path, provider.Name)
                : found.Count == 0 && Literal(path) is string literal && File.Exists(literal) ? [literal]
                : found;
        }
        catch (SessionStateException)
        {
            // What is not there is told as every file that is not.
            return [Literal(path)];
        }
    }

    /// <summary>What a pattern is as a name: brackets may be part of it.</summary>
    private string Literal(string pattern) => ResolveOutput(WildcardPattern.Unescape(pattern));

    /// <summary>The files that text, which may have wildcards, or a file stands for; null where it is neither.</summary>
    private protected IEnumerable<string>? FilesOf(object? value) => value.Unwrap() switch
    {
        // Wildcards mean files: they pass folders over.
        string path when WildcardPattern.ContainsWildcardCharacters(path) => ResolveInput(path).Where(found => !Directory.Exists(found)),
        string path => ResolveInput(path),
        FileSystemInfo file => [file.FullName],
        _ => null,
    };

    /// <summary>Folders, by wildcards or not. One that is there as it is written is meant, whatever brackets are in it.</summary>
    private protected IEnumerable<string> ResolveFolder(string path) =>
        ResolveOutput(path) is { } literal && Directory.Exists(literal) ? [literal] : ResolveInput(path);

    /// <summary>A path for writing, where one was given.</summary>
    protected string? ResolveOptional(string? path) => string.IsNullOrEmpty(path) ? null : ResolveOutput(path);

    /// <summary>A name of the catalog as it is written there; a folder's path in full.</summary>
    private protected string ResolveDataset(string name)
    {
        if (DatasetCatalog.Find(name) is { } info)
        {
            return info.Name;
        }

        // A bare name that is no folder is left as it is: it may be a known one, misspelt.
        string path = name.Equals(ImageFolder.Name, StringComparison.OrdinalIgnoreCase) ? name : ResolveOutput(name);
        return Directory.Exists(path) || name.AsSpan().ContainsAny('/', '\\') ? Path.TrimEndingDirectorySeparator(path) : name;
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
        }
    }
}
