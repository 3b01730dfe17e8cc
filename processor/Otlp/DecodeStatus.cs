namespace SpanMetrics.Otlp;

/// <summary>What became of a record's bytes. The closed set behind the label <c>reason</c> of <c>spanmetrics_input_records_total</c>.</summary>
internal enum DecodeStatus
{
    /// <summary>Every byte was understood or skipped by the rules of protobuf.</summary>
    Ok,

    /// <summary>A Kafka tombstone: the record has no value.</summary>
    Null,

    /// <summary>The value has no bytes. A batch without spans is not empty: it has a resource.</summary>
    Empty,

    /// <summary>A length points past the end of the record.</summary>
    Truncated,

    /// <summary>A tag, varint or group that no protobuf writer makes, after something that looked like OTLP.</summary>
    Malformed,

    /// <summary>Nothing in the record is a <c>ResourceSpans</c> or <c>ResourceLogs</c>.</summary>
    NotOtlp,

    /// <summary>OTLP of another signal: what stands where spans (or log records) belong has the shape of something else.</summary>
    WrongSignal,

    /// <summary>Longer than <c>limits.record_bytes</c>; nobody looked inside.</summary>
    TooLarge,
}
