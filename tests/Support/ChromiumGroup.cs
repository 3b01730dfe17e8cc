namespace SpanMetrics.Tests.Support;

/// <summary>One at a time: a browser wants a core for itself.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ChromiumGroup : ICollectionFixture<Chromium>
{
    public const string Name = "Chromium";
}
