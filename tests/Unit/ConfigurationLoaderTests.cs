using SpanMetrics.Configuration;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_any_source_there_are_the_defaults()
    {
        SpanMetricsOptions options = ConfigurationLoader.Load(null, [], Nothing);

        Assert.Equal(("127.0.0.1:9092", "spanmetrics"), (options.Kafka.BootstrapServers, options.Kafka.GroupId));
        Assert.Equal(["otlp_spans"], options.Kafka.Topics.Traces);
        Assert.Equal(["otlp_logs"], options.Kafka.Topics.Logs);
        Assert.Equal("127.0.0.1:9464", options.Http.Listen);
        Assert.Equal((100_000, 200_000, 64 * 1024 * 1024), (options.Limits.Series, options.Limits.LabelValues, options.Limits.RecordBytes));
        Assert.True(options.AdjustedCounts);
        Assert.Empty(options.Kafka.Client);
        Assert.Empty(options.Views);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("kafka:\nviews:\n")]
    public void An_empty_file_or_section_changes_nothing(string yaml) =>
        Assert.Equal("spanmetrics", FromFile(yaml).Kafka.GroupId);

    [Fact]
    public void The_environment_wins_over_the_file_and_set_wins_over_both()
    {
        const string yaml = "kafka:\n  bootstrap_servers: file\n  group_id: file\n  topics:\n    traces: [file]\nlimits:\n  series: 5\n";
        string file = _folder.Write("c.yaml", yaml);
        var environment = new Dictionary<string, string>
        {
            ["SPANMETRICS__KAFKA__GROUP_ID"] = "environment",
            ["SPANMETRICS__KAFKA__TOPICS__TRACES"] = "[environment, second]",
            ["SPANMETRICS__LIMITS__SERIES"] = "6",
            ["KAFKA__GROUP_ID"] = "of somebody else",
        };

        SpanMetricsOptions options = ConfigurationLoader.Load(file, ["limits.series=7", "limits.series=8"], environment);

        Assert.Equal(("file", "environment"), (options.Kafka.BootstrapServers, options.Kafka.GroupId));
        Assert.Equal(["environment", "second"], options.Kafka.Topics.Traces);
        Assert.Equal(8, options.Limits.Series);
    }

    [Theory]
    [InlineData("kafka:\n  gruop_id: x\n", ":2", "kafka.gruop_id", "group_id")]
    [InlineData("\n\nhttps:\n  listen: x\n", ":3", "https", "http")]
    [InlineData("limits:\n  series: 5\n  label_value: 100\n", ":3", "limits.label_value", "label_values")]
    [InlineData("views:\n  agent_decisions:\n    lables: {}\n", ":3", "views.agent_decisions.lables", "labels")]
    public void An_unknown_key_is_told_with_its_place_and_the_key_that_was_meant(string yaml, string line, string key, string meant)
    {
        string file = _folder.Write("c.yaml", yaml);
        string error = Assert.Single(Errors(file));

        Assert.StartsWith($"{file}{line}: ", error, StringComparison.Ordinal);
        Assert.Contains($"\"{key}\"", error, StringComparison.Ordinal);
        Assert.Contains($"\"{meant}\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_like_no_other_is_told_with_all_there_are()
    {
        string error = Assert.Single(Errors(null, "kafka.brokerlist=x"));

        Assert.Contains("bootstrap_servers, group_id, consumers, topics, client", error, StringComparison.Ordinal);
        Assert.Contains("--set kafka.brokerlist", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limits:\n  series: many\n", "limits.series must be a whole number, not \"many\"")]
    [InlineData("limits:\n  series: 1.5\n", "limits.series must be a whole number")]
    [InlineData("limits:\n  series: [1]\n", "limits.series must be a single value")]
    [InlineData("limits: 5\n", "limits must be a mapping")]
    [InlineData("adjusted_counts: maybe\n", "adjusted_counts must be true or false, not \"maybe\"")]
    [InlineData("views:\n  agent_decisions:\n    enabled: [true]\n", "views.agent_decisions.enabled must be a single value")]
    [InlineData("kafka:\n  topics:\n    traces: otlp_spans\n", "kafka.topics.traces must be a list")]
    [InlineData("kafka:\n  group_id: {a: b}\n", "kafka.group_id must be a single value")]
    [InlineData("kafka:\n  client: [a]\n", "kafka.client must be a mapping")]
    [InlineData("kafka:\n  client:\n    debug: [a]\n", "kafka.client.debug must be a single value")]
    [InlineData("- a\n", "the configuration must be a mapping")]
    [InlineData("kafka: {\n", "not YAML")]
    [InlineData("kafka:\n\tgroup_id: x\n", "not YAML")]
    [InlineData("kafka:\n  group_id: a\n  group_id: b\n", "not YAML")]
    public void A_value_of_another_type_is_told_with_its_place(string yaml, string problem)
    {
        string file = _folder.Write("c.yaml", yaml);
        string error = Assert.Single(Errors(file));

        Assert.StartsWith(file + ":", error, StringComparison.Ordinal);
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limits.series=0", "limits.series: 0 is outside 1 to 10000000")]
    [InlineData("limits.label_values=99", "limits.label_values: 99 is outside 100 to 10000000")]
    [InlineData("limits.record_bytes=1023", "limits.record_bytes: 1023 is outside 1024 to 2147483647")]
    [InlineData("limits.record_bytes=2147483648", "limits.record_bytes must be a whole number")]
    [InlineData("kafka.group_id=", "kafka.group_id: must not be empty")]
    [InlineData("kafka.topics={traces: [], logs: []}", "kafka.topics: needs at least one topic")]
    [InlineData("kafka.topics.traces=[a, a]", "kafka.topics.traces[1]: \"a\" is named twice")]
    [InlineData("kafka.topics.traces=[otlp_logs]", "kafka.topics.logs[0]: \"otlp_logs\" is named twice")]
    [InlineData("kafka.topics.logs=['']", "kafka.topics.logs[0]: must not be empty")]
    [InlineData("kafka.topics.logs=[^otlp_.*]", "kafka.topics.logs[0]: \"^otlp_.*\" is a pattern")]
    [InlineData("kafka.topics.log=[a]", "unknown key \"kafka.topics.log\"")]
    [InlineData("nonsense", "expected KEY=VALUE")]
    [InlineData("=x", "expected KEY=VALUE")]
    [InlineData("kafka.topics.traces=[a", "kafka.topics.traces must be a list")]
    [InlineData("kafka.client.enable.partition.eof=true", "kafka.client.enable.partition.eof")]
    [InlineData("kafka.client.metadata.broker.list=x", "use kafka.bootstrap_servers")]
    [InlineData("kafka.client.dotnet.consumer.consume.result.fields=none", "kafka.client.dotnet.consumer")]
    [InlineData("kafka.client.fetch.min.byte=5", "fetch.min.byte")]
    [InlineData("kafka.client.group.id=x", "use kafka.group_id")]
    [InlineData("http.scrapers={a: {}}", "http.scrapers.a: an address or a user must say who this is")]
    [InlineData("http.scrapers={a: {address: here}}", "http.scrapers.a.address: \"here\" is neither an address nor a range")]
    [InlineData("http.scrapers={a: {user: me}}", "http.scrapers.a.user: nobody is asked for a name without http.web_config")]
    [InlineData("kafka.client.enable.auto.commit=true", "kafka.client.enable.auto.commit")]
    public void A_value_that_makes_no_sense_is_told(string set, string problem) =>
        Assert.Contains(problem, Assert.Single(Errors(null, set)), StringComparison.Ordinal);

    [Fact]
    public void A_topic_of_both_signals_is_told_where_it_is_named_again()
    {
        string file = _folder.Write("c.yaml", "kafka:\n  topics:\n    traces: [a, both]\n    logs:\n      - b\n      - both\n");

        Assert.StartsWith($"{file}:6: kafka.topics.logs[1]: \"both\"", Assert.Single(Errors(file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kafka.topics.traces=[]")]
    [InlineData("kafka.topics.logs=[]")]
    [InlineData("kafka.topics.traces=[^otlp_.*]")]
    public void One_signal_alone_or_a_pattern_for_traces_is_taken(string set) => ConfigurationLoader.Load(null, [set], Nothing);

    [Theory]
    [InlineData("9464")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:port")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("example.com:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("[::1]")]
    [InlineData("::1")]
    [InlineData("fe80::1:9464")]   // an address whose last group is no port
    public void A_listen_address_without_an_address_and_a_port_is_refused(string listen) =>
        Assert.Contains("http.listen", Assert.Single(Errors(null, $"http.listen={listen}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("0.0.0.0:9464")]
    [InlineData("[::1]:9464")]
    [InlineData("localhost:9464")]
    [InlineData(":9464")]
    public void A_listen_address_with_an_address_and_a_port_is_taken(string listen) =>
        Assert.Equal(listen, ConfigurationLoader.Load(null, [$"http.listen={listen}"], Nothing).Http.Listen);

    [Theory]
    [InlineData("@x")]
    [InlineData("{x")]
    [InlineData("hun #ter2")]
    [InlineData("a: b")]
    public void A_password_is_taken_as_it_is_typed(string password)
    {
        SpanMetricsOptions options = ConfigurationLoader.Load(null, [$"kafka.client.sasl.password={password}"], Nothing);

        Assert.Equal(password, options.Kafka.Client["sasl.password"]);
    }

    [Fact]
    public void A_mistake_in_a_password_does_not_print_it() =>
        Assert.DoesNotContain("hunter2", Assert.Single(Errors(null, "kafka.clent.sasl.password=hunter2")), StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_of_all_sources_are_told_at_once()
    {
        string file = _folder.Write("c.yaml", "kafak: {}\nlimits:\n  series: many\n");
        ConfigurationException refusal = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(
            file, ["nonsense", "http.listne=x"], new Dictionary<string, string> { ["SPANMETRICS__KAFKA__GROUPID"] = "x" }));

        Assert.Equal(5, refusal.Errors.Count);
        Assert.All(refusal.Errors, error => Assert.Contains(error, refusal.Message, StringComparison.Ordinal));
        Assert.Contains(refusal.Errors, error => error.Contains("environment variable SPANMETRICS__KAFKA__GROUPID", StringComparison.Ordinal));
    }

    [Fact]
    public void A_misspelled_key_and_a_value_without_sense_are_told_at_once()
    {
        IReadOnlyList<string> errors = Errors(null, "kafak.group_id=x", "http.listen=nowhere", "limits.series=0", "views.agent_decisions.labels.tool=job");

        Assert.Equal(4, errors.Count);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told()
    {
        string file = Path.Combine(_folder.Path, "none.yaml");

        Assert.StartsWith(file, Assert.Single(Errors(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_librdkafka_keep_their_dots_in_every_source()
    {
        string file = _folder.Write("c.yaml", "kafka:\n  client:\n    security.protocol: SSL\n    fetch.wait.max.ms: 5\n    debug: cgrp\n");
        var environment = new Dictionary<string, string>
        {
            ["SPANMETRICS__KAFKA__CLIENT__FETCH_WAIT_MAX_MS"] = "6",
            ["SPANMETRICS__KAFKA__CLIENT__CLIENT_RACK"] = "a",
        };

        SpanMetricsOptions options = ConfigurationLoader.Load(file, ["kafka.client.security.protocol=PLAINTEXT", "kafka.client.check.crcs=true"], environment);

        Assert.Equal(
            ["check.crcs=true", "client.rack=a", "debug=cgrp", "fetch.wait.max.ms=6", "security.protocol=PLAINTEXT"],
            options.Kafka.Client.Select(setting => $"{setting.Key}={setting.Value}").Order(StringComparer.Ordinal));
    }

    private SpanMetricsOptions FromFile(string yaml) => ConfigurationLoader.Load(_folder.Write("c.yaml", yaml), [], Nothing);

    private static IReadOnlyList<string> Errors(string? file, params string[] sets) =>
        Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(file, sets, Nothing)).Errors;
}
