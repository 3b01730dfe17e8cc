using SpanMetrics.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>Which field numbers of a message hold messages: enough to take a record apart and put it together again.</summary>
internal sealed class WireShape
{
    private readonly Dictionary<int, WireShape> _messages = [];

    private static readonly WireShape Traces = Make(Signal.Traces);
    private static readonly WireShape Logs = Make(Signal.Logs);

    public WireShape? this[int number] => _messages.GetValueOrDefault(number);

    public static WireShape Of(Signal signal) => signal == Signal.Traces ? Traces : Logs;

    private static WireShape Make(Signal signal)
    {
        WireShape leaf = new(), keyValue = new(), anyValue = new();
        keyValue._messages[2] = anyValue;
        anyValue._messages[5] = Of((1, anyValue));
        anyValue._messages[6] = Of((1, keyValue));
        WireShape item = signal == Signal.Traces
            ? Of((9, keyValue), (11, Of((3, keyValue))), (13, Of((4, keyValue))), (15, leaf))
            : Of((5, anyValue), (6, keyValue));
        WireShape scope = Of((1, Of((3, keyValue))), (2, item));
        return Of((1, Of((1, Of((1, keyValue))), (2, scope))));
    }

    private static WireShape Of(params ReadOnlySpan<(int Number, WireShape Message)> messages)
    {
        var shape = new WireShape();
        foreach ((int number, WireShape message) in messages)
        {
            shape._messages[number] = message;
        }

        return shape;
    }
}
