namespace SpanMetrics.Tests.Support;

/// <summary>The program as a user starts it.</summary>
internal static class ProgramUnderTest
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>SPANMETRICS_PROGRAM, else what `make build` published, else what was built beside the tests.</summary>
    public static string File { get; } = Find();

    public static ChildProcess Start(params string[] arguments) => ChildProcess.Start(File, arguments);

    public static Task<ProgramResult> RunAsync(params string[] arguments) => RunAsync([], arguments);

    public static async Task<ProgramResult> RunAsync(byte[] input, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var program = ChildProcess.Start(File, arguments, input, environment);
        var code = await program.ExitAsync(Deadline);
        return new ProgramResult(code, program.Output, program.Error);
    }

    private static string Find()
    {
        var named = Environment.GetEnvironmentVariable("SPANMETRICS_PROGRAM");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }
        var published = Repository.PathOf("artifacts", "spanmetrics", "spanmetrics");
        return System.IO.File.Exists(published) ? published : Path.Combine(AppContext.BaseDirectory, "spanmetrics");
    }
}
