using System.Globalization;
using System.Text;
using System.Text.Json;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>Reads a field's value where an emitter's sources say that it is. Holds scratch for one value at a time: owned by one worker.</summary>
internal sealed class SourceReader
{
    private const int MostJson = 32 * 1024;

    private readonly byte[] _scratch = new byte[AttributeValue.ScratchBytes];
    private readonly byte[] _text = new byte[AttributeValue.TextLimit];
    private readonly byte[] _member = new byte[AttributeValue.TextLimit];

    /// <summary>The first value that is there, as its value map says; empty when there is none. Borrowed until the next call.</summary>
    public ReadOnlySpan<byte> Text(Field field, SpanPlan plan, in SpanView span)
    {
        BoundSource[] sources = plan.Emitter.Sources[(int)field];
        for (int i = FirstOf(field, plan); i < sources.Length; i++)
        {
            if (sources[i].MayHold(plan.Counted, plan.Facts, span.Attributes.Present))
            {
                if (sources[i].Source.Value is not null)
                {
                    return sources[i].Source.ValueBytes;
                }

                ReadOnlySpan<byte> text = TextOf(field, plan, i, span);
                if (!text.IsEmpty)
                {
                    return text;
                }
            }
        }

        return default;
    }

    /// <summary>What one source says; empty when that is missing.</summary>
    public ReadOnlySpan<byte> TextOf(Field field, SpanPlan plan, int source, in SpanView span)
    {
        ReadOnlySpan<byte> text = Missing.Or(AsWritten(field, plan, source, span));
        return (int)field < FieldText.Texts ? Mapped(plan.Emitter.Values[(int)field], text) : text;
    }

    /// <summary>The same before value maps, and with what says that it is missing.</summary>
    public ReadOnlySpan<byte> AsWritten(Field field, SpanPlan plan, int source, in SpanView span)
    {
        BoundSource bound = plan.Emitter.Sources[(int)field][source];
        FieldSource from = bound.Source;
        ReadOnlySpan<byte> text = from.Name is not null ? (from.Name.TryTake(span.Name, out ReadOnlySpan<byte> part) ? part : default)
            : from.Resource is not null ? span.Resource.TextOf(bound.Slot, _scratch)
            : from.Json is not null ? Member(span.Attributes[bound.Slot].AsContent(), from.Json)
            : span.Attributes.TextOf(bound.Slot, _scratch);
        text = text[..Math.Min(text.Length, AttributeValue.TextLimit)];
        if (from.Take?.TryTake(text, out part) == true)
        {
            text = part;
        }

        if (field == Field.Model && text.StartsWith("models/"u8))
        {
            text = text["models/"u8.Length..];
        }
        else if (field == Field.Provider && !SecretGuess.IsSecret(text) && Ascii.ToLower(text, _text, out int length) == System.Buffers.OperationStatus.Done)
        {
            text = _text.AsSpan(0, length);
        }

        return text;
    }

    public static bool? Bool(Field field, SpanPlan plan, in SpanView span)
    {
        BoundSource[] sources = plan.Emitter.Sources[(int)field];
        for (int i = FirstOf(field, plan); i < sources.Length; i++)
        {
            if (sources[i].MayHold(plan.Counted, plan.Facts, span.Attributes.Present) && span.Attributes.BoolOf(sources[i].Slot) is bool said)
            {
                return said;
            }
        }

        return null;
    }

    /// <summary>The first number that can be believed; -1 when there is none.</summary>
    public double Number(Field field, SpanPlan plan, in SpanView span)
    {
        BoundSource[] sources = plan.Emitter.Sources[(int)field];
        for (int i = FirstOf(field, plan); i < sources.Length; i++)
        {
            if (sources[i].MayHold(plan.Counted, plan.Facts, span.Attributes.Present) && NumberOf(field, plan, i, span) is >= 0 and double number)
            {
                return number;
            }
        }

        return -1;
    }

    /// <summary>What one source says; -1 when that cannot be believed.</summary>
    public double NumberOf(Field field, SpanPlan plan, int source, in SpanView span)
    {
        BoundSource bound = plan.Emitter.Sources[(int)field][source];
        AttributeValue value = span.Attributes[bound.Slot];
        double? said = bound.Source.Json is not string member ? value.AsNumber()
            : double.TryParse(Member(value.AsContent(), member), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : null;
        return Believed(field, said);
    }

    /// <summary>The number; -1 when it cannot be one of tokens, or of dollars.</summary>
    public static double Believed(Field field, double? said) =>
        said is >= 0 and <= Usage.Most && (field == Field.Cost || said == Math.Floor(said.Value)) ? said.Value : -1;

    private static int FirstOf(Field field, SpanPlan plan) => (int)field < FieldText.Texts ? plan.Texts[(int)field].Source : plan.Numbers[(int)field];

    private static ReadOnlySpan<byte> Mapped((TextPattern From, byte[] To)[] values, ReadOnlySpan<byte> text)
    {
        foreach ((TextPattern from, byte[] to) in text.IsEmpty ? [] : values)
        {
            if (from.Matches(text))
            {
                return to;
            }
        }

        return text;
    }

    // Of the top level. The object is content: it is read once, and nothing but the member is kept.
    private ReadOnlySpan<byte> Member(ReadOnlySpan<byte> json, string name)
    {
        if (json.Length > MostJson || json.IsEmpty || json[0] != '{')
        {
            return default;
        }

        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isMember = reader.ValueTextEquals(name);
                reader.Read();
                if (isMember && reader.TokenType is JsonTokenType.String or JsonTokenType.Number && reader.ValueSpan.Length <= _member.Length)
                {
                    return reader.TokenType == JsonTokenType.String ? _member.AsSpan(0, reader.CopyString(_member)) : reader.ValueSpan;
                }

                reader.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException) // the latter for bytes that are no text, and half surrogates
        {
            return default;
        }

        return default;
    }
}
