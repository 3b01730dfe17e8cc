namespace SpanMetrics.Semantics;

/// <summary>The spans of one record, or of a part of a large one, that wait to be counted. Reused. Owned by one worker.</summary>
/// <param name="absent">The values of the dimensions that the configuration adds, where a span has none.</param>
/// <param name="hasLinks">Whether anybody will ask for <see cref="Links"/>.</param>
internal sealed class RecordSpans(int[]? absent = null, bool hasLinks = false)
{
    /// <summary>A record's spans beyond these are counted in parts, so that no record can claim more memory than this.</summary>
    public const int Most = 16 * 1024;

    // A span that is added later, beside those of the record: tokens by type, cost, a call that several spans show.
    private ClassifiedSpan[] _spans = new ClassifiedSpan[256];
    private SpanLink[] _links = new SpanLink[hasLinks ? 256 : 0]; // beside the spans: few are asked for
    private CallSpan[] _calls = new CallSpan[64];
    private readonly int[] _absent = absent ?? [];
    private int[] _own = new int[256 * (absent?.Length ?? 0)]; // by span: a value for each dimension that the configuration adds
    private int _count;
    private int _callCount;
    private CountedAs _classes; // of the calls

    public ReadOnlySpan<ClassifiedSpan> All => _spans.AsSpan(0, _count);

    /// <summary>Of all spans, one after the other: the values of the dimensions that the configuration adds.</summary>
    public ReadOnlySpan<int> Own => _own.AsSpan(0, _count * _absent.Length);

    /// <summary>Where each of <see cref="All"/> leads to; none where nobody asks.</summary>
    public ReadOnlySpan<SpanLink> Links => hasLinks ? _links.AsSpan(0, _count) : [];

    public Span<CallSpan> Calls => _calls.AsSpan(0, _callCount);

    public bool IsFull => _count >= Most;

    public int Count => _count;

    /// <summary>Gets what the join made of each call: for <c>explain</c>. A worker has none.</summary>
    public List<JoinedCall>? JoinedCalls { get; init; }

    public ref ClassifiedSpan this[int index] => ref _spans[index];

    /// <summary>Room for one more, which leads nowhere. The references given out before are void.</summary>
    public ref ClassifiedSpan Add()
    {
        if (_count == _spans.Length)
        {
            Grow();
        }

        if (hasLinks)
        {
            _links[_count] = default;
        }

        return ref _spans[_count++];
    }

    /// <summary>Whether the configuration adds dimensions.</summary>
    public bool HasOwn => _absent.Length > 0;

    /// <summary>What the configuration adds, of one span. Valid until the next one is added.</summary>
    public Span<int> OwnOf(int index) => _own.AsSpan(index * _absent.Length, _absent.Length);

    /// <summary>Gives the spans from <paramref name="first"/> on the values of the first of these spans that has one.</summary>
    public void FillOwn(int first, params ReadOnlySpan<int> from)
    {
        for (int at = first; at < _count && HasOwn; at++)
        {
            Span<int> own = OwnOf(at);
            _absent.CopyTo(own);
            foreach (int span in from)
            {
                for (int i = 0; i < own.Length; i++)
                {
                    own[i] = own[i] == _absent[i] ? OwnOf(span)[i] : own[i];
                }
            }
        }
    }

    /// <summary>Says where a span leads to; only where somebody asks.</summary>
    public void Link(int span, in SpanLink link) => _links[span] = link;

    /// <summary>The same as another span does.</summary>
    public void LinkLike(int span, int other)
    {
        if (hasLinks)
        {
            _links[span] = _links[other];
        }
    }

    /// <summary>Whether there are calls of any of these classes, a bit for each.</summary>
    public bool HasCalls(CountedAs classes) => (_classes & classes) != 0;

    /// <summary>Room for one more call, to be overwritten in full.</summary>
    public ref CallSpan AddCall(SpanClass kind)
    {
        _classes |= (CountedAs)(1u << (int)kind);
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
        _classes = CountedAs.Nothing;
        JoinedCalls?.Clear();
    }

    private void Grow()
    {
        Array.Resize(ref _spans, _count * 2);
        Array.Resize(ref _links, hasLinks ? _count * 2 : 0);
        Array.Resize(ref _own, _count * 2 * _absent.Length);
    }
}
