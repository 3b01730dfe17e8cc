using System.Collections.Concurrent;
using System.Net;

namespace SpanMetrics.Tests.Support;

/// <summary>Takes what Alertmanager sends: who it was meant for, the body, and when it came.</summary>
internal sealed class MessageReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(DateTime At, string Path, string Body)> _messages = new();

    public MessageReceiver()
    {
        Address = $"127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add($"http://{Address}/");
        _listener.Start();
        _ = TakeAsync();
    }

    public string Address { get; }

    public IReadOnlyCollection<(DateTime At, string Path, string Body)> Messages => _messages;

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new StreamReader(context.Request.InputStream);
            string text = await body.ReadToEndAsync();
            _messages.Enqueue((DateTime.UtcNow, context.Request.Url!.AbsolutePath, text));
            context.Response.Close();
        }
    }
}
