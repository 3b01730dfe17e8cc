namespace SpanMetrics.Tests.Support;

internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit {ExitCode}\n--- stdout:\n{Output}\n--- stderr:\n{Error}";
}
