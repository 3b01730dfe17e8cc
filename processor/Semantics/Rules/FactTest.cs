namespace SpanMetrics.Semantics;

/// <summary>One thing that a condition states of a span: a part of it has one of some values.</summary>
internal sealed record FactTest(FactInput Input, ValueTest[] AnyOf)
{
    public bool IsContent => Array.Exists(AnyOf, test => test.IsContent);

    /// <summary>Of a content test.</summary>
    public bool Matches(ReadOnlySpan<byte> content, ReadOnlySpan<byte> tool)
    {
        foreach (ValueTest wanted in AnyOf)
        {
            if (wanted.Matches(content, tool))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Two tests of the same text are the same test.</summary>
    public override string ToString() => $"{Input}: {(AnyOf.Length == 1 ? AnyOf[0].ToString() : $"[{string.Join(", ", Array.ConvertAll(AnyOf, test => test.ToString()))}]")}";
}
