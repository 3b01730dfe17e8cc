using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>The selected attributes of one span or resource. Valid as long as the record; the slots are reused for the next span.</summary>
internal readonly ref struct AttributeSlots(ReadOnlySpan<byte> record, SelectedAttributes slots)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private readonly SelectedAttributes _slots = slots;

    public AttributeValue this[int slot] => _slots.ValueOf(slot) is { Length: > 0 } value ? AttributeValue.Read(_record, value) : default;

    /// <summary>The keys that are there, with a value of any kind.</summary>
    public ref readonly SlotSet Present => ref _slots.Present;

    /// <summary>The value as it lies in the record, an AnyValue message; empty when it is missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Excerpt RawOf(int slot) => Excerpt.Of(_record, _slots.ValueOf(slot));

    /// <summary>The same of a key that is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Excerpt RawOfPresent(int slot) => Excerpt.Of(_record, _slots.ValueOfPresent(slot));

    /// <summary>See <see cref="AttributeValue.AsBool"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool? BoolOf(int slot)
    {
        Slice value = _slots.ValueOf(slot);
        return value.Length == 0 ? null : AttributeValue.BoolOf(_record, value);
    }

    /// <summary>See <see cref="AttributeValue.AsText"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> TextOf(int slot, byte[] scratch)
    {
        Slice value = _slots.ValueOf(slot);
        return value.Length == 0 ? default : AttributeValue.TextOf(_record, value, scratch);
    }
}
