using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SpanMetrics.Tests.Unit;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Tests.Support;

/// <summary>The spans and log records of a <see cref="Fact"/> as OTLP. Keys as in the conditions of rules: what is no part of a span is an attribute.</summary>
internal static class FactRecords
{
    private const string OfResource = "resource.";

    private static readonly string[] Kinds = ["unspecified", "internal", "server", "client", "producer", "consumer"];
    private static readonly string[] Statuses = ["unset", "ok", "error"];
    private static readonly string[] Own = ["scope", "name", "kind", "status", "message", "id", "parent", "trace", "state", "record", "seconds", "event", "again"];

    public static IReadOnlyList<byte[]> Traces(string fact, IReadOnlyList<YamlMappingNode> spans) => Records(spans, (span, number) => SpanOf(fact, span, number));

    public static IReadOnlyList<byte[]> Logs(string fact, IReadOnlyList<YamlMappingNode> records) => Records(records, (record, number) => LogRecordOf(fact, record, number));

    /// <summary>Empty when the key is not there.</summary>
    public static string Text(YamlMappingNode mapping, string key) => mapping.Children.TryGetValue(key, out var node) ? node.ToString() : "";

    // Requests one after another are one request with the spans of all.
    private static IReadOnlyList<byte[]> Records(IReadOnlyList<YamlMappingNode> items, Func<YamlMappingNode, int, byte[]> write) =>
    [
        .. items.Select((item, number) => (Record: Text(item, "record"), Bytes: InScope(item, write(item, number))))
            .GroupBy(item => item.Record, item => item.Bytes)
            .Select(record => OtlpBytes.Join([.. record])),
    ];

    private static byte[] InScope(YamlMappingNode item, byte[] written)
    {
        var resource = item.Children.Select(part => (Key: part.Key.ToString(), Value: part.Value.ToString()))
            .Where(part => part.Key.StartsWith(OfResource, StringComparison.Ordinal))
            .ToDictionary(part => part.Key[OfResource.Length..], part => part.Value);
        resource.TryAdd("service.name", "desk");
        return OtlpBytes.ResourceSpans(
            OtlpBytes.Resource([.. resource.Select(attribute => OtlpBytes.ResourceAttribute(attribute.Key, attribute.Value))]),
            OtlpBytes.ScopeSpans(OtlpBytes.Scope(Text(item, "scope")), written));
    }

    // message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; SpanKind kind = 6;
    //                fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15; }
    private static byte[] SpanOf(string fact, YamlMappingNode span, int number)
    {
        var start = 1_700_000_000_000_000_000 + ((ulong)number * 100_000_000_000);
        var took = Text(span, "seconds") is { Length: > 0 } seconds ? double.Parse(seconds, CultureInfo.InvariantCulture) : 1;
        return OtlpBytes.Span(
            Text(span, "name"),
            [
                OtlpBytes.Bytes(1, TraceId(fact, span)),
                OtlpBytes.Bytes(2, Id(Text(span, "id") is { Length: > 0 } id ? id : $"{number}")),
                OtlpBytes.Text(3, Text(span, "state")),
                Text(span, "parent") is { Length: > 0 } parent ? OtlpBytes.Bytes(4, Id(parent)) : [],
                OtlpBytes.Varint(6, (ulong)Index(Kinds, Text(span, "kind"), "internal")),
                OtlpBytes.Fixed64(7, start),
                OtlpBytes.Fixed64(8, start + (ulong)(took * 1e9)),
                .. Attributes(span, 9),
                OtlpBytes.Status(Index(Statuses, Text(span, "status"), "unset"), Text(span, "message")),
            ]);
    }

    // message LogRecord { repeated KeyValue attributes = 6; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
    private static byte[] LogRecordOf(string fact, YamlMappingNode record, int number) =>
        OtlpBytes.LogRecord(Text(record, "event"), [OtlpBytes.Bytes(9, TraceId(fact, record)), OtlpBytes.Bytes(10, Id($"{number}")), .. Attributes(record, 6)]);

    // `again` repeats keys that are there.
    private static IEnumerable<byte[]> Attributes(YamlMappingNode item, int field)
    {
        IEnumerable<KeyValuePair<YamlNode, YamlNode>> again = item.Children.TryGetValue("again", out var node) ? ((YamlMappingNode)node).Children : [];
        return item.Children
            .Where(part => !Own.Contains(part.Key.ToString()) && !part.Key.ToString().StartsWith(OfResource, StringComparison.Ordinal))
            .Concat(again)
            .Select(part => OtlpBytes.Bytes(field, OtlpBytes.Text(1, Key(part.Key.ToString())), OtlpBytes.Bytes(2, ValueOf(part.Value))));
    }

    private static string Key(string key) => key.StartsWith("attribute.", StringComparison.Ordinal) ? key["attribute.".Length..] : key;

    // message AnyValue { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; }
    private static byte[] ValueOf(YamlNode node)
    {
        if (node is YamlSequenceNode list)
        {
            return OtlpBytes.Bytes(5, [.. list.Children.Select(item => OtlpBytes.Bytes(1, ValueOf(item)))]);
        }

        var scalar = (YamlScalarNode)node;
        var text = scalar.Value ?? "";
        return scalar.Style != ScalarStyle.Plain ? OtlpBytes.Text(1, text)
            : text is "true" or "false" ? OtlpBytes.Varint(2, text == "true" ? 1u : 0u)
            : long.TryParse(text, CultureInfo.InvariantCulture, out var whole) ? OtlpBytes.Varint(3, (ulong)whole)
            : double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? OtlpBytes.Fixed64(4, BitConverter.DoubleToUInt64Bits(number))
            : OtlpBytes.Text(1, text);
    }

    private static int Index(string[] words, string word, string usual)
    {
        var index = Array.IndexOf(words, word.Length == 0 ? usual : word);
        Assert.True(index >= 0, word);
        return index;
    }

    // Facts have traces of their own: no two of them meet, whatever is read together.
    private static byte[] TraceId(string fact, YamlMappingNode item) => SHA256.HashData(Encoding.UTF8.GetBytes($"{fact}/{Text(item, "trace")}"))[..16];

    private static byte[] Id(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name))[..8];
}
