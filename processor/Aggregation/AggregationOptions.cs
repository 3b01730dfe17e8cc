using System.ComponentModel.DataAnnotations;

namespace SpanMetrics.Aggregation;

/// <summary>The section <c>limits</c>: how much memory the input may claim.</summary>
internal sealed class AggregationOptions
{
    /// <summary>Label sets that each worker, and the page, keeps per view, unless the view has a limit of its own. Spans beyond it still count, under a label set whose tool, model, agent, event and span name are <c>__overflow__</c>. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int Series { get; init; } = 100_000;

    /// <summary>Distinct label values that each worker keeps, a tenth of them for service names alone; beyond it a new value is <c>__overflow__</c>. Default 200,000.</summary>
    [Range(100, 10_000_000)]
    public int LabelValues { get; init; } = 200_000;

    /// <summary>
    /// Spans of model and tool calls that each worker remembers to join nested ones of later records; as many decisions, and as many traces
    /// with a model. Rounded down to a power of two. Default 65,536, which is up to 25 MB.
    /// </summary>
    [Range(1_000, 10_000_000)]
    public int TraceEntries { get; init; } = 65_536;

    /// <summary>How long they are remembered, in seconds. An approved call may come a day after it was held. Default 86,400.</summary>
    [Range(1, 31_536_000)]
    public int TraceSeconds { get; init; } = 86_400;

    /// <summary>
    /// A series that nothing was added to for so long, in seconds, leaves the page, once every scraper that asked meanwhile has seen all of it;
    /// one of a deny after a day at the earliest. Default 86,400.
    /// </summary>
    [Range(600, 31_536_000)]
    public int IdleSeconds { get; init; } = 86_400;

    /// <summary>A record value longer than this, in bytes, is rejected before it is decoded. Default 64 MiB.</summary>
    [Range(1024, int.MaxValue)]
    public int RecordBytes { get; init; } = 64 * 1024 * 1024;
}
