using System.Text;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>What a condition wants of a value. Exactly one property is set.</summary>
internal sealed record ValueTest
{
    /// <summary>Stands in a text for the name of the span's own tool.</summary>
    public const string ToolMark = "{tool}";

    private readonly TextPattern? _pattern;
    private readonly string? _text;

    /// <summary>Text with stars; <c>*</c> alone for a value that is there and not empty.</summary>
    public string? Text
    {
        get => _text;
        init
        {
            _text = value;
            _pattern = value is null ? null : new TextPattern(value);
        }
    }

    public bool? Bool { get; init; }

    /// <summary>Both bounds count.</summary>
    public (double Least, double Most)? Number { get; init; }

    public JsonTest? Json { get; init; }

    /// <summary>Looks into content, or at the span's tool: asked where an outcome hangs on it and nowhere else.</summary>
    public bool IsContent => Json is not null || Text?.Contains(ToolMark, StringComparison.Ordinal) == true;

    /// <param name="text">The value as text, empty when it is missing.</param>
    /// <param name="tool">The span's tool, for a text that has its mark.</param>
    public bool Matches(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tool) =>
        Text is not null ? !text.IsEmpty && MatchesText(text, tool) : Json is not null && Json.Matches(text, tool);

    /// <param name="value">An attribute's value that is not missing.</param>
    /// <param name="text">The same as text.</param>
    /// <param name="tool">The span's tool, for a text that has its mark.</param>
    public bool Matches(AttributeValue value, ReadOnlySpan<byte> text, ReadOnlySpan<byte> tool) =>
        Bool is bool wanted ? value.AsBool() == wanted
        : Number is (double least, double most) ? value.AsNumber() is double number && number >= least && number <= most
        : Matches(text, tool);

    public override string ToString() =>
        Text ?? (Bool is bool wanted ? (wanted ? "true" : "false")
        : Number is (double least, double most) ? (least == most ? FormattableString.Invariant($"{least}") : double.IsInfinity(most) ? FormattableString.Invariant($">={least}") : FormattableString.Invariant($"<{most}"))
        : $"{Json}");

    private bool MatchesText(ReadOnlySpan<byte> text, ReadOnlySpan<byte> tool)
    {
        int mark = Text!.IndexOf(ToolMark, StringComparison.Ordinal);
        if (mark < 0)
        {
            return _pattern!.Matches(text);
        }

        byte[] before = Encoding.UTF8.GetBytes(Text[..mark]), after = Encoding.UTF8.GetBytes(Text[(mark + ToolMark.Length)..]); // rare: a held call
        return text.Length == before.Length + tool.Length + after.Length
            && TextPattern.Same(text[..before.Length], before)
            && TextPattern.Same(text.Slice(before.Length, tool.Length), tool)
            && TextPattern.Same(text[(before.Length + tool.Length)..], after);
    }
}
