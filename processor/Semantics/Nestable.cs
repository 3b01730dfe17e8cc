namespace SpanMetrics.Semantics;

/// <summary>What decides whether one span lies inside another as a part of the same call.</summary>
/// <param name="Class">A model call, or a tool call.</param>
/// <param name="Service">Its symbol.</param>
/// <param name="Tool">Its symbol; less than 0 where the span names none.</param>
/// <param name="HasMcpMethod">It carries a call to an MCP server.</param>
internal readonly record struct Nestable(SpanClass Class, int Service, int Tool, bool HasMcpMethod)
{
    public static Nestable Of(RecordSpans spans, in CallSpan call) =>
        Of(call.Plan.Class, call.Plan.HasMcpMethod, spans[call.Span].Text, call.Weak);

    public static Nestable Of(in RememberedCall call) => Of(call.Class, call.HasMcpMethod, call.Text, call.Weak);

    /// <summary>A model call in a model call; a tool call in a tool call, if it is the same tool: a tool run inside another is a call of its own.</summary>
    public bool LiesIn(in Nestable outer) =>
        Class == outer.Class && Service == outer.Service
        && (Class != SpanClass.Tool || HasMcpMethod || Tool < 0 || outer.Tool < 0 || Tool == outer.Tool);

    private static Nestable Of(SpanClass kind, bool hasMcpMethod, in ClassifiedSpan.Symbols text, uint weak) =>
        new(kind, text[(int)Dimension.ServiceName], (weak & (1u << (int)Dimension.Tool)) != 0 ? -1 : text[(int)Dimension.Tool], hasMcpMethod);
}
