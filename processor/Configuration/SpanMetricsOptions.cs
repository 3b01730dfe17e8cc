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

    /// <summary>Which buckets the protobuf format has: those of the views (<c>classic</c>), exponential ones (<c>native</c>), or <c>both</c>. Default classic.</summary>
    public Histograms Histograms { get; init; }

    /// <summary>Whether OpenMetrics and protobuf lead to denied and slow spans, by trace and span id. Default true.</summary>
    public bool Exemplars { get; init; } = true;

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

    public View[] BuildViews(Action<string, string>? reportError = null) =>
        Array.ConvertAll(Aggregation.Views.Build(Views, reportError, Profile, Dimensions), view => view with { Histograms = Histograms });

    /// <exception cref="ArgumentException">There are more attributes or tests than there is room for.</exception>
    public RuleBook BuildRules() => Emitters.Length == 0 && Dimensions.Count == 0
        ? Configuration.Emitters.Rules
        : new RuleBook([.. Emitters, .. Configuration.Emitters.BuiltIn], [.. Dimensions.ConvertAll(dimension => dimension.Attribute)]);

    /// <summary>What is no mistake, and may surprise. Which Prometheus asks, and with which switches, it does not tell.</summary>
    public IEnumerable<string> Pitfalls()
    {
        if (Histograms != Histograms.Classic)
        {
            string name = Histograms == Histograms.Native ? "native" : "both";
            yield return $"histograms: {name}: a Prometheus that asks for protobuf and does not take native histograms loses every duration, mostly without an error: " +
                "set --enable-feature=native-histograms (2.40 to 3.7) or scrape_native_histograms: true (3.8 and later), also beside created-timestamp-zero-ingestion";
        }

        if (Histograms == Histograms.Both)
        {
            yield return "histograms: both: beside native histograms a Prometheus keeps _bucket series only with scrape_classic_histograms: true (2.45 and later) " +
                "or always_scrape_classic_histograms: true (3.0 and later)";
        }

        if (Http.CreatedTimestamps)
        {
            yield return "http.created_timestamps: true: a Prometheus before 3.0, or without created-timestamp-zero-ingestion, keeps each _created sample as a series more";
        }
    }
}
