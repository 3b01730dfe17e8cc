namespace SpanMetrics.Pipeline;

/// <summary>A family of metrics that counted something.</summary>
/// <param name="Name">On the page.</param>
/// <param name="Amount">What a counter got; seconds for a histogram.</param>
/// <param name="Labels">Those that are not as the span itself says, with their values.</param>
internal readonly record struct MovedFamily(string Name, double Amount, List<(string Name, string Value)> Labels);
