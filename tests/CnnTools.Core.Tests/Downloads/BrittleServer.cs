using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CnnTools.Tests.Downloads;

/// <summary>A web server on the loopback interface that does wrong what it is told to.</summary>
internal sealed class BrittleServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public BrittleServer(byte[] content)
    {
        Content = content;
        _listener.Start();
        Address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/set/"));
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public byte[] Content { get; set; }

    /// <summary>After how many bytes of an answer the connection is cut; null never.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>How many answers are cut; the others are whole.</summary>
    public int Breaks { get; set; } = int.MaxValue;

    public bool KnowsRanges { get; set; } = true;

    public int? Status { get; set; }

    /// <summary>Where else it says that the content is.</summary>
    public string? Location { get; set; }

    /// <summary>Where it says that an answer begins, in place of where it was asked to.</summary>
    public int? SaysItBeginsAt { get; set; }

    /// <summary>Whether it tells a length; without one the end of the connection is the end.</summary>
    public bool TellsLength { get; set; } = true;

    /// <summary>Where each request wanted to begin.</summary>
    public ConcurrentQueue<int> Asked { get; } = [];

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or IOException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        int from = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            from = line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase)
                ? int.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)
                : from;
        }

        Asked.Enqueue(from);
        bool partial = KnowsRanges && from > 0;
        byte[] body = Content[(partial ? Math.Min(from, Content.Length) : 0)..];
        int begin = SaysItBeginsAt ?? from;
        string head = string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {Status ?? (partial ? 206 : 200)} X\r\nConnection: close\r\n{(TellsLength ? $"Content-Length: {body.Length}\r\n" : "")}"
            + $"{(Location is null ? "" : $"Location: {Location}\r\n")}"
            + $"{(partial ? $"Content-Range: bytes {begin}-{begin + body.Length - 1}/{Content.Length}\r\n" : "")}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        bool cut = BreaksAfter < body.Length && Breaks-- > 0;
        await stream.WriteAsync(cut ? body.AsMemory(0, BreaksAfter!.Value) : body);
        await stream.FlushAsync();
    }
}
