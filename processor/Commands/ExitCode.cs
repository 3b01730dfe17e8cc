namespace SpanMetrics.Commands;

/// <summary>What the program ends with (README, Configuration).</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int UnreadableInput = 3;
}
