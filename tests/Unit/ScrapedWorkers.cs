using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Pipeline;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>Two workers and their page, by a clock that moves when told to.</summary>
internal sealed class ScrapedWorkers
{
    private readonly SymbolTable[] _symbols;
    private readonly Aggregator[] _aggregators;
    private readonly PartitionDeltas[] _partitions;
    private readonly PageKeeper _keeper;

    public ScrapedWorkers(View[] views, AggregationOptions limits, TimeProvider time, HttpOptions? http = null)
    {
        _symbols = [new(limits.LabelValues), new(limits.LabelValues)];
        _aggregators = Array.ConvertAll(_symbols, symbols => new Aggregator(views, limits, symbols));
        _partitions = Array.ConvertAll(_aggregators, aggregator => aggregator.AddPartition());
        Scrapers = new KnownScrapers(http ?? new HttpOptions(), time);
        _keeper = new PageKeeper(views, limits, workers: 2, time, Scrapers);
    }

    public KnownScrapers Scrapers { get; }

    /// <summary>Handovers after which a worker started afresh.</summary>
    public int Afresh { get; private set; }

    public void Count(int worker, SentDecision decision)
    {
        _aggregators[worker].BeginRecord();
        _aggregators[worker].Apply([decision.In(_symbols[worker])], _partitions[worker]);
    }

    /// <summary>The page for a scraper, or as it is.</summary>
    public MetricsPage Page(ScrapeAnswer? answer = null)
    {
        for (int worker = 0; worker < _aggregators.Length; worker++)
        {
            bool startAfresh = _keeper.TellStale(worker);
            Afresh += startAfresh ? 1 : 0;
            _keeper.Fold(worker, new WorkerHandover(_aggregators[worker].HandOver(startAfresh), new InputCounts(), []));
        }

        Page page = _keeper.Page();
        answer?.SetPrinted(page.Moment);
        return Printed.Parsed(new Page { Views = page.Views, Own = page.Own, ShownUpTo = answer?.ShownUpTo ?? Exposition.Page.Everything });
    }
}
