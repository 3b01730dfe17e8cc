using SpanMetrics.Ingest;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Properties;

/// <summary>Nothing that a record holds may end the loop over records: it would be read again, for ever.</summary>
public sealed class HostilePipelineTests
{
    private const int Mutations = 60_000;

    [Theory]
    [InlineData(1, GatewayDecisions.Spans)]
    [InlineData(2, GatewayDecisions.Logs)]
    [InlineData(3, GatewayDecisions.Both)]
    internal void Broken_records_of_all_emitters_are_counted_and_never_thrown(int seed, GatewayDecisions gatewayDecisions)
    {
        var random = new Random(seed);
        (byte[] Bytes, RecordSignal Signal)[] records =
        [
            .. SpanCapture.Names.Select(SpanCapture.Of).SelectMany(capture => capture.Records.Select(record => (record, RecordSignal.Traces))
                .Concat(capture.LogRequests.Select(record => (record, RecordSignal.Logs)))),
        ];
        var sink = new ReplaySink(Printed.Options with { GatewayDecisions = gatewayDecisions });
        for (int i = 0; i < Mutations; i++)
        {
            (byte[] bytes, RecordSignal signal) = records[random.Next(records.Length)];
            sink.Take(Mutated(bytes, random), isNull: false, signal);
        }

        Assert.Equal(Mutations, sink.Input.Records);
    }

    [Theory]
    [InlineData("{\"status\":\"\\ud800\",\"tool\":\"a\"}")]
    [InlineData("{\"status\":\"confirmation_requested\",\"tool\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1,\"status\":\"x\",\"tool\":\"a\"}")]
    [InlineData("{\"status\":")]
    public void Content_that_is_no_text_decides_nothing(string answer)
    {
        byte[] record = Record(
            "desk", "gcp.vertex.agent", Span("execute_tool a", Attribute("gen_ai.operation.name", "execute_tool"), Attribute("gcp.vertex.agent.tool_response", answer)));

        Assert.Equal("none", Decoded.SpanOf(record).Outcome);
    }

    internal static byte[] Mutated(byte[] record, Random random)
    {
        byte[] bytes = [.. record];
        for (int i = random.Next(1, 30); i > 0; i--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                default:
                    int length = Math.Min(random.Next(64), bytes.Length - at);
                    bytes.AsSpan(at, length).CopyTo(bytes.AsSpan(random.Next(bytes.Length - length + 1)));
                    break;
            }
        }

        return bytes;
    }
}
