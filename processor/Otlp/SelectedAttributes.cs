using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SpanMetrics.Otlp;

/// <summary>
/// Where the values of the asked keys of one span or resource lie, by slot. Reused: a slot means something only where it is marked,
/// so that nothing has to be cleared but the marks. Learns which key comes after which: owned by one worker.
/// </summary>
internal sealed class SelectedAttributes(AttributeSelector selector)
{
    private const uint KeyTag = (1 << 3) | WireType.Bytes;
    private const uint ValueTag = (2 << 3) | WireType.Bytes;

    // For keys that nobody asks for too: they are to be passed over. A key has two places, and takes the first from another one.
    private const int PlacesBits = 11;

    private const int Starts = 64;

    private readonly Slice[] _values = new Slice[selector.Count];
    private readonly ExpectedAttribute?[] _expected = new ExpectedAttribute?[1 << PlacesBits];
    private readonly ExpectedAttribute[] _starts = Array.ConvertAll(new int[Starts], _ => new ExpectedAttribute());
    private SlotSet _present;

    public ref readonly SlotSet Present => ref _present;

    public void Clear() => _present = default;

    /// <summary>The value's place; empty where the key is not there, or has no value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Slice ValueOf(int slot) => _present.Has(slot) ? _values[slot] : default;

    /// <summary>The same of a key that is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Slice ValueOfPresent(int slot) => _values[slot];

    // message KeyValue { string key = 1; AnyValue value = 2; }
    /// <summary>Puts the value into its key's slot when somebody asks for the key. False when the message itself is broken.</summary>
    public bool TryRead(ReadOnlySpan<byte> record, Slice keyValue)
    {
        Slice key = default, value = default;
        var reader = new WireReader(record, keyValue);
        while (reader.TryReadTag(out uint tag))
        {
            Slice next = value;
            bool read = tag switch
            {
                KeyTag => reader.TryReadBytes(out key),
                ValueTag => reader.TryReadBytes(out next),
                _ => reader.TrySkip(tag),
            };
            if (!read)
            {
                return false;
            }

            // A repeated message is merged: one that has no arm leaves the arm of the one before.
            if (tag == ValueTag && (value.Length == 0 || AttributeValue.Read(record, next).Kind != AttributeKind.Missing))
            {
                value = next;
            }
        }

        if (reader.Status != DecodeStatus.Ok)
        {
            return false;
        }

        Put(record, selector.SlotOf(key.Of(record)), value);
        return true;
    }

    /// <summary>
    /// The same for the fields from <paramref name="position"/> on, as long as each is an attribute as nearly every writer makes it: tag and
    /// lengths of one byte, the key first, the value second and nothing else. Returns the position after the last of them.
    /// </summary>
    /// <param name="record">That holds them.</param>
    /// <param name="position">Of the first field.</param>
    /// <param name="end">Of what holds the fields.</param>
    /// <param name="tag">Of the fields.</param>
    /// <param name="kind">Any number: of two runs with the same one the second is expected to begin as the first did.</param>
    /// <remarks>Alone in its method, so that all it works with stays in registers: most of a span is attributes.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int ReadRun(ReadOnlySpan<byte> record, int position, int end, uint tag, int kind = 0)
    {
        ExpectedAttribute last = _starts[kind & (Starts - 1)];
        while (position < end && record.Length - position >= ExpectedAttribute.Window)
        {
            ReadOnlySpan<byte> field = record.Slice(position, ExpectedAttribute.Window);
            ExpectedAttribute? attribute = last.Next;
            if (attribute is null || !attribute.Is(field))
            {
                attribute = last.NextToo is ExpectedAttribute other && other.Is(field) ? other : Learn(field, tag, last);
                if (attribute is null)
                {
                    break;
                }
            }

            int valueAt = position + attribute.ValueAt, after = position + 2 + field[1], length = after - valueAt, slot = attribute.Slot;
            if (after > end || field[attribute.ValueAt - 1] != length)
            {
                break;
            }

            if (slot != AttributeSelector.NoSlot)
            {
                ref ulong word = ref ((Span<ulong>)_present)[slot >> 6];
                ulong bit = 1ul << slot;
                if ((word & bit) != 0)
                {
                    break; // which of its values counts is asked elsewhere
                }

                word |= length > 0 ? bit : 0;
                _values[slot] = new Slice(valueAt, length);
            }

            position = after;
            last = attribute;
        }

        return position;
    }

    // Of the field's key, which is expected after the last one from here on; null where it is none of the usual fields.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ExpectedAttribute? Learn(ReadOnlySpan<byte> field, uint tag, ExpectedAttribute last)
    {
        const uint fixedBits = 0x80FF_80FF; // tag, high bit of a length, tag, high bit of a length
        uint head = BinaryPrimitives.ReadUInt32LittleEndian(field);
        int keyLength = (int)(head >> 24);
        if ((head & fixedBits) != (tag | (KeyTag << 16)) || keyLength + ExpectedAttribute.BytesAround > field.Length || field[keyLength + 4] != ValueTag || field[keyLength + 5] >= 0x80)
        {
            return null;
        }

        ReadOnlySpan<byte> key = field.Slice(4, keyLength);
        uint place = AttributeSelector.HashOf(key, PlacesBits);
        ExpectedAttribute? known = _expected[place];
        if (known is not null && !known.Is(field))
        {
            known = _expected[place ^ 1];
            if (known is not null && !known.Is(field))
            {
                known = _expected[place]!;
                known.Become(field, keyLength, selector.SlotOf(key));
            }

            place ^= 1;
        }

        if (known is null)
        {
            known = _expected[place] = new ExpectedAttribute();
            known.Become(field, keyLength, selector.SlotOf(key));
        }

        last.NextToo = last.Next;
        last.Next = known;
        return known;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Put(ReadOnlySpan<byte> record, int slot, Slice value)
    {
        if (slot == AttributeSelector.NoSlot)
        {
            return;
        }

        ref ulong word = ref ((Span<ulong>)_present)[slot >> 6];
        ulong bit = 1ul << slot;
        if ((word & bit) != 0)
        {
            Choose(record, slot, value);
            return;
        }

        _values[slot] = value;
        word |= value.Length > 0 ? bit : 0;
    }

    // The key has a value already.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Choose(ReadOnlySpan<byte> record, int slot, Slice value)
    {
        if (selector.Replaces(slot, AttributeValue.Read(record, _values[slot]), AttributeValue.Read(record, value)))
        {
            _values[slot] = value;
            _present.Set(slot, value.Length > 0);
        }
    }
}
