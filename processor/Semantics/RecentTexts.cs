using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SpanMetrics.Otlp;

namespace SpanMetrics.Semantics;

/// <summary>
/// Texts that were met lately, each with what is known of it. A text has one place, and takes it from the text before: nothing is searched.
/// There are more places where texts keep taking them from each other, up to a bound. Longer texts are never remembered.
/// </summary>
/// <param name="places">How many texts have a place at first; a power of two, and more than one.</param>
internal sealed class RecentTexts<TValue>(int places)
    where TValue : struct
{
    private const int MostBytes = 2 * Half;
    private const int Half = 32; // of a vector
    private const int MostPlaces = 2048; // 192 KiB: beyond the second cache they would be no faster than the table that is asked otherwise

    // By length: all bits of that many bytes.
    private static readonly Vector256<byte>[] Masks = MakeMasks();

    private int _shift = 64 - BitOperations.Log2((uint)places);
    private Place[] _places = new Place[places];
    private Vector256<byte>[] _rests = new Vector256<byte>[places]; // of texts that are longer than half
    private int _taken; // places that were another text's

    /// <summary>False where the text is to be looked up, and given to <see cref="Put"/> then.</summary>
    // Short texts of any length go the same way, since the next one's length cannot be predicted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(Excerpt text, out TValue value)
    {
        int length = text.Length;
        if (length > Half || text.Onward.Length < Half)
        {
            return TryGetAnyhow(text.Bytes, out value);
        }

        Vector256<byte> start = Vector256.Create(text.Onward) & Masks[length];
        ref readonly Place place = ref _places[PlaceOf(start, length)];
        value = place.Value;
        return start == place.Start && place.Length == length + 1;
    }

    public void Put(ReadOnlySpan<byte> text, TValue value)
    {
        if (text.Length <= MostBytes)
        {
            Read(text, out Vector256<byte> start, out Vector256<byte> rest);
            int place = PlaceOf(start, text.Length);
            if (_places[place].Length != 0 && ++_taken > _places.Length / 8 && _places.Length < MostPlaces)
            {
                Grow();
                place = PlaceOf(start, text.Length);
            }

            _places[place] = new Place { Start = start, Length = text.Length + 1, Value = value };
            _rests[place] = rest;
        }
    }

    // The texts so far are looked up once more.
    private void Grow()
    {
        int places = _places.Length * 2;
        _places = new Place[places];
        _rests = new Vector256<byte>[places];
        _shift--;
        _taken = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryGetAnyhow(ReadOnlySpan<byte> text, out TValue value)
    {
        value = default;
        if (text.Length > MostBytes)
        {
            return false;
        }

        Read(text, out Vector256<byte> start, out Vector256<byte> rest);
        int at = PlaceOf(start, text.Length);
        ref readonly Place place = ref _places[at];
        value = place.Value;
        return start == place.Start && rest == _rests[at] && place.Length == text.Length + 1;
    }

    // Need not be hard to guess: a sender who makes texts collide pays with its own spans' speed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int PlaceOf(Vector256<byte> start, int length)
    {
        Vector128<ulong> half = (start.GetLower() ^ start.GetUpper()).AsUInt64();
        return (int)(((half[0] ^ BitOperations.RotateLeft(half[1], 29) ^ (uint)length) * 0x9E3779B97F4A7C15ul) >> _shift);
    }

    private static void Read(ReadOnlySpan<byte> text, out Vector256<byte> start, out Vector256<byte> rest)
    {
        Span<byte> padded = stackalloc byte[MostBytes];
        padded.Clear();
        text.CopyTo(padded);
        start = Vector256.Create<byte>(padded);
        rest = Vector256.Create<byte>(padded[Half..]);
    }

    private static Vector256<byte>[] MakeMasks()
    {
        var masks = new Vector256<byte>[Half + 1];
        byte[] ones = new byte[Half];
        Array.Fill(ones, (byte)0xFF);
        for (int length = 0; length < masks.Length; length++)
        {
            Read(ones.AsSpan(0, length), out masks[length], out _);
        }

        return masks;
    }

    private struct Place
    {
        /// <summary>Padded with zeros.</summary>
        public Vector256<byte> Start;

        /// <summary>1 more than the text's; 0 where there is none.</summary>
        public int Length;

        public TValue Value;
    }
}
