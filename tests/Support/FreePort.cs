using System.Net;
using System.Net.Sockets;

namespace SpanMetrics.Tests.Support;

internal static class FreePort
{
    private static int _last = 10_000 + (Environment.ProcessId * 7 % 9_000);

    /// <summary>
    /// A port that nobody listens on. Below 20000: outside the range from which the kernel takes client ports,
    /// so that a client which keeps knocking on it cannot end up connected to itself, and outside the broker's.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = 10_000 + (Interlocked.Increment(ref _last) % 10_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: try the next one.
            }
        }
    }
}
