using System.Text;
using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>The first services that came get a number; all after them are <see cref="Others"/>. Not thread-safe: owned by <see cref="StatusHistory"/>.</summary>
internal sealed class ServiceNames
{
    public const int Most = 50;

    /// <summary>Also of a view that does not count by service.</summary>
    public const int Others = 0;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly Dictionary<int, int> _bySymbol = [];

    public IReadOnlyCollection<string> All => _numbers.Keys;

    /// <summary>Services without a number.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Symbols are valid until the next fold.</summary>
    public void ForgetSymbols()
    {
        _bySymbol.Clear();
        LeftOut = 0;
    }

    public int NumberOf(SeriesTable view, int series, int at)
    {
        if (at < 0)
        {
            return Others;
        }

        int symbol = view.ValueOf(series, at);
        if (!_bySymbol.TryGetValue(symbol, out int number))
        {
            _bySymbol.Add(symbol, number = NumberOf(Encoding.UTF8.GetString(view.LabelOf(series, at))));
        }

        return number;
    }

    /// <summary>Null where no such service came.</summary>
    public int? Find(string service) => _numbers.TryGetValue(service, out int number) ? number : null;

    private int NumberOf(string service)
    {
        if (!_numbers.TryGetValue(service, out int number))
        {
            if (_numbers.Count == Most)
            {
                LeftOut++;
                return Others;
            }

            _numbers.Add(service, number = _numbers.Count + 1);
        }

        return number;
    }
}
