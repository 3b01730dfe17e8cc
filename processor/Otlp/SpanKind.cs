namespace SpanMetrics.Otlp;

/// <summary><c>Span.SpanKind</c> of OTLP; a number that it does not know is <see cref="Unspecified"/>.</summary>
internal enum SpanKind : byte
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}
