namespace SpanMetrics.Exposition;

/// <summary>What is known of the worker beside its page.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Topics">That it reads.</param>
/// <param name="WhyNotReady">Null when it is ready.</param>
internal sealed record WorkerFacts(string Version, string[] Topics, string? WhyNotReady);
