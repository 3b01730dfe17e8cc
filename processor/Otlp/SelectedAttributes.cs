using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>
/// Where the values of the asked keys of one span or resource lie, by slot. Reused: a slot means something only where it is marked,
/// so that nothing has to be cleared but the marks.
/// </summary>
internal sealed class SelectedAttributes(int slots)
{
    private readonly Slice[] _values = new Slice[slots];
    private SlotSet _present;

    public ref readonly SlotSet Present => ref _present;

    public void Clear() => _present = default;

    /// <summary>The value's place; empty where the key is not there, or has no value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Slice ValueOf(int slot) => _present.Has(slot) ? _values[slot] : default;

    /// <summary>False where the key has a value already: it is to be asked which of the two counts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(int slot, Slice value)
    {
        ref ulong word = ref ((Span<ulong>)_present)[slot >> 6];
        ulong bit = 1ul << slot;
        if ((word & bit) != 0)
        {
            return false;
        }

        _values[slot] = value;
        word |= value.Length > 0 ? bit : 0;
        return true;
    }

    /// <summary>In place of the value that it has.</summary>
    public void Replace(int slot, Slice value)
    {
        _values[slot] = value;
        _present.Set(slot, value.Length > 0);
    }
}
