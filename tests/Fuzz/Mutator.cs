using SpanMetrics.Oracle;

namespace SpanMetrics.Fuzz;

/// <summary>Makes a bad record out of good ones: by its bytes, by its fields, or both. The same seed gives the same records.</summary>
internal sealed class Mutator(Corpus corpus, int seed)
{
    private const int MostBytes = 4096;

    private static readonly byte[] TellingBytes = [0, 1, 2, 7, 8, 9, 0x0A, 0x0B, 0x0C, 0x0F, 0x12, 0x2A, 0x32, 0x4A, 0x59, 0x62, 0x7A, 0x7F, 0x80, 0x81, 0xFE, 0xFF];
    private static readonly ulong[] TellingNumbers = [0, 1, 2, 5, 6, 24, 25, 0x7F, 0x80, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, 1UL << 63, ulong.MaxValue];

    // Known ones, the first unknown ones, the largest, and two that there cannot be.
    private static readonly int[] TellingFields = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, (1 << 29) - 1, 1 << 29, int.MaxValue];

    private readonly Random _random = new(seed);
    private readonly List<byte> _bytes = new(MostBytes);
    private readonly List<(List<WireNode> Siblings, int Index)> _places = [];

    public byte[] Next()
    {
        int from = _random.Next(corpus.Records.Count);
        _bytes.Clear();
        int how = _random.Next(4);
        _bytes.AddRange(how == 0 ? corpus.Records[from] : OtherFields(corpus.Trees[from]));
        for (int i = how <= 1 ? _random.Next(1, 5) : 0; i > 0 && _bytes.Count > 0; i--)
        {
            ChangeBytes();
        }

        return _bytes.Count <= MostBytes ? [.. _bytes] : [.. _bytes[..MostBytes]];
    }

    private byte[] OtherFields(List<WireNode> tree)
    {
        List<WireNode> fields = WireNode.Clone(tree);
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            _places.Clear();
            Collect(fields);
            if (_places.Count > 0)
            {
                (List<WireNode> siblings, int index) = _places[_random.Next(_places.Count)];
                ChangeField(siblings, index);
            }
        }

        return WireNode.Write(fields);
    }

    private void Collect(List<WireNode> fields)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            _places.Add((fields, i));
            if (fields[i].Children is List<WireNode> children)
            {
                Collect(children);
            }
        }
    }

    private void ChangeField(List<WireNode> siblings, int index)
    {
        WireNode field = siblings[index];
        switch (_random.Next(14))
        {
            case 0:
                siblings.RemoveAt(index);
                break;
            case 1:
                siblings.Insert(_random.Next(siblings.Count + 1), field.Clone());
                break;
            case 2:
                siblings.RemoveAt(index);
                siblings.Insert(_random.Next(siblings.Count + 1), field);
                break;
            case 3:
                // To another message: a copy, for the place may be inside the field itself.
                List<WireNode> others = _places[_random.Next(_places.Count)].Siblings;
                others.Insert(_random.Next(others.Count + 1), field.Clone());
                break;
            case 4:
                siblings.Insert(_random.Next(siblings.Count + 1), Stranger());
                break;
            case 5:
                field.Number = Pick(TellingFields);
                break;
            case 6:
                field.Type = (uint)_random.Next(8);
                break;
            case 7:
                field.TagPadding = _random.Next(1, 10);
                break;
            case 8:
                field.ValuePadding = _random.Next(1, 10);
                break;
            case 9:
                field.LengthError = _random.Next(3) == 0 ? (long)Pick(TellingNumbers) : _random.Next(-3, 4);
                break;
            case 10:
                field.Value = Pick(TellingNumbers);
                break;
            case 11:
                field.Bytes = new byte[_random.Next(12)];
                _random.NextBytes(field.Bytes);
                field.Children = null;
                break;
            case 12:
                (field.Children ??= []).Add(Stranger());
                break;
            default:
                // Groups within groups, now and then around the depth at which parsers give up.
                int number = Pick(TellingFields);
                for (int depth = _random.Next(10) == 0 ? _random.Next(80, 110) : 1; depth > 0; depth--)
                {
                    field = WireNode.Group(number, field);
                }

                siblings[index] = field;
                break;
        }
    }

    /// <summary>A field from somewhere else.</summary>
    private WireNode Stranger()
    {
        List<WireNode> fields = corpus.Trees[_random.Next(corpus.Trees.Count)];
        WireNode? field = null;
        for (int depth = _random.Next(1, 7); depth > 0 && fields.Count > 0; depth--)
        {
            field = fields[_random.Next(fields.Count)];
            fields = field.Children ?? [];
        }

        return field?.Clone() ?? WireNode.Varint(1, 1);
    }

    private void ChangeBytes()
    {
        int at = _random.Next(_bytes.Count);
        int length = Math.Min(_random.Next(1, 9), _bytes.Count - at);
        switch (_random.Next(9))
        {
            case 0:
                _bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                _bytes[at] = Pick(TellingBytes);
                break;
            case 2:
                _bytes[at] = (byte)(_bytes[at] + _random.Next(-3, 4));
                break;
            case 3:
                _bytes.Insert(at, Pick(TellingBytes));
                break;
            case 4:
                _bytes.RemoveRange(at, length);
                break;
            case 5:
                _bytes.InsertRange(at, _bytes[at..(at + length)]);
                break;
            case 6:
                _bytes.RemoveRange(at, _bytes.Count - at);
                break;
            case 7:
                // The start of one record, the end of another.
                byte[] other = corpus.Records[_random.Next(corpus.Records.Count)];
                _bytes.RemoveRange(at, _bytes.Count - at);
                _bytes.AddRange(other.AsSpan(Math.Min(other.Length, _random.Next(3) == 0 ? at : _random.Next(other.Length + 1))));
                break;
            default:
                // A varint that goes on with nothing, or with more than 64 bits.
                _bytes[at] |= 0x80;
                _bytes.Insert(at + 1, (byte)_random.Next(_random.Next(2) == 0 ? 1 : 4));
                _bytes.InsertRange(at + 1, Enumerable.Repeat((byte)0x80, _random.Next(10)));
                break;
        }
    }

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
