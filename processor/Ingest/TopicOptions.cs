namespace SpanMetrics.Ingest;

/// <summary>Which topics carry which signal, as a collector's Kafka exporter writes them (<c>otlp_proto</c>). One of the lists may be empty.</summary>
internal sealed class TopicOptions
{
    public List<string> Traces { get; init; } = ["otlp_spans"];

    /// <summary>
    /// A topic that does not exist costs a warning at the start and is not created; it is read some minutes after it has come into being
    /// (librdkafka's <c>topic.metadata.refresh.interval.ms</c>). So the default does no harm where there are no logs.
    /// </summary>
    public List<string> Logs { get; init; } = ["otlp_logs"];

    /// <param name="report">Gets the path of each mistake and what is wrong.</param>
    public void Check(Action<string, string> report)
    {
        if (Traces.Count + Logs.Count == 0)
        {
            report("kafka.topics", "needs at least one topic, in traces or in logs");
        }

        var seen = new HashSet<string>();
        Check("kafka.topics.traces", Traces);
        Check("kafka.topics.logs", Logs);

        void Check(string path, List<string> topics)
        {
            for (int i = 0; i < topics.Count; i++)
            {
                string topic = topics[i];
                string? problem =
                    topic.Length == 0 ? "must not be empty"
                    : !seen.Add(topic) ? $"\"{topic}\" is named twice; a topic carries one signal"
                    // A record's signal is told by its topic's name, and librdkafka takes one with ^ for a regular expression.
                    : topics == Logs && topic[0] == '^' ? $"\"{topic}\" is a pattern; topics of logs are named one by one"
                    : null;
                if (problem is not null)
                {
                    report($"{path}[{i}]", problem);
                }
            }
        }
    }
}
