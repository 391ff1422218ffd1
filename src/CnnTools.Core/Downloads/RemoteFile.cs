namespace CnnTools.Downloads;

/// <summary>A file that is published somewhere and never changes.</summary>
/// <param name="Name">Below the address that it is fetched from, and on the disk.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">64 hexadecimal digits, in lower case.</param>
public sealed record RemoteFile(string Name, long Bytes, string Sha256);

/// <summary>How far a file has come.</summary>
/// <param name="Received">Bytes on the disk.</param>
public readonly record struct DownloadProgress(RemoteFile File, long Received);
