namespace CnnTools;

/// <summary>What kind of thing went wrong; the cmdlets map it to an error category.</summary>
public enum ErrorKind
{
    InvalidArgument,
    InvalidData,
    NotFound,
    AlreadyExists,
    Busy,
    DeviceAbsent,
    OutOfMemory,
    ReadFailed,
    WriteFailed,
    DependencyMissing,
    TrainingFailed,
    BackendFailed,
}

/// <summary>
/// The one exception of CnnTools: it names the thing that is wrong and the way out. Made by <see cref="Errors"/> only.
/// </summary>
public sealed class CnnException : Exception
{
    internal CnnException(
        string id, ErrorKind kind, string message, string remedy, object? target = null, Exception? inner = null)
        : base(message, inner)
    {
        Id = id;
        Kind = kind;
        Remedy = remedy;
        Target = target;
    }

    /// <summary>Fixed identifier, one for each cause: no spaces, never translated.</summary>
    public string Id { get; }

    public ErrorKind Kind { get; }

    /// <summary>What the user can do about it, as a sentence.</summary>
    public string Remedy { get; }

    /// <summary>The object that the error is about: a path, a name, a layer.</summary>
    public object? Target { get; }
}
