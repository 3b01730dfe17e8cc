namespace SpanMetrics.Perf;

/// <summary><c>make bench</c> prints the ceilings; <c>ARGS</c> is one of the verbs below, or options of BenchmarkDotNet.</summary>
internal static class Program
{
    public static int Main(string[] args) => args switch
    {
        [] => CeilingsTable.Print(),
        ["curves"] => Curves.Print(),
        ["scrapes"] => ScrapesTable.Print(),
        ["allocations"] => Allocations.Print(),
        ["budgets"] => Budgets.Check(),
        [['-', ..], ..] => Benchmarks.Run(args),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("nothing: the ceilings. curves, scrapes, allocations, budgets. Options such as --filter '*Decode*' go to BenchmarkDotNet.");
        return 2;
    }
}
