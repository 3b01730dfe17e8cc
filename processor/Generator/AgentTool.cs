namespace SpanMetrics.Generator;

/// <summary>A tool and what the policies make of it.</summary>
/// <param name="Deny">Share denied by policy, times the model's own factor.</param>
/// <param name="Hold">Share held for a human in scenario `approval`.</param>
/// <param name="MedianMs">Of the tool's own run.</param>
internal sealed record AgentTool(string Name, string RiskTier, double Deny, double Hold, double MedianMs)
{
    public byte[] GateAttributes { get; } =
        [.. SpanEncoder.Attribute("kitelogik.action", Name), .. SpanEncoder.Attribute("kitelogik.tool_name", Name)];

    public byte[] AdapterAttributes { get; } =
        [.. SpanEncoder.Attribute("kitelogik.tool.name", Name), .. SpanEncoder.Attribute("kitelogik.tool.action", Name)];

    /// <summary>What the policies can say of this tool.</summary>
    public ToolVerdicts Verdicts { get; } = new(RiskTier);
}
