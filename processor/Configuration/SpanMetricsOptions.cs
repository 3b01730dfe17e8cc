using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;
using SpanMetrics.Semantics;
using YamlDotNet.Serialization;

namespace SpanMetrics.Configuration;

/// <summary>The configuration file: each room's section.</summary>
internal sealed class SpanMetricsOptions
{
    public KafkaOptions Kafka { get; init; } = new();

    public HttpOptions Http { get; init; } = new();

    public TelemetryOptions Telemetry { get; init; } = new();

    public AggregationOptions Limits { get; init; } = new();

    /// <summary>Whether a span whose trace state tells a sampling threshold (<c>ot=th:</c>) counts as many as it stands for. Default true.</summary>
    public bool AdjustedCounts { get; init; } = true;

    /// <summary>Where decisions of agentgateway are read that it tells twice, as spans and as records of its access log: <c>spans</c>, <c>logs</c> or <c>both</c>, each once. Default spans.</summary>
    public GatewayDecisions GatewayDecisions { get; init; }

    /// <summary>Emitters of the user's own, asked before those that the worker knows. Read by <see cref="EmitterReader"/>.</summary>
    [YamlIgnore]
    public EmitterRules[] Emitters { get; set; } = [];

    /// <summary>Attributes that a rule may take a label from although their keys say that they hold content, or tell who somebody is. Default none.</summary>
    public List<string> AllowContentAttributes { get; init; } = [];

    /// <summary>Whose names, labels, unit and buckets the metrics of all spans have: <c>default</c>, <c>collector</c> or <c>tempo</c>. See docs/profiles.md.</summary>
    public Profile Profile { get; init; }

    /// <summary>Attributes as labels: of the metrics of all spans, and of views that name them.</summary>
    public List<DimensionOptions> Dimensions { get; init; } = [];

    /// <summary>Changes to the default views, and views of the user's own, by their name.</summary>
    public Dictionary<string, ViewOptions> Views { get; init; } = [];

    public View[] BuildViews(Action<string, string>? reportError = null) => Aggregation.Views.Build(Views, reportError, Profile, Dimensions);

    /// <exception cref="ArgumentException">There are more attributes or tests than there is room for.</exception>
    public RuleBook BuildRules() => Emitters.Length == 0 && Dimensions.Count == 0
        ? Configuration.Emitters.Rules
        : new RuleBook([.. Emitters, .. Configuration.Emitters.BuiltIn], [.. Dimensions.ConvertAll(dimension => dimension.Attribute)]);
}
