namespace SpanMetrics.Pipeline;

/// <summary>The page asks a worker for what it added.</summary>
internal sealed class HandoverRequest(bool startAfresh) : TaskCompletionSource<WorkerHandover?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>Whether the worker is to forget its label sets then, since too many are of no use any more.</summary>
    public bool StartAfresh => startAfresh;
}
