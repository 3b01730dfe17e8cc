using System.Collections.Concurrent;

namespace SpanMetrics.Aggregation;

/// <summary>
/// One view of one worker at a fold: label sets up to a count, and what was added to them since the fold before. The page reads it
/// while the worker goes on: nothing that it refers to changes until the chunks are given back.
/// </summary>
internal readonly record struct Handover(LabelSets LabelSets, int Count, SymbolTable Symbols, List<DeltaChunk> Chunks, ConcurrentQueue<DeltaChunk> Pool);
