namespace SpanMetrics.Oracle;

/// <summary>What one emitter writes on its spans: scopes, names, and keys with values that mean something; the first key is on most spans.</summary>
internal sealed record EmitterWords(string[] Scopes, string[] Names, params (string Key, string[] Values)[] Attributes);
