namespace SpanMetrics.Commands;

/// <summary>The page's address is taken, is not this machine's, or needs rights that the process lacks.</summary>
internal sealed class ListenException(string problem, Exception cause) : Exception(problem, cause);
