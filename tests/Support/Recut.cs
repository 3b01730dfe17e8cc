using Google.Protobuf;
using SpanMetrics.Oracle.Otlp;

namespace SpanMetrics.Tests.Support;

/// <summary>The spans of a capture in other records than they were sent in.</summary>
internal static class Recut
{
    private const int MeanSpans = 6;

    /// <summary>Cut anywhere, in the order in which the spans ended: that in which an exporter gets them.</summary>
    public static IReadOnlyList<byte[]> AtRandom(IEnumerable<byte[]> records, int seed)
    {
        var random = new Random(seed);
        var cut = new List<List<byte>>();
        foreach (var span in Singles(records).OrderBy(span => SpanOf(span).EndTimeUnixNano))
        {
            if (cut.Count == 0 || random.Next(MeanSpans) == 0)
            {
                cut.Add([]);
            }

            cut[^1].AddRange(span.ToByteArray()); // requests one after another are one request with the spans of all
        }

        return [.. cut.Select(record => record.ToArray())];
    }

    /// <summary>Every span in a record of its own, after all that it is the parent of.</summary>
    public static IReadOnlyList<byte[]> ChildrenFirst(IEnumerable<byte[]> records)
    {
        var spans = Singles(records).ToList();
        var children = spans.ToLookup(span => (SpanOf(span).TraceId, SpanOf(span).ParentSpanId));
        var known = spans.Select(span => (SpanOf(span).TraceId, SpanOf(span).SpanId)).ToHashSet();
        var ordered = new List<byte[]>();
        foreach (var top in spans.Where(span => !known.Contains((SpanOf(span).TraceId, SpanOf(span).ParentSpanId))))
        {
            Add(top);
        }

        Assert.Equal(spans.Count, ordered.Count);
        return ordered;

        void Add(TracesData span)
        {
            foreach (var child in children[(SpanOf(span).TraceId, SpanOf(span).SpanId)])
            {
                Add(child);
            }

            ordered.Add(span.ToByteArray());
        }
    }

    private static IEnumerable<TracesData> Singles(IEnumerable<byte[]> records) =>
        from record in records
        from resource in TracesData.Parser.ParseFrom(record).ResourceSpans
        from scope in resource.ScopeSpans
        from span in scope.Spans
        select Single(resource, scope, span);

    private static TracesData Single(ResourceSpans resource, ScopeSpans scope, Span span) => new()
    {
        ResourceSpans =
        {
            new ResourceSpans { Resource = resource.Resource, ScopeSpans = { new ScopeSpans { Scope = scope.Scope, Spans = { span } } } },
        },
    };

    private static Span SpanOf(TracesData single) => single.ResourceSpans[0].ScopeSpans[0].Spans[0];
}
