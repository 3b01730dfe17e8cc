using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>
/// One view of one worker at a fold: label sets up to a count, and what was added to them since the fold before. The page reads it while
/// the worker goes on: label sets and symbols below the count never change, and the chunks are the page's own now.
/// </summary>
internal readonly record struct Handover(LabelSets LabelSets, int Count, SymbolTable Symbols, List<DeltaChunk> Chunks);
