using System.ComponentModel;
using System.Management.Automation;

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

    private void Guard(Action work)
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
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
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
            IEnumerable<string> found = GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            return provider.Name == "FileSystem" ? found : throw Errors.NotAFile(path, provider.Name);
        }
        catch (SessionStateException)
        {
            // What is not there is told as every file that is not.
            return [ResolveOutput(path)];
        }
    }

    /// <summary>Folders, by wildcards or not. One that is there as it is written is meant, whatever brackets are in it.</summary>
    private protected IEnumerable<string> ResolveFolder(string path) =>
        ResolveOutput(path) is { } literal && Directory.Exists(literal) ? [literal] : ResolveInput(path);

    /// <summary>A path for writing, where one was given.</summary>
    protected string? ResolveOptional(string? path) => string.IsNullOrEmpty(path) ? null : ResolveOutput(path);

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
