namespace SpanMetrics.Generator;

/// <summary>The scenarios by name. Without `normal` every decision is of one of the others: the stream is all incident.</summary>
internal static class Scenarios
{
    private static readonly (string Name, Scenario Scenario)[] Known =
    [
        ("normal", Scenario.Normal),            // allowed, and denied by policy
        ("engine-down", Scenario.EngineDown),   // the policy engine is away for a while: fail-closed, no policy attributes
        ("deny-spike", Scenario.DenySpike),     // a quiet tool is denied all of a sudden
        ("approval", Scenario.Approval),        // held for a human
        ("credential", Scenario.Credential),    // the session's token runs out or is revoked
        ("gate-error", Scenario.GateError),     // the gate itself raises: no decision
    ];

    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(Known, known => known.Name);

    public static bool TryParse(string name, out Scenario scenario)
    {
        foreach ((string known, Scenario value) in Known)
        {
            if (known == name)
            {
                scenario = value;
                return true;
            }
        }
        scenario = Scenario.None;
        return false;
    }

    /// <summary>No names mean all of them.</summary>
    public static Scenario Parse(IReadOnlyList<string> names)
    {
        Scenario all = Scenario.None;
        foreach (string name in names)
        {
            if (!TryParse(name, out Scenario one))
            {
                throw new ArgumentException($"unknown scenario {name}; known: {string.Join(", ", Names)}", nameof(names));
            }
            all |= one;
        }
        return all == Scenario.None ? Scenario.All : all;
    }
}
