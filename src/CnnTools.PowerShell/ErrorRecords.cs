using System.Management.Automation;

namespace CnnTools.PowerShell;

/// <summary>The product's exceptions as error records: fixed id, right category, the way out in RecommendedAction.</summary>
internal static class ErrorRecords
{
    public static ErrorRecord ToErrorRecord(this CnnException exception) =>
        new(exception, exception.Id, Category(exception.Kind), exception.Target)
        {
            // The prompt shows it below the message.
            ErrorDetails = new ErrorDetails(exception.Message) { RecommendedAction = exception.Remedy },
        };

    private static ErrorCategory Category(ErrorKind kind) => kind switch
    {
        ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
        ErrorKind.InvalidData => ErrorCategory.InvalidData,
        ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
        ErrorKind.AlreadyExists => ErrorCategory.ResourceExists,
        ErrorKind.Busy => ErrorCategory.ResourceBusy,
        ErrorKind.DeviceAbsent => ErrorCategory.ResourceUnavailable,
        ErrorKind.OutOfMemory => ErrorCategory.ResourceUnavailable,
        ErrorKind.DependencyMissing => ErrorCategory.NotInstalled,
        ErrorKind.ReadFailed => ErrorCategory.ReadError,
        ErrorKind.WriteFailed => ErrorCategory.WriteError,
        ErrorKind.TrainingFailed => ErrorCategory.InvalidResult,
        _ => ErrorCategory.InvalidOperation,
    };
}
