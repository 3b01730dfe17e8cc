using System.Text.Json;
using SpanMetrics.Generator;
using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Unit;

public sealed class AgentTrafficTests
{
    private const ulong Now = 1_800_000_000_000_000_000;

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        Assert.Equal(Batches(7, [200, 1, 37, 1_000], Now), Batches(7, [200, 1, 37, 1_000], Now));
        Assert.NotEqual(Batches(7, [200], Now), Batches(8, [200], Now));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    [InlineData(5_000)]
    public void A_batch_has_exactly_the_spans_asked_for(int spans)
    {
        var traffic = new AgentTraffic(3, []);
        var to = new WireWriter();
        for (int batch = 1; batch <= 20; batch++)
        {
            to.Clear();

            Assert.Equal(spans, traffic.WriteBatch(to, spans, Now));
            Assert.Equal(spans, SpansIn(to.Written));
            Assert.Equal(batch, traffic.Summary.Records);
            Assert.Equal((long)batch * spans, traffic.Summary.Spans);
        }
    }

    [Fact]
    public void Counts_depend_on_the_number_of_spans_only()
    {
        Assert.Equal(Counts(5, 30_000, 200, Now), Counts(5, 30_000, 30_000, Now / 2));
        Assert.Equal(Counts(5, 30_000, 200, Now), Counts(5, 30_000, 125, Now));
    }

    [Fact]
    public void All_scenarios_together_show_every_outcome_reason_tier_and_event()
    {
        AgentTraffic traffic = Driven(1, [], 100_000);

        Assert.Equal(["allow", "deny", "error", "hitl"], Values(traffic, row => row.Outcome));
        Assert.Equal(["approval", "credential", "engine_unavailable", "none", "other", "policy"], Values(traffic, row => row.Reason));
        Assert.Equal(
            ["DESTRUCTIVE", "INFORMATIONAL", "OPERATIONAL", "SECURITY_CRITICAL", "TRANSACTIONAL_HIGH", "TRANSACTIONAL_LOW", "none"],
            Values(traffic, row => row.RiskTier));
        Assert.Equal(["agent.budget", "agent.delegate", "agent.plan", "agent.spawn", "tool_call"], Values(traffic, row => row.Event));
        Assert.Equal(5, Values(traffic, row => row.ServiceName).Count);
        Assert.Equal(5, Values(traffic, row => row.Model).Count);
        Assert.Equal(13, Values(traffic, row => row.Tool).Count);   // twelve, and none
    }

    [Theory]
    [InlineData("engine-down", "deny", "engine_unavailable")]
    [InlineData("credential", "deny", "credential")]
    [InlineData("approval", "hitl", "approval")]
    [InlineData("gate-error", "error", "other")]
    public void A_scenario_without_normal_is_all_there_is(string scenario, string outcome, string reason)
    {
        AgentTraffic traffic = Driven(1, [scenario], 2_000);

        Assert.Equal([outcome], Values(traffic, row => row.Outcome));
        Assert.Equal([reason], Values(traffic, row => row.Reason));
    }

    [Fact]
    public void Normal_traffic_is_allowed_or_denied_by_policy()
    {
        AgentTraffic traffic = Driven(1, ["normal"], 30_000);

        Assert.Equal(["none", "policy"], Values(traffic, row => row.Reason));
    }

    /// <summary>At 500 spans/s, so that someone who watches for a minute sees it come and go.</summary>
    [Fact]
    public void The_engine_is_down_within_ten_seconds_and_again_within_a_minute()
    {
        var traffic = new AgentTraffic(1, []);
        var to = new WireWriter();
        var perSecond = new List<long>();
        long before = 0;
        for (int second = 0; second < 60; second++)
        {
            to.Clear();
            traffic.WriteBatch(to, 500, Now);
            long down = 0;
            foreach ((Decision row, long count) in traffic.Summary.Decisions)
            {
                down += row.Reason == "engine_unavailable" ? count : 0;
            }
            perSecond.Add(down - before);
            before = down;
        }

        int first = perSecond.FindIndex(count => count > 0);
        int calm = perSecond.FindIndex(first, count => count == 0);
        Assert.InRange(first, 1, 9);
        Assert.InRange(calm, first + 1, 20);
        Assert.True(perSecond.FindIndex(calm, count => count > 0) > calm);
    }

    [Fact]
    public void An_unknown_scenario_is_refused_with_the_known_ones()
    {
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => new AgentTraffic(1, ["normal", "storm"]));

        Assert.Contains("storm", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("engine-down", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_summary_says_deny_exactly_where_the_outcome_is_deny_and_adds_up()
    {
        AgentTraffic traffic = Driven(1, [], 50_000);
        using var bytes = new MemoryStream();
        traffic.Summary.WriteJson(bytes);
        using JsonDocument json = JsonDocument.Parse(bytes.ToArray());
        JsonElement rows = json.RootElement.GetProperty("expect").GetProperty("agent_decisions_total");
        long total = 0;
        long denies = 0;
        foreach (JsonElement row in rows.EnumerateArray())
        {
            long value = row.GetProperty("value").GetInt64();
            bool deny = row.GetProperty("deny").GetString() == "true";
            Assert.Equal(row.GetProperty("outcome").GetString() == "deny", deny);
            Assert.Equal(row.GetProperty("service_name").GetString(), row.GetProperty("agent").GetString());
            total += value;
            denies += deny ? value : 0;
        }

        long counted = 0;
        foreach (long count in traffic.Summary.Decisions.Values)
        {
            counted += count;
        }
        Assert.Equal(counted, total);
        foreach (JsonProperty label in json.RootElement.GetProperty("denies").EnumerateObject())
        {
            long sum = 0;
            foreach (JsonProperty value in label.Value.EnumerateObject())
            {
                sum += value.Value.GetInt64();
            }
            Assert.Equal(denies, sum);
        }
    }

    private static byte[] Batches(int seed, int[] sizes, ulong now)
    {
        var traffic = new AgentTraffic(seed, []);
        var to = new WireWriter();
        foreach (int size in sizes)
        {
            traffic.WriteBatch(to, size, now);
        }
        return to.Written.ToArray();
    }

    private static AgentTraffic Driven(int seed, string[] scenarios, int spans)
    {
        var traffic = new AgentTraffic(seed, scenarios);
        traffic.WriteBatch(new WireWriter(), spans, Now);
        return traffic;
    }

    private static Dictionary<Decision, long> Counts(int seed, int spans, int batch, ulong now)
    {
        var traffic = new AgentTraffic(seed, []);
        var to = new WireWriter();
        for (int sent = 0; sent < spans; sent += batch)
        {
            to.Clear();
            traffic.WriteBatch(to, batch, now + (ulong)sent);
        }
        return new Dictionary<Decision, long>(traffic.Summary.Decisions);
    }

    private static SortedSet<string> Values(AgentTraffic traffic, Func<Decision, string> label)
    {
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (Decision row in traffic.Summary.Decisions.Keys)
        {
            values.Add(label(row));
        }
        return values;
    }

    // message TracesData { repeated ResourceSpans resource_spans = 1; }, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2
    private static int SpansIn(ReadOnlySpan<byte> traces)
    {
        int spans = 0;
        while (TakeField(ref traces, out int resourceField, out ReadOnlySpan<byte> resourceSpans))
        {
            Assert.Equal(1, resourceField);
            while (TakeField(ref resourceSpans, out int scopeField, out ReadOnlySpan<byte> scopeSpans))
            {
                while (scopeField == 2 && TakeField(ref scopeSpans, out int field, out _))
                {
                    spans += field == 2 ? 1 : 0;
                }
            }
        }
        return spans;
    }

    /// <summary>For messages with nothing but length-delimited fields.</summary>
    private static bool TakeField(ref ReadOnlySpan<byte> from, out int field, out ReadOnlySpan<byte> body)
    {
        field = 0;
        body = default;
        if (from.IsEmpty)
        {
            return false;
        }
        Assert.Equal(2, from[0] & 7);
        field = from[0] >> 3;
        int length = 0;
        int at = 1;
        int shift = 0;
        do
        {
            length |= (from[at] & 0x7F) << shift;
            shift += 7;
        }
        while (from[at++] >= 0x80);
        body = from.Slice(at, length);
        from = from[(at + length)..];
        return true;
    }
}
