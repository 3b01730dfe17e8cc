namespace SpanMetrics.Ingest;

/// <summary>What a record holds, as its topic or whoever named the file says.</summary>
internal enum RecordSignal
{
    /// <summary>Told by the content. Files only.</summary>
    Auto,
    Traces,
    Logs,
}
