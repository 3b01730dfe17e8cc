using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SpanMetrics.Otlp;

/// <summary>An attribute's key as it lies in a record, with all that is fixed around it: compared as a vector. Reused for other keys.</summary>
internal sealed class ExpectedAttribute
{
    /// <summary>Bytes of a field that are looked at.</summary>
    public const int Window = 64;

    /// <summary>Tag and length, the key's tag and length, and behind the key the value's tag and length.</summary>
    public const int BytesAround = 6;

    private const int Half = Window / 2;
    private const byte OfOneByte = 0x80; // not set in a length of one byte

    private Vector256<byte> _start, _startMask;
    private Vector256<byte>[]? _rest; // and its mask, of a key that needs them: few do, and hundreds of keys are to fit the first cache

    /// <summary>In bytes from the field's tag; 0 where no key is known.</summary>
    public int ValueAt { get; private set; }

    public int Slot { get; private set; }

    /// <summary>The one that came after it the last time.</summary>
    public ExpectedAttribute? Next { get; set; }

    /// <summary>The one that came after it before that: an attribute may be there or not, and kinds of spans share some.</summary>
    public ExpectedAttribute? NextToo { get; set; }

    /// <param name="field">A window of the record that begins with the attribute's field.</param>
    /// <param name="keyLength">In bytes.</param>
    /// <param name="slot">The key's.</param>
    public void Become(ReadOnlySpan<byte> field, int keyLength, int slot)
    {
        ValueAt = keyLength + BytesAround;
        Slot = slot;
        Next = NextToo = null;
        Span<byte> mask = stackalloc byte[Window];
        mask.Clear();
        mask[..ValueAt].Fill(0xFF);
        mask[1] = mask[ValueAt - 1] = OfOneByte;
        _startMask = Vector256.Create<byte>(mask);
        _start = Vector256.Create(field) & _startMask;
        if (ValueAt > Half)
        {
            _rest ??= new Vector256<byte>[2];
            _rest[1] = Vector256.Create<byte>(mask[Half..]);
            _rest[0] = Vector256.Create(field[Half..]) & _rest[1];
        }
    }

    /// <summary>Whether the field is this attribute. What its lengths say is still to be compared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is(ReadOnlySpan<byte> field) =>
        ((Vector256.Create(field) ^ _start) & _startMask) == Vector256<byte>.Zero
        && (ValueAt <= Half || ((Vector256.Create(field[Half..]) ^ _rest![0]) & _rest[1]) == Vector256<byte>.Zero);
}
