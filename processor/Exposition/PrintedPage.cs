using SpanMetrics.Aggregation;

namespace SpanMetrics.Exposition;

/// <summary>A page that several answers are sent from. Its memory goes back when the last of those who share it has disposed of it.</summary>
internal sealed class PrintedPage : IDisposable
{
    private readonly TaskCompletionSource<PageBuffer> _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PageBuffer? _body;
    private int _sharers = 1; // who prints it

    /// <summary>Valid until the caller's <see cref="Dispose"/>.</summary>
    public Task<PageBuffer> Body => _printed.Task;

    /// <summary>Of the page that was printed; to be read when <see cref="Body"/> is there.</summary>
    public Moment Moment { get; set; }

    /// <summary>Only while another sharer is known not to have disposed of it.</summary>
    public PrintedPage Share()
    {
        Interlocked.Increment(ref _sharers);
        return this;
    }

    public void Set(PageBuffer body)
    {
        _body = body;
        _printed.SetResult(body);
    }

    public void Fail(Exception reason) => _printed.SetException(reason);

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _sharers) == 0)
        {
            _body?.Dispose();
        }
    }
}
