using System.Runtime.CompilerServices;
using SpanMetrics.Semantics;

namespace SpanMetrics.Aggregation;

/// <summary>All that a view can want of a span, as numbers: the record's bytes may be gone by the time it is counted.</summary>
internal struct JournaledSpan
{
    /// <summary>In place of a duration, for a span without both its times.</summary>
    public const long NoDuration = -1;

    public SpanClass Class;

    /// <summary>See <see cref="ClosedValues"/>.</summary>
    public int Closed;

    /// <summary>By dimension; of no meaning where no view wants the dimension of a span of this class.</summary>
    public Symbols Text;

    /// <summary>How many spans this one stands for.</summary>
    public double Weight;

    /// <summary>Longer than 292 years is 292 years.</summary>
    public long DurationNanos;

    [InlineArray(Length)]
    public struct Symbols
    {
        public const int Length = 6;

        private int _first;
    }
}
