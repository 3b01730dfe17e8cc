using System.Net;
using System.Net.Http.Headers;

namespace SpanMetrics.Generator;

/// <summary>Export requests to an OTLP/HTTP receiver, one after the other. One that is not there yet, or busy, is asked again.</summary>
internal sealed class OtlpTarget(string url, TimeProvider clock) : IBatchTarget
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _client = new() { Timeout = Patience };
    private readonly Uri _traces = new($"{url.TrimEnd('/')}/v1/traces");

    public async ValueTask SendAsync(ReadOnlyMemory<byte> record, CancellationToken stop)
    {
        long start = clock.GetTimestamp();
        while (await AskAsync(record, stop) is string refusal)
        {
            if (clock.GetElapsedTime(start) > Patience)
            {
                throw new IOException($"{_traces} took no spans for {Patience.TotalSeconds} s: {refusal}");
            }
            await Task.Delay(Pause, clock, stop);
        }
    }

    public ValueTask<long> CompleteAsync() => ValueTask.FromResult(0L);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Null when it was taken, else why it may be asked again.</summary>
    private async Task<string?> AskAsync(ReadOnlyMemory<byte> record, CancellationToken stop)
    {
        using var content = new ReadOnlyMemoryContent(record);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        try
        {
            using HttpResponseMessage response = await _client.PostAsync(_traces, content, stop);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => null,
                HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
                    $"it answered {(int)response.StatusCode}",
                _ => throw new IOException($"{_traces} refused spans with {(int)response.StatusCode}: is it an OTLP/HTTP receiver?"),
            };
        }
        catch (HttpRequestException unreachable)
        {
            return unreachable.Message;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException($"{_traces} did not answer within {Patience.TotalSeconds} s");   // sent again it might count twice
        }
    }
}
