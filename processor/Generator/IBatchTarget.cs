namespace SpanMetrics.Generator;

/// <summary>Where generated records go. Disposal gives up what is still under way.</summary>
internal interface IBatchTarget : IAsyncDisposable
{
    /// <summary>Hands over one record, which is the caller's again afterwards. Waits where the target cannot keep up.</summary>
    ValueTask SendAsync(ReadOnlyMemory<byte> record, CancellationToken stop);

    /// <summary>Waits until every record is where it belongs.</summary>
    /// <returns>How many are not.</returns>
    ValueTask<long> CompleteAsync();
}
