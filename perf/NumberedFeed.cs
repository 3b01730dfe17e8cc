using SpanMetrics.Ingest;

namespace SpanMetrics.Perf;

/// <summary>A pipeline that gets a chosen number of label sets in each view, all of them made of the same few values.</summary>
internal sealed class NumberedFeed
{
    private const int FirstNewTool = 10_000_000;

    private readonly NumberedSpans _spans = new();
    private readonly Random _random = new(3);
    private readonly IRecordSink _sink;
    private readonly int _labelSets;
    private readonly int _models;
    private int _newTools;

    public NumberedFeed(IRecordSink sink, int labelSets)
    {
        _sink = sink;
        _labelSets = labelSets;
        _models = (int)Math.Ceiling(Math.Sqrt(labelSets));
    }

    public int Spans => _spans.Set.Spans;

    /// <summary>Every label set at least once.</summary>
    public void FeedAll()
    {
        for (int first = 0; first < _labelSets; first += Spans)
        {
            for (int i = 0; i < Spans; i++)
            {
                Number(i, (first + i) % _labelSets);
            }

            Feed();
        }
    }

    /// <summary>Makes the spans ready for a <see cref="Feed"/>: label sets in random order, and a share of spans with a tool never seen before.</summary>
    public void Shuffle(double newTools = 0)
    {
        for (int i = 0; i < Spans; i++)
        {
            if (_random.NextDouble() < newTools)
            {
                _spans.Number(i, FirstNewTool + _newTools++, model: 0);
            }
            else
            {
                Number(i, _random.Next(_labelSets));
            }
        }
    }

    public void Feed() => _spans.Set.Feed(_sink);

    private void Number(int span, int labelSet) => _spans.Number(span, labelSet / _models, labelSet % _models);
}
