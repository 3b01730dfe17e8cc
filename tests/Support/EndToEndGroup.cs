namespace SpanMetrics.Tests.Support;

/// <summary>One at a time, and after everything else: each of these tests starts several programs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EndToEndGroup : ICollectionFixture<RealKafka>
{
    public const string Name = "End to end";
}
