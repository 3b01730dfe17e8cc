namespace SpanMetrics.Generator;

/// <summary>A model and how agents behave with it.</summary>
/// <param name="Client">kitelogik puts the name of its client class into gen_ai.system.</param>
/// <param name="ToolFinish">Finish reason of a turn that asks for a tool.</param>
/// <param name="EndFinish">Finish reason of the last turn.</param>
/// <param name="Misbehaves">Factor on the tools' share of denies.</param>
internal sealed record AgentModel(string Name, string Client, string ToolFinish, string EndFinish, double MedianMs, double Misbehaves)
{
    public byte[] ModelAttribute { get; } = SpanEncoder.Attribute("gen_ai.request.model", Name);

    public byte[] SystemAttribute { get; } = SpanEncoder.Attribute("gen_ai.system", Client);

    public byte[] ToolFinishAttribute { get; } = SpanEncoder.Attribute("gen_ai.response.finish_reason", ToolFinish);

    public byte[] EndFinishAttribute { get; } = SpanEncoder.Attribute("gen_ai.response.finish_reason", EndFinish);
}
