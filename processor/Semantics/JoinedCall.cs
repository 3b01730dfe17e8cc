namespace SpanMetrics.Semantics;

/// <summary>What became of a call in one record.</summary>
/// <param name="Spans">Its spans by their index in the record, the outermost first.</param>
/// <param name="Added">What was added for it, by index among all that counts.</param>
/// <param name="Fate">Whether it counted.</param>
/// <param name="Earlier">A span of the call in an earlier record: the one that it was counted with, or that waited. 0 for none.</param>
internal readonly record struct JoinedCall(int[] Spans, Range Added, CallFate Fate, ulong Earlier);
