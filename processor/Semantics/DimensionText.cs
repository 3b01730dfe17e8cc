using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>How dimensions and their closed sets of values are spelled, in labels and in rules.</summary>
internal static class DimensionText
{
    public static readonly Dimension[] All = Enum.GetValues<Dimension>();

    public static readonly string[] Names = Array.ConvertAll(All, NameOf);

    public static readonly string[] SpanKinds = ["SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL", "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"];
    public static readonly string[] StatusCodes = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];
    public static readonly string[] Statuses = ["unset", "ok", "error"];

    /// <summary>Kinds of spans as rules spell them.</summary>
    public static readonly string[] KindWords = ["unspecified", "internal", "server", "client", "producer", "consumer"];

    public static readonly string[] RiskTiers = ["none", "INFORMATIONAL", "OPERATIONAL", "TRANSACTIONAL_LOW", "TRANSACTIONAL_HIGH", "DESTRUCTIVE", "SECURITY_CRITICAL"];
    public static readonly string[] Outcomes = ["none", "allow", "deny", "hitl", "rate_limited", "error"];

    public static readonly string[] Reasons =
    [
        "none", "policy", "approval", "credential", "engine_unavailable", "authorization", "authentication", "guardrail", "rate_limit", "mcp_policy", "upstream", "other",
    ];

    public static readonly string[] Classes = ["decision", "ignored", "sanitizer", "gateway", "mcp_server", "delegation", "tool", "llm", "agent", "other"];
    public static readonly string[] TokenTypes = ["input", "output", "cache_read", "cache_creation", "reasoning"];
    public static readonly string[] Booleans = ["false", "true"];
    public static readonly string[] Modifications = ["none", "unknown", "false", "true"];

    private static readonly byte[][][] ClosedBytes = Array.ConvertAll(All, dimension => Array.ConvertAll(ClosedValuesOf(dimension), Encoding.UTF8.GetBytes));

    /// <summary>The label's name by default; a view may rename it.</summary>
    public static string NameOf(Dimension dimension) => dimension switch
    {
        Dimension.ServiceName => "service_name",
        Dimension.SpanName => "span_name",
        Dimension.Agent => "agent",
        Dimension.Tool => "tool",
        Dimension.Model => "model",
        Dimension.Provider => "provider",
        Dimension.Operation => "operation",
        Dimension.Target => "target",
        Dimension.Event => "event",
        Dimension.Source => "source",
        Dimension.SpanKind => "span_kind",
        Dimension.StatusCode => "status_code",
        Dimension.Status => "status",
        Dimension.Deny => "deny",
        Dimension.RiskTier => "risk_tier",
        Dimension.Outcome => "outcome",
        Dimension.Reason => "reason",
        Dimension.TokenType => "token_type",
        Dimension.Modified => "modified",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "not a dimension"),
    };

    /// <summary>The values of a dimension that has a closed set of them, by index; empty for one that takes text.</summary>
    public static string[] ClosedValuesOf(Dimension dimension) => dimension switch
    {
        Dimension.SpanKind => SpanKinds,
        Dimension.StatusCode => StatusCodes,
        Dimension.Status => Statuses,
        Dimension.Deny => Booleans,
        Dimension.Modified => Modifications,
        Dimension.RiskTier => RiskTiers,
        Dimension.Outcome => Outcomes,
        Dimension.Reason => Reasons,
        Dimension.TokenType => TokenTypes,
        _ => [],
    };

    public static bool IsText(Dimension dimension) => dimension <= Dimension.Source;

    /// <summary>The value of a dimension that has a closed set of them, out of a word of <see cref="ClosedValues"/>.</summary>
    public static ReadOnlySpan<byte> ClosedBytesOf(Dimension dimension, int word) => ClosedBytes[(int)dimension][ClosedValues.ValueOf(word, dimension)];

    /// <summary>Case is forgiven; a tier that nobody knows is none.</summary>
    public static RiskTier ParseRiskTier(ReadOnlySpan<byte> text)
    {
        // By length first, and as kitelogik spells them: comparing all of them one by one takes as long as half an attribute.
        switch (text.Length)
        {
            case 11 when text.SequenceEqual("OPERATIONAL"u8):
                return RiskTier.Operational;
            case 11 when text.SequenceEqual("DESTRUCTIVE"u8):
                return RiskTier.Destructive;
            case 13 when text.SequenceEqual("INFORMATIONAL"u8):
                return RiskTier.Informational;
            case 17 when text.SequenceEqual("TRANSACTIONAL_LOW"u8):
                return RiskTier.TransactionalLow;
            case 17 when text.SequenceEqual("SECURITY_CRITICAL"u8):
                return RiskTier.SecurityCritical;
            case 18 when text.SequenceEqual("TRANSACTIONAL_HIGH"u8):
                return RiskTier.TransactionalHigh;
            case 0:
                return RiskTier.None;
            default:
                return ParseAnyCase(text);
        }
    }

    private static RiskTier ParseAnyCase(ReadOnlySpan<byte> text)
    {
        for (int tier = 1; tier < RiskTiers.Length; tier++)
        {
            if (Ascii.EqualsIgnoreCase(text, RiskTiers[tier]))
            {
                return (RiskTier)tier;
            }
        }

        return RiskTier.None;
    }
}
