using SpanMetrics.Otlp;

namespace SpanMetrics.Generator;

/// <summary>One deployed agent: its own service, tools and models. What occurs twice in a list is taken twice as often.</summary>
internal sealed record AgentService(string Name, string Namespace, string UserRole, AgentTool[] Tools, AgentModel[] Models)
{
    public byte[] UserRoleAttribute { get; } = SpanEncoder.Attribute("kitelogik.user_role", UserRole);

    /// <summary>The whole field `resource` of ResourceSpans.</summary>
    public byte[] Resource { get; } = EncodeResource(Name, Namespace);

    // message ResourceSpans { Resource resource = 1; ... }
    // message Resource { repeated KeyValue attributes = 1; }
    private static byte[] EncodeResource(string name, string serviceNamespace)
    {
        var to = new WireWriter();
        int resource = to.Begin(1);
        SpanEncoder.WriteAttribute(to, 1, "telemetry.sdk.language", "python");
        SpanEncoder.WriteAttribute(to, 1, "telemetry.sdk.name", "opentelemetry");
        SpanEncoder.WriteAttribute(to, 1, "telemetry.sdk.version", "1.45.2");
        SpanEncoder.WriteAttribute(to, 1, "service.namespace", serviceNamespace);
        SpanEncoder.WriteAttribute(to, 1, "service.name", name);
        to.End(resource);
        return to.Written.ToArray();
    }
}
