namespace SpanMetrics.Tests.Support;

/// <summary>One at a time, and not beside the unit tests: each of these tests starts the program.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ComponentGroup
{
    public const string Name = "Component";
}
