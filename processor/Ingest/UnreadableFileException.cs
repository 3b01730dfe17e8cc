namespace SpanMetrics.Ingest;

/// <summary>A file given on the command line is not there, cannot be read, or is not of the format that was named.</summary>
internal sealed class UnreadableFileException(string file, string problem) : Exception($"{file}: {problem}");
