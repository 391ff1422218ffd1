using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using CnnTools.Runs;

namespace CnnTools.Downloads;

/// <summary>
/// Fetches a known file over HTTP. What has come lies beside the target under the name TARGET.part, and a later call goes on
/// from there; the target appears when its length and SHA-256 are right, whole and at once.
/// </summary>
public sealed class FileDownload(HttpClient client)
{
    private const int Attempts = 4;
    private const int BufferSize = 1 << 17;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // Between two pieces; a download as a whole may take hours.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A client as it is needed here: it waits for a connection, not for the whole of a file.</summary>
    public static HttpClient CreateClient() =>
        new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(30) }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Whether a file is there as it should be.</summary>
    /// <exception cref="CnnException">It cannot be read.</exception>
    public static bool IsThere(RemoteFile file, string path, CancellationToken stop)
    {
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length != file.Bytes)
            {
                return false;
            }

            using FileStream stream = File.OpenRead(path);
            return DigestOf(stream, stop) == file.Sha256;
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotRead(path, error);
        }
    }

    /// <summary>Fetches the file piece by piece; tells after each how far it has come.</summary>
    /// <param name="folder">Where it goes; made where it is not there.</param>
    /// <exception cref="CnnException">
    /// DownloadFailed: the server does not give it, or breaks off again and again. DownloadDiffers: it gives another file.
    /// </exception>
    public IEnumerable<DownloadProgress> Fetch(Uri address, RemoteFile file, string folder, CancellationToken stop)
    {
        string target = Path.Combine(folder, file.Name), partPath = target + ".part";
        using (FileStream part = Guard(partPath, () => OpenPart(partPath)))
        {
            bool hadPart;
            do
            {
                hadPart = part.Length > 0;
                foreach (DownloadProgress progress in Complete(address, file, part, stop))
                {
                    yield return progress;
                }
            }
            while (!Guard(partPath, () => Verify(address, file, part, hadPart, stop)));
        }

        Guard(target, () =>
        {
            File.Move(partPath, target, overwrite: true);
            return true;
        });
    }

    private IEnumerable<DownloadProgress> Complete(Uri address, RemoteFile file, FileStream part, CancellationToken stop)
    {
        byte[] buffer = new byte[BufferSize];
        string reason = "";
        long furthest = part.Length;
        for (int attempt = 0; part.Length < file.Bytes; attempt++)
        {
            if (attempt == Attempts)
            {
                throw Errors.DownloadFailed(address, $"it broke off at {part.Length} of {file.Bytes} bytes: {reason}");
            }

            stop.WaitHandle.WaitOne(attempt * Pause);
            (HttpResponseMessage? response, reason) = Ask(address, part.Length, stop);
            using (response)
            {
                if (response is null || !Accept(response, address, file, part, ref reason))
                {
                    continue;
                }

                using Stream content = response.Content.ReadAsStream(stop);
                while (Receive(content, buffer, ref reason, stop) is > 0 and int count)
                {
                    RequireLength(address, file, part, part.Length + count);
                    Write(part, buffer.AsSpan(0, count));

                    // Only what is new counts: a server without ranges may break off at the same place for ever.
                    (furthest, attempt) = part.Length > furthest ? (part.Length, 0) : (furthest, attempt);
                    yield return new(file, part.Length);
                }
            }
        }
    }

    private static T Guard<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotWrite(path, error);
        }
    }

    private static FileStream OpenPart(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        FileStream part = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        part.Seek(0, SeekOrigin.End);
        return part;
    }

    private (HttpResponseMessage? Response, string Reason) Ask(Uri address, long from, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, address);
            request.Headers.Range = from > 0 ? new RangeHeaderValue(from, null) : null;
            return (client.Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token), "the connection ended");
        }
        catch (Exception error) when (IsBreak(error, stop))
        {
            return (null, error.Message);
        }
    }

    /// <summary>Whether the answer goes on where the part ends, or begins anew, for which the part is emptied.</summary>
    private static bool Accept(HttpResponseMessage response, Uri address, RemoteFile file, FileStream part, ref string reason)
    {
        HttpStatusCode status = response.StatusCode;
        if (status == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { } range)
        {
            RequireLength(address, file, part, range.Length ?? file.Bytes, exactly: true);
            if (range.From == part.Length)
            {
                return true;
            }
        }

        if (status == HttpStatusCode.OK)
        {
            RequireLength(address, file, part, response.Content.Headers.ContentLength ?? file.Bytes, exactly: true);
            part.SetLength(0);
            return true;
        }

        if (status is HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            part.SetLength(0);
            reason = "it cannot go on where the last one ended";
            return false;
        }

        reason = $"the server answers {(int)status} {response.ReasonPhrase}";
        return (int)status >= 500 || status == HttpStatusCode.TooManyRequests ? false : throw Errors.DownloadFailed(address, reason);
    }

    /// <summary>The count of bytes; 0 at the end, however it came about.</summary>
    private static int Receive(Stream content, byte[] buffer, ref string reason, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            // Waited for here, so that whoever is told runs on the caller's thread.
            return content.ReadAsync(buffer, limit.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception error) when (IsBreak(error, stop))
        {
            reason = error.Message;
            return 0;
        }
    }

    private static bool IsBreak(Exception error, CancellationToken stop) =>
        error is HttpRequestException or IOException || (error is OperationCanceledException && !stop.IsCancellationRequested);

    private static void Write(FileStream part, ReadOnlySpan<byte> bytes)
    {
        try
        {
            part.Write(bytes);
            part.Flush();
        }
        catch (Exception error) when (FilePlace.IsFileError(error))
        {
            throw Errors.CannotWrite(part.Name, error);
        }
    }

    private static void RequireLength(Uri address, RemoteFile file, FileStream part, long length, bool exactly = false)
    {
        if (length > file.Bytes || (exactly && length != file.Bytes))
        {
            part.SetLength(0);
            throw Errors.DownloadDiffers(address, $"it has {length} bytes{(exactly ? "" : " or more")}, {file.Bytes} were expected");
        }
    }

    /// <summary>False, with the part emptied, where it may be an earlier call's bytes that are wrong.</summary>
    private static bool Verify(Uri address, RemoteFile file, FileStream part, bool hadPart, CancellationToken stop)
    {
        part.Position = 0;
        string found = DigestOf(part, stop);
        if (found == file.Sha256)
        {
            part.Flush(flushToDisk: true);
            return true;
        }

        part.SetLength(0);
        return hadPart ? false : throw Errors.DownloadDiffers(address, $"its SHA-256 is {found}, {file.Sha256} was expected");
    }

    /// <summary>Waited for here as well: of the ways to make one, only this can be stopped.</summary>
    private static string DigestOf(Stream content, CancellationToken stop) =>
        Convert.ToHexStringLower(SHA256.HashDataAsync(content, stop).AsTask().GetAwaiter().GetResult());
}
