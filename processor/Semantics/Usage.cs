using System.Runtime.CompilerServices;

namespace SpanMetrics.Semantics;

/// <summary>Tokens by type, and their cost in US dollars; -1 for what a span does not say.</summary>
[InlineArray(Length)]
internal struct Usage
{
    public const int Length = (int)TokenType.Reasoning + 2;

    /// <summary>After the types of tokens.</summary>
    public const int Cost = Length - 1;

    /// <summary>More tokens, or dollars, in one call are no number to believe.</summary>
    public const double Most = 1e9;

    private double _first;

    public static Usage None
    {
        get
        {
            Usage none = default;
            ((Span<double>)none).Fill(-1);
            return none;
        }
    }

    /// <summary>A bit for each that is there.</summary>
    public readonly byte Has
    {
        get
        {
            int bits = 0;
            for (int i = 0; i < Length; i++)
            {
                bits |= this[i] >= 0 ? 1 << i : 0;
            }

            return (byte)bits;
        }
    }

    /// <summary>Takes what is lacking from the usage of a span of the same call.</summary>
    public void Fill(in Usage other)
    {
        for (int i = 0; i < Length; i++)
        {
            this[i] = this[i] < 0 ? other[i] : this[i];
        }
    }
}
