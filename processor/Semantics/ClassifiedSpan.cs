using System.Runtime.CompilerServices;

namespace SpanMetrics.Semantics;

/// <summary>All that a view can want of a span, as numbers: the record's bytes may be gone by the time it is counted.</summary>
internal struct ClassifiedSpan
{
    /// <summary>In place of a duration, for a span without both its times.</summary>
    public const long NoDuration = -1;

    public CountedAs Counted;

    /// <summary>See <see cref="ClosedValues"/>.</summary>
    public int Closed;

    /// <summary>By dimension.</summary>
    public Symbols Text;

    /// <summary>How many spans this one stands for, since its sampler let only some through; of tokens and cost, how many.</summary>
    public double Weight;

    /// <summary>Longer than 292 years is 292 years.</summary>
    public long DurationNanos;

    [InlineArray(Length)]
    public struct Symbols
    {
        public const int Length = (int)Dimension.Source + 1;

        private int _first;
    }
}
