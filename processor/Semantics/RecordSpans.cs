namespace SpanMetrics.Semantics;

/// <summary>The spans of one record, or of a part of a large one, that wait to be counted. Reused. Owned by one worker.</summary>
internal sealed class RecordSpans
{
    /// <summary>A record's spans beyond these are counted in parts, so that no record can claim more memory than this.</summary>
    public const int Most = 16 * 1024;

    // A span that is added later, beside those of the record: tokens by type, cost, a call that several spans show.
    private ClassifiedSpan[] _spans = new ClassifiedSpan[256];
    private CallSpan[] _calls = new CallSpan[64];
    private int _count;
    private int _callCount;

    public ReadOnlySpan<ClassifiedSpan> All => _spans.AsSpan(0, _count);

    public Span<CallSpan> Calls => _calls.AsSpan(0, _callCount);

    public bool IsFull => _count >= Most;

    public int Count => _count;

    /// <summary>Gets what the join made of each call: for <c>explain</c>. A worker has none.</summary>
    public List<JoinedCall>? JoinedCalls { get; init; }

    public ref ClassifiedSpan this[int index] => ref _spans[index];

    /// <summary>Room for one more. The references given out before are void.</summary>
    public ref ClassifiedSpan Add()
    {
        if (_count == _spans.Length)
        {
            Array.Resize(ref _spans, _count * 2);
        }

        return ref _spans[_count++];
    }

    /// <summary>The same, to be overwritten in full.</summary>
    public ref CallSpan AddCall()
    {
        if (_callCount == _calls.Length)
        {
            Array.Resize(ref _calls, _callCount * 2);
        }

        return ref _calls[_callCount++];
    }

    /// <summary>Tokens by type, and cost, under the labels of a span.</summary>
    public void AddUsage(in ClassifiedSpan labels, in Usage usage)
    {
        ClassifiedSpan copy = labels; // room for more may move it
        for (int i = 0; i < Usage.Length; i++)
        {
            if (usage[i] > 0)
            {
                ref ClassifiedSpan added = ref Add();
                added = copy;
                added.Counted = i == Usage.Cost ? CountedAs.Cost : CountedAs.Tokens;
                added.Closed = i == Usage.Cost ? copy.Closed : ClosedValues.Replace(copy.Closed, Dimension.TokenType, i);
                added.Weight = copy.Weight * usage[i];
                added.DurationNanos = ClassifiedSpan.NoDuration;
            }
        }
    }

    public void Clear()
    {
        _count = _callCount = 0;
        JoinedCalls?.Clear();
    }
}
