using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>The selected attributes of one span or resource. Valid as long as the record; the slots are reused for the next span.</summary>
internal readonly ref struct AttributeSlots(ReadOnlySpan<byte> record, ReadOnlySpan<Slice> slots)
{
    private readonly ReadOnlySpan<byte> _record = record;
    private readonly ReadOnlySpan<Slice> _slots = slots;

    public AttributeValue this[int slot] =>
        _slots[slot].Length == 0 ? default : AttributeValue.Read(_record, _slots[slot]);

    /// <summary>See <see cref="AttributeValue.AsBool"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool? BoolOf(int slot)
    {
        Slice value = _slots[slot];
        return value.Length == 0 ? null : AttributeValue.BoolOf(_record, value);
    }

    /// <summary>See <see cref="AttributeValue.AsText"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> TextOf(int slot, byte[] scratch)
    {
        Slice value = _slots[slot];
        return value.Length == 0 ? default : AttributeValue.TextOf(_record, value, scratch);
    }
}
