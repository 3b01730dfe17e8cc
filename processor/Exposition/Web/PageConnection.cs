using System.Net;
using Microsoft.AspNetCore.Connections;

namespace SpanMetrics.Exposition;

/// <summary>One connection to the page; a feature of Kestrel's connection, so of its requests too.</summary>
internal sealed class PageConnection(ConnectionContext connection)
{
    public IPAddress Peer { get; } = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;

    /// <summary>The name on the client's certificate, if that was verified.</summary>
    public string? ClientName { get; set; }

    /// <summary>What the handshake went by; null on plain HTTP.</summary>
    public WebConfig? Greeting { get; set; }

    /// <summary>Whether its reader had to show who he is and has done so. Owned by <see cref="ConnectionLimit"/>, as are the next two.</summary>
    public bool IsKnown { get; set; }

    public bool IsBusy { get; set; }

    /// <summary>When it came, or its last request ended, as a number that grows.</summary>
    public long LastActive { get; set; }

    public void Close() => connection.Abort(new ConnectionAbortedException("made room for another connection"));
}
