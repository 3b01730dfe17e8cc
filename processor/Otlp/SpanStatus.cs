namespace SpanMetrics.Otlp;

/// <summary><c>Status.StatusCode</c> of OTLP; a number that it does not know is <see cref="Unset"/>.</summary>
internal enum SpanStatus : byte
{
    Unset = 0,
    Ok = 1,
    Error = 2,
}
