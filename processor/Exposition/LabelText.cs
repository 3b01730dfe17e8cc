using System.Buffers;
using System.Text;
using SpanMetrics.Aggregation;
using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>Prints label sets, <c>name="value",…</c> without braces. Holds one text at a time.</summary>
internal sealed class LabelText
{
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private SeriesTable? _view;
    private byte[][] _names = [];

    /// <summary>Valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(SeriesTable view, int series)
    {
        if (view != _view)
        {
            _view = view;
            _names = Array.ConvertAll(view.View.LabelNames, name => Encoding.ASCII.GetBytes($"\",{name}=\""));
        }

        _text.ResetWrittenCount();
        for (int i = 0; i < _names.Length; i++)
        {
            ReadOnlySpan<byte> value = view.LabelOf(series, i);
            if (value.IsEmpty)
            {
                continue; // to Prometheus the same as an empty one, and the profiles have it so
            }

            _text.Write(_text.WrittenCount == 0 ? _names[i].AsSpan(2) : _names[i]);
            _text.Write(value); // has nothing that a text format escapes: LabelValue sees to it
        }

        if (_text.WrittenCount > 0)
        {
            _text.Write("\""u8);
        }

        return _text.WrittenSpan;
    }

    /// <summary>The same of values of any characters.</summary>
    public ReadOnlySpan<byte> Of((string Name, string Value)[] labels)
    {
        _text.ResetWrittenCount();
        foreach ((string name, string value) in labels)
        {
            _text.Write(_text.WrittenCount == 0 ? ""u8 : ","u8);
            Encoding.ASCII.GetBytes(name, _text);
            _text.Write("=\""u8);
            Encoding.UTF8.GetBytes(value.AsSpan().ContainsAny('\\', '"', '\n') ? Escaped(value) : value, _text);
            _text.Write("\""u8);
        }

        return _text.WrittenSpan;
    }

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
