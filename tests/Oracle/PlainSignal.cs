using SpanMetrics.Otlp;

namespace SpanMetrics.Oracle;

/// <summary>Whether what stands in the place of a span or a log record is of another signal: field by field, from the protocol's three messages.</summary>
internal static class PlainSignal
{
    private static readonly (int Number, uint Type)[] OfSpans = [(1, 2), (2, 2), (11, 2), (6, 0), (10, 0), (12, 0), (7, 1), (8, 1)];
    private static readonly (int Number, uint Type)[] OfLogRecords = [(6, 2), (10, 2), (12, 2), (2, 0), (7, 0), (1, 1), (11, 1), (8, 5)];

    /// <summary>Of a broken message, by what comes before.</summary>
    public static bool IsOther(byte[] record, PlainMessage message, Signal signal)
    {
        PlainField[] fields = [.. message.Fields.Where(field => field.IsWhole)];
        bool hasScalars = fields.Any(field => field.Number <= 12 && field.Type != 2);
        if (!hasScalars && fields.Any(field => field is { Number: 5 or 7 or 9 or 10 or 11, Type: 2 } && HasDataPoint(record, field)))
        {
            return true; // a metric is bytes throughout, and holds a point with a time
        }

        // A name, a tracestate and an attribute are bytes in spans and log records alike: as a number they are nobody's.
        bool isNobodys = fields.Any(field => field is { Number: 3 or 5 or 9, Type: not 2 });
        (var own, var other) = signal == Signal.Traces ? (OfSpans, OfLogRecords) : (OfLogRecords, OfSpans);
        return !isNobodys && fields.Any(IsOneOf(other)) && !fields.Any(IsOneOf(own));
    }

    private static Func<PlainField, bool> IsOneOf((int Number, uint Type)[] known) => field => known.Contains((field.Number, field.Type));

    private static bool HasDataPoint(byte[] record, PlainField data)
    {
        PlainField point = new PlainMessage(record, data).Fields.FirstOrDefault(field => field is { Number: 1, Type: 2 });
        return point.IsWhole && new PlainMessage(record, point).Fields.FirstOrDefault(field => field is { Number: 3, Type: 1 }).IsWhole;
    }
}
