namespace SpanMetrics.Oracle;

/// <summary>What became of a record. Which of its faults a broken record is called by is left to the product.</summary>
internal enum PlainStatus
{
    Ok,
    Empty,
    Broken,
    NotOtlp,
    WrongSignal,
}
