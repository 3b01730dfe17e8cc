namespace SpanMetrics.Ingest;

/// <summary>How a file holds records.</summary>
internal enum RecordFormat
{
    /// <summary>Told by the content.</summary>
    Auto,

    /// <summary>A varint length before each record, repeated to the end.</summary>
    Delimited,

    /// <summary>One record.</summary>
    Otlp,

    /// <summary>One JSON object a line, as the collector's file exporter writes.</summary>
    OtlpJson,
}
