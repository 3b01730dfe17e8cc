namespace SpanMetrics.Otlp;

/// <summary>
/// Tells by field numbers and wire types what stands where a span or a log record should. Every real one has a time of its
/// own, and no other signal has one there: worth asking only where that is missing.
/// </summary>
internal static class SignalGuess
{
    /// <summary>Numbers beyond it say nothing: one signal may have them tomorrow.</summary>
    private const uint LastShared = 12;

    // The containers, and their numbers, are alike in every signal: see ItemReader.
    /// <summary>Of the first item of a whole OTLP record that tells.</summary>
    public static Signal Of(ReadOnlySpan<byte> record)
    {
        const uint first = (1 << 3) | WireType.Bytes, second = (2 << 3) | WireType.Bytes;
        var resources = new WireReader(record, new Slice(0, record.Length));
        while (resources.TrySeek(first) && resources.TryReadBytesOrRest(out Slice resource))
        {
            var scopes = new WireReader(record, resource);
            while (scopes.TrySeek(second) && scopes.TryReadBytesOrRest(out Slice scope))
            {
                var items = new WireReader(record, scope);
                while (items.TrySeek(second) && items.TryReadBytes(out Slice item))
                {
                    if (Of(record, item) is not Signal.Unknown and Signal signal)
                    {
                        return signal;
                    }
                }
            }
        }

        return Signal.Unknown;
    }

    //     Span                             LogRecord                         Metric
    //  1  bytes trace_id                   fixed64 time_unix_nano            string name
    //  2  bytes span_id                    SeverityNumber severity_number    string description
    //  3  string trace_state               string severity_text              string unit
    //  5  string name                      AnyValue body                     Gauge gauge
    //  6  SpanKind kind                    KeyValue attributes
    //  7  fixed64 start_time_unix_nano     uint32 dropped_attributes_count   Sum sum
    //  8  fixed64 end_time_unix_nano       fixed32 flags
    //  9  KeyValue attributes              bytes trace_id                    Histogram histogram
    // 10  uint32 dropped_attributes_count  bytes span_id                     ExponentialHistogram exponential_histogram
    // 11  Event events                     fixed64 observed_time_unix_nano   Summary summary
    // 12  uint32 dropped_events_count      string event_name                 KeyValue metadata
    /// <summary>Unknown where nothing speaks for one signal, or fields contradict each other. A broken message is judged by what comes before.</summary>
    public static Signal Of(ReadOnlySpan<byte> record, Slice message)
    {
        bool span = false, log = false, points = false, scalars = false;
        var reader = new WireReader(record, message);
        while (reader.TryReadTag(out uint tag))
        {
            uint field = tag >> 3;
            uint type = tag & 7;
            Slice value = default;
            if (!(type == WireType.Bytes ? reader.TryReadBytes(out value) : reader.TrySkip(tag)))
            {
                break;
            }

            switch (type)
            {
                case WireType.Bytes:
                    span |= field is 1 or 2 or 11;
                    log |= field is 6 or 10 or 12;
                    points = points || (field is 5 or 7 or 9 or 10 or 11 && HasDataPoint(record, value));
                    continue;
                case WireType.Varint:
                    span |= field is 6 or 10 or 12;
                    log |= field is 2 or 7;
                    break;
                case WireType.Fixed64:
                    span |= field is 7 or 8;
                    log |= field is 1 or 11;
                    break;
                case WireType.Fixed32:
                    log |= field is 8;
                    break;
            }

            scalars |= field <= LastShared;
            if (field is 3 or 5 or 9)
            {
                span = log = true; // nobody's: bytes in every signal
            }
        }

        return points && !scalars ? Signal.Metrics
            : span == log ? Signal.Unknown
            : span ? Signal.Traces : Signal.Logs;
    }

    // message Gauge           { repeated NumberDataPoint data_points = 1; }   (and the four other kinds)
    // message NumberDataPoint { fixed64 time_unix_nano = 3; }                 (and the three other kinds)
    // No name, key or text looks like this: a time's tag is a control character.
    private static bool HasDataPoint(ReadOnlySpan<byte> record, Slice data)
    {
        var points = new WireReader(record, data);
        if (!points.TrySeek((1 << 3) | WireType.Bytes) || !points.TryReadBytes(out Slice point))
        {
            return false;
        }

        var fields = new WireReader(record, point);
        return fields.TrySeek((3 << 3) | WireType.Fixed64) && fields.TryReadFixed64(out _);
    }
}
