namespace SpanMetrics.Fuzz;

/// <summary>A record on which something is wrong, and what.</summary>
internal sealed record Finding(byte[] Record, string Problem);
