using SpanMetrics.Otlp;

namespace SpanMetrics.Generator;

/// <summary>Encoded spans that no batch has taken yet, in the order of their ends; a batch groups them by service and scope.</summary>
internal sealed class SpanBacklog
{
    /// <summary>kitelogik's scopes, by number.</summary>
    public const int Tether = 0;
    public const int Adapter = 1;
    public const int Agent = 2;
    private static readonly byte[][] Scopes = [Scope("kitelogik.tether"), Scope("kitelogik.adapter"), Scope("kitelogik.agent")];

    private const int SpansFieldOfTracesData = 1;

    private readonly WireWriter _encoded = new(1 << 16);
    private readonly List<PendingSpan> _pending = [];
    private readonly int[] _spansOfGroup = new int[Cast.Services.Length * Scopes.Length];
    private int _spanOffset;
    private int _spanGroup;

    public SpanBacklog() => Encoder = new SpanEncoder(_encoded);

    /// <summary>Writes the span between <see cref="BeginSpan"/> and <see cref="EndSpan"/>.</summary>
    public SpanEncoder Encoder { get; }

    public int Count => _pending.Count;

    public void BeginSpan(int service, int scope)
    {
        _spanOffset = _encoded.Length;
        _spanGroup = (service * Scopes.Length) + scope;
    }

    /// <param name="decision">What a worker must count for it, once a batch has taken it.</param>
    public void EndSpan(Decision? decision) =>
        _pending.Add(new PendingSpan(_spanGroup, _spanOffset, _encoded.Length - _spanOffset, decision));

    // message TracesData    { repeated ResourceSpans resource_spans = 1; }
    // message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
    // message ScopeSpans    { InstrumentationScope scope = 1; repeated Span spans = 2; }
    /// <summary>Moves the first <paramref name="spans"/> into one message and books them.</summary>
    public void Write(WireWriter to, int spans, TrafficSummary summary)
    {
        Array.Clear(_spansOfGroup);
        for (int i = 0; i < spans; i++)
        {
            PendingSpan span = _pending[i];
            _spansOfGroup[span.Group]++;
            if (span.Decision is { } decision)
            {
                summary.Count(decision);
            }
        }
        for (int service = 0; service < Cast.Services.Length; service++)
        {
            WriteService(to, service, spans);
        }
        Drop(spans);
        summary.CountRecord(spans);
    }

    private void WriteService(WireWriter to, int service, int spans)
    {
        int first = service * Scopes.Length;
        if (!_spansOfGroup.AsSpan(first, Scopes.Length).ContainsAnyExcept(0))
        {
            return;
        }
        int resourceSpans = to.Begin(SpansFieldOfTracesData);
        to.Raw(Cast.Services[service].Resource);
        for (int scope = 0; scope < Scopes.Length; scope++)
        {
            if (_spansOfGroup[first + scope] > 0)
            {
                int scopeSpans = to.Begin(2);
                to.Raw(Scopes[scope]);
                WriteGroup(to, first + scope, spans);
                to.End(scopeSpans);
            }
        }
        to.End(resourceSpans);
    }

    private void WriteGroup(WireWriter to, int group, int spans)
    {
        for (int i = 0; i < spans; i++)
        {
            PendingSpan span = _pending[i];
            if (span.Group == group)
            {
                to.Raw(_encoded.Written.Slice(span.Offset, span.Length));
            }
        }
    }

    private void Drop(int spans)
    {
        int bytes = spans < _pending.Count ? _pending[spans].Offset : _encoded.Length;
        _encoded.DropFirst(bytes);
        _pending.RemoveRange(0, spans);
        for (int i = 0; i < _pending.Count; i++)
        {
            _pending[i] = _pending[i] with { Offset = _pending[i].Offset - bytes };
        }
    }

    // message ScopeSpans { InstrumentationScope scope = 1; ... }
    // message InstrumentationScope { string name = 1; }
    private static byte[] Scope(string name)
    {
        var to = new WireWriter(64);
        int scope = to.Begin(1);
        to.StringField(1, name);
        to.End(scope);
        return to.Written.ToArray();
    }
}
