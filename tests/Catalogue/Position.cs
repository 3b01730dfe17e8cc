namespace SpanMetrics.Tests.Catalogue;

/// <summary>Where the odd record stands among the good ones.</summary>
public enum Position
{
    First,
    Middle,
    Last,
}
