namespace SpanMetrics.Generator;

/// <summary>A span that ended with an exception, as the Python SDK shows it: status ERROR and an event, both encoded.</summary>
internal sealed class Failure(string type, string message)
{
    public static readonly Failure SpawnDenied = new("kitelogik.governed.GovernanceError", "Agent spawn denied");
    public static readonly Failure Provider = new("kitelogik.agents.errors.LLMProviderError", "LLM provider call failed after retries");
    public static readonly Failure Tool = new("RuntimeError", "backend did not answer");
    public static readonly Failure ArgumentsInvalid = new(
        "pydantic_core._pydantic_core.ValidationError",
        "1 validation error for PolicyInput\nargs\n  Input should be a valid dictionary [type=dict_type, input_value='amount=10', input_type=str]");
    public static readonly Failure AnswerTorn = new(
        "httpx.RemoteProtocolError",
        "peer closed connection without sending complete message body (received 12 bytes, expected 400)");

    public byte[] Status { get; } = SpanEncoder.Error($"{type[(type.LastIndexOf('.') + 1)..]}: {message}");

    public byte[] Exception { get; } = SpanEncoder.ExceptionAttributes(type, message);
}
