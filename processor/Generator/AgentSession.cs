namespace SpanMetrics.Generator;

/// <summary>A session that goes on: one trace, whose spans come unit by unit and the root last.</summary>
internal sealed class AgentSession
{
    public required int ServiceIndex { get; init; }

    public AgentService Service => Cast.Services[ServiceIndex];

    public required AgentModel Model { get; init; }

    public required TraceId Trace { get; init; }

    public required ulong RootId { get; init; }

    /// <summary>kitelogik.session_id, encoded.</summary>
    public required byte[] SessionAttribute { get; init; }

    /// <summary>kitelogik.token_id, encoded; empty for a session without a token broker.</summary>
    public required byte[] TokenAttribute { get; init; }

    /// <summary>Turns that ask for tools; one more follows, which ends the session.</summary>
    public required int ToolTurns { get; init; }

    /// <summary>From this turn on the session's token is refused.</summary>
    public required int TokenValidTurns { get; init; }

    public required bool AsksToSpawn { get; init; }

    public bool Spawned { get; set; }

    /// <summary>Why the session ends with ERROR; null while it goes well.</summary>
    public Failure? Failure { get; set; }

    public int Turn { get; set; }

    /// <summary>Tool calls and events that the model's last answer still waits for.</summary>
    public int CallsLeft { get; set; }

    /// <summary>Of the spans so far. What lies inside the session must lie inside its root span.</summary>
    public ulong FirstStart { get; private set; } = ulong.MaxValue;

    public ulong LastEnd { get; private set; }

    /// <summary>Nanoseconds in chats, tool calls and events.</summary>
    public ulong Busy { get; private set; }

    public void Contains(ulong start, ulong end)
    {
        FirstStart = Math.Min(FirstStart, start);
        LastEnd = Math.Max(LastEnd, end);
        Busy += end - start;
    }
}
