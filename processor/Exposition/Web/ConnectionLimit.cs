using System.Net;
using Microsoft.AspNetCore.Connections;

namespace SpanMetrics.Exposition;

/// <summary>
/// So many connections of readers, and so many of strangers, who have asked for nothing yet that they may have. A stranger too many takes
/// the place of another: of the address that has most of them, the one that has done nothing for longest. The room for strangers is larger
/// because whoever opens connections all the time drives out a new reader only when that many come during its handshake.
/// </summary>
internal sealed class ConnectionLimit(int mostReaders, int mostStrangers)
{
    // Shared by the connections' threads, and held for a look at these only.
    private readonly Lock _lists = new();
    private readonly HashSet<PageConnection> _readers = [];
    private readonly HashSet<PageConnection> _strangers = [];
    private long _now;

    public async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = new PageConnection(context);
        PageConnection? loser;
        lock (_lists)
        {
            loser = _strangers.Count < mostStrangers ? null : TakeLoser(_strangers);
            connection.LastActive = ++_now;
            _strangers.Add(connection);
        }

        loser?.Close();
        context.Features.Set(connection);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            lock (_lists)
            {
                _strangers.Remove(connection);
                _readers.Remove(connection);
            }
        }
    }

    public void Begin(PageConnection connection)
    {
        lock (_lists)
        {
            connection.IsBusy = true;
        }
    }

    public void End(PageConnection connection)
    {
        lock (_lists)
        {
            connection.IsBusy = false;
            connection.LastActive = ++_now;
        }
    }

    /// <summary>Among the readers from now on. False where there are enough of those who have shown who they are; one who has not makes room.</summary>
    public bool TryAdmit(PageConnection connection, bool isKnown)
    {
        PageConnection? loser = null;
        lock (_lists)
        {
            connection.IsKnown = isKnown;
            if (!_readers.Contains(connection) && _readers.Count >= mostReaders && (loser = TakeLoser(_readers)) is null)
            {
                return false;
            }

            _strangers.Remove(connection);
            _readers.Add(connection);
        }

        loser?.Close();
        return true;
    }

    /// <summary>It was refused: a stranger, whatever it was before.</summary>
    public void Dismiss(PageConnection connection)
    {
        lock (_lists)
        {
            connection.IsKnown = false;
            _readers.Remove(connection);
            _strangers.Add(connection);
        }
    }

    // Null where all are known.
    private static PageConnection? TakeLoser(HashSet<PageConnection> connections)
    {
        var byPeer = new Dictionary<IPAddress, int>();
        foreach (PageConnection connection in connections)
        {
            byPeer[connection.Peer] = byPeer.GetValueOrDefault(connection.Peer) + 1;
        }

        PageConnection? loser = null;
        foreach (PageConnection connection in connections)
        {
            if (!connection.IsKnown && (loser is null || Rank(connection).CompareTo(Rank(loser)) < 0))
            {
                loser = connection;
            }
        }

        if (loser is not null)
        {
            connections.Remove(loser);
        }

        return loser;

        (int, bool, long) Rank(PageConnection connection) => (-byPeer[connection.Peer], connection.IsBusy, connection.LastActive);
    }
}
