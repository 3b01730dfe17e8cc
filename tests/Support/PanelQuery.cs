namespace SpanMetrics.Tests.Support;

/// <param name="Place">Dashboard, panel and letter.</param>
internal sealed record PanelQuery(string Place, string Panel, string Text, string Legend, bool Instant, bool Exemplars);
