using System.Text;
using SpanMetrics.Exposition;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;
using SpanMetrics.Pipeline;
using SpanMetrics.Tests.Support;
using SpanMetrics.Tests.Unit;

namespace SpanMetrics.Tests.Component;

/// <summary>
/// What people and models said, and what tools were given and gave, must not leave. Texts of their own are put into every place of
/// every capture that can hold text; none of them may be on a page, in a log or in what <c>explain</c> says.
/// </summary>
[Collection(ComponentGroup.Name)]
public sealed class CanaryTests : IDisposable
{
    private const int Turns = 6;

    // A topic of the mock cluster has four, and keeps 5 MiB of each.
    private const int Partitions = 4;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly TempFolder _folder = new();

    public static TheoryData<int> EachTurn => [.. Enumerable.Range(0, Turns)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_of_a_span_or_log_record_gets_out_but_its_names(bool inFront)
    {
        var canaries = new Canaries(seed: 1);

        var printed = Printed(record => (canaries.PlantContent(record.Bytes, record.Signal, inFront), record.Signal));

        Assert.True(canaries.Count >= 10_000, $"only {canaries.Count} planted");
        AssertNone(printed);
    }

    [Theory]
    [MemberData(nameof(EachTurn))]
    public void A_secret_in_the_place_of_a_name_is_shown_as_redacted(int turn)
    {
        var canaries = new Canaries(seed: 2);

        var printed = Printed(record => (canaries.PlantNames(record.Bytes, record.Signal, turn, Turns), record.Signal));

        Assert.True(canaries.Count >= 1_000, $"only {canaries.Count} planted");
        AssertNone(printed);
        Assert.Contains("\"redacted\"", printed, StringComparison.Ordinal);
    }

    /// <summary>So that the tests above can fail.</summary>
    [Theory]
    [InlineData("kitelogik.tool_name")]
    [InlineData("gen_ai.request.model")]
    [InlineData("service.name")]
    public void A_canary_in_a_name_is_found_if_it_does_not_look_like_a_secret(string key)
    {
        var printed = Printed(record => (Replaced(record.Bytes, key, record.Signal), record.Signal));

        Assert.True(Canaries.IsIn(printed));
    }

    [Fact]
    public async Task Replay_and_explain_say_nothing_of_them_on_either_output()
    {
        var canaries = new Canaries(seed: 3);
        string[] files =
        [
            Written("content.pb", CaptureRecords.All().Select(record => canaries.PlantContent(record.Bytes, record.Signal, inFront: false))),
            Written("names.pb", CaptureRecords.All().Select((record, index) => canaries.PlantNames(record.Bytes, record.Signal, index % Turns, Turns))),
            Written("broken.pb", BrokenRecords(canaries)),
        ];
        string[][] commands = [["replay"], ["replay", "--output", "openmetrics"], ["replay", "--output", "json"], ["explain"], ["explain", "--json"]];
        foreach (var command in commands)
        {
            var result = await ProgramUnderTest.RunAsync([.. command, .. files, "--format", "delimited"]);

            Assert.True(result.ExitCode == 0, result.Error);
            AssertNone(result.Output + result.Error);
            Assert.Contains("redacted", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_worker_says_nothing_of_them_on_its_pages_or_in_its_log()
    {
        var canaries = new Canaries(seed: 4);
        byte[][] records =
        [
            .. Spans().Select(record => canaries.PlantContent(record, Signal.Traces, inFront: true)),
            .. Spans().Select((record, index) => canaries.PlantNames(record, Signal.Traces, index % Turns, Turns)),
            .. BrokenRecords(canaries),
        ];
        using var kafka = new MockKafka();
        for (var i = 0; i < records.Length; i++)
        {
            await kafka.Writer.WriteAsync("canaries", records[i], i % Partitions);
        }
        await using var worker = Worker.Start(kafka.Brokers, "canaries", "canaries");

        await worker.PageAsync(page => page.Sum("spanmetrics_input_records_total") >= records.Length, Deadline, $"{records.Length} records on the page");

        var pages = await worker.TextAsync("/metrics") + await worker.TextAsync("/api/v1/status?window=start");
        AssertNone(pages);
        Assert.Contains("\"redacted\"", pages, StringComparison.Ordinal);
        AssertNone(worker.Log);
        Assert.Contains("Record canaries[", worker.Log, StringComparison.Ordinal); // it did have something to say
    }

    // Every page there is, of all captures after something was planted.
    private static string Printed(Func<(byte[] Bytes, Signal Signal), (byte[], Signal)> plant)
    {
        var sink = Unit.Printed.Sink();
        foreach (var (bytes, signal) in CaptureRecords.All().Select(plant))
        {
            Take(sink, bytes, signal);
        }
        var page = sink.Fold();
        using var json = new MemoryStream();
        JsonPageWriter.Write(page, json);
        return string.Concat(
            Unit.Printed.Text(page),
            Unit.Printed.Text(page, PageFormat.OpenMetrics),
            Encoding.UTF8.GetString(json.ToArray()),
            Unit.Printed.Status(page));
    }

    // The one place that knows how the pipeline is fed.
    private static void Take(ReplaySink sink, byte[] record, Signal signal)
    {
        _ = signal;
        sink.Take(record, isNull: false);
    }

    private static IEnumerable<byte[]> Spans() => CaptureRecords.All().Where(record => record.Signal == Signal.Traces).Select(record => record.Bytes);

    private static byte[] Replaced(byte[] record, string key, Signal signal)
    {
        List<WireNode> nodes = WireNode.Parse(record, WireShape.Of(signal));
        var canary = Encoding.UTF8.GetBytes(new Canaries(seed: 5).Plain());
        Replace(nodes);
        return WireNode.Write(nodes);

        void Replace(List<WireNode> message)
        {
            foreach (var value in message is [{ Number: 1, Type: WireType.Bytes } name, { Number: 2, Children: { } any }] && Encoding.UTF8.GetString(name.Bytes) == key ? any : [])
            {
                value.Bytes = canary;
            }
            message.ForEach(field => Replace(field.Children ?? []));
        }
    }

    // Cut, and with a byte that is wrong: what is said of them must not quote them.
    private static byte[][] BrokenRecords(Canaries canaries)
    {
        var whole = canaries.PlantContent(SpanCapture.Kitelogik("adapter-0.4.0").Records[0], Signal.Traces, inFront: true);
        return [whole[..40], whole[..^3], [.. whole[..(whole.Length / 2)], 0xFF, .. whole[(whole.Length / 2)..]], Encoding.UTF8.GetBytes($"{{\"resourceSpans\": \"{canaries.Plain()}")];
    }

    private string Written(string name, IEnumerable<byte[]> records)
    {
        var path = Path.Combine(_folder.Path, name);
        var to = new WireWriter();
        foreach (var record in records)
        {
            to.Varint((ulong)record.Length);
            to.Raw(record);
        }
        File.WriteAllBytes(path, to.Written.ToArray());
        return path;
    }

    private static void AssertNone(string printed)
    {
        var at = printed.IndexOf(Canaries.Mark, StringComparison.OrdinalIgnoreCase);
        Assert.True(at < 0, at < 0 ? "" : "planted, and printed: " + printed[Math.Max(0, at - 200)..Math.Min(printed.Length, at + 40)]);
    }
}
