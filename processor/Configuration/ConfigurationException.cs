namespace SpanMetrics.Configuration;

/// <summary>Every mistake in a configuration, one a line, each with its place.</summary>
internal sealed class ConfigurationException(IReadOnlyList<string> errors) : Exception(string.Join('\n', errors))
{
    public IReadOnlyList<string> Errors => errors;
}
