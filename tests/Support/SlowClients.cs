using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace SpanMetrics.Tests.Support;

/// <summary>Connections that never come to a request, on this machine only: a third says nothing, a third a byte a second, a third (over TLS after its handshake) a header a second. One that is closed comes back after a second.</summary>
internal sealed class SlowClients : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private readonly int _port;
    private readonly bool _tls;
    private long _connections;

    public SlowClients(int count, int port, bool tls)
    {
        (_port, _tls) = (port, tls);
        _clients = [.. Enumerable.Range(0, count).Select(i => Task.Run(() => RunAsync(i % 3)))];
    }

    /// <summary>That were made up to now.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _stop.Dispose();
    }

    private async Task RunAsync(int kind)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                Interlocked.Increment(ref _connections);
                await SpeakAsync(client.GetStream(), kind);
            }
            catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // Closed: it comes back.
            }

            await Task.Delay(Pause, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task SpeakAsync(Stream stream, int kind)
    {
        if (kind == 0)
        {
            await stream.ReadExactlyAsync(new byte[1], _stop.Token);
            return;
        }

        byte[] text = Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("X: x\r\n", 100)));
        await using var tls = new SslStream(stream, leaveInnerStreamOpen: true, (_, certificate, _, _) => certificate is not null);
        Stream to = stream;
        if (_tls && kind == 1)
        {
            text = [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, .. new byte[500]]; // the head of a ClientHello
        }
        else if (_tls)
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1" }, _stop.Token);
            to = tls;
        }

        int step = kind == 1 ? 1 : 8;
        for (int at = 0; at < text.Length; at += step)
        {
            await to.WriteAsync(text.AsMemory(at, Math.Min(step, text.Length - at)), _stop.Token);
            await Task.Delay(Pause, _stop.Token);
        }
    }
}
