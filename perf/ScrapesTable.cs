using System.Diagnostics;
using SpanMetrics.Exposition;

namespace SpanMetrics.Perf;

/// <summary>
/// What a scrape costs whom, when every series of one view with 16 buckets was touched since the last: how long the worker's thread is
/// held, and what the reader does beside it. In elapsed time, since the promise is one of waiting; so the worst of the rounds is also
/// the neighbours'. Leaves out HTTP; the first table also compression, and memory for the page.
/// </summary>
internal static class ScrapesTable
{
    private const int Rounds = 7;

    public static int Print()
    {
        ScrapedWorker[] workers = [new(1_000, 1), new(100_000, 1), new(100_000, 8), new(1_000_000, 1)];
        var held = Times(workers);
        var folds = Times(workers);
        var pages = Times(workers);
        for (int round = -2; round < Rounds; round++)
        {
            foreach (ScrapedWorker worker in workers)
            {
                worker.TouchAll();
                Measure(held[worker], worker.HandOver);
                Measure(folds[worker], worker.Fold);
                Measure(pages[worker], worker.Render);
            }

            if (round < 0)
            {
                Clear([.. held.Values, .. folds.Values, .. pages.Values]); // first sight of the label sets, and code not compiled for good
            }
        }

        Console.WriteLine(Machine.Describe());
        var table = new MarkdownTable("series touched", "worker held, median ms", "worst", "fold, median ms", "worst", "page, median ms", "worst", "lines", "M lines/s", "MB");
        foreach (ScrapedWorker worker in workers)
        {
            table.Add(
            [
                worker.Name, .. MedianAndWorst(held[worker]), .. MedianAndWorst(folds[worker]), .. MedianAndWorst(pages[worker]),
                Text.Of($"{worker.Lines:N0}"), Text.Of($"{worker.Lines / Median(pages[worker]) / 1e3:F1}"), Text.Of($"{worker.Bytes / 1e6:N1}"),
            ]);
        }

        table.Print();
        PrintFormats();
        return 0;
    }

    // A million lines as a scraper gets them, into buffers that come from the pool and go back; then what gzip adds.
    private static void PrintFormats()
    {
        var worker = new ScrapedWorker(50_000, 1);
        worker.TouchAll();
        worker.HandOver();
        worker.Fold();
        var table = new MarkdownTable("format", "printed, median ms", "worst", "MB", "MB allocated", "gzip, median ms", "worst", "MB");
        foreach (PageFormat format in Enum.GetValues<PageFormat>())
        {
            List<double> printed = [], compressed = [];
            long bytes = 0, packedBytes = 0, allocated = 0;
            for (int round = -2; round < Rounds; round++)
            {
                if (round == 0)
                {
                    Clear(printed, compressed);
                    allocated = -GC.GetAllocatedBytesForCurrentThread();
                }

                PageBuffer? page = null, packed = null;
                Measure(printed, () => page = worker.Print(format));
                Measure(compressed, () => packed = PagePress.Compress(page!));
                (bytes, packedBytes) = (page!.Length, packed!.Length);
                page.Dispose();
                packed.Dispose();
            }

            allocated += GC.GetAllocatedBytesForCurrentThread();
            table.Add(
            [
                format.ToString(), .. MedianAndWorst(printed), Text.Of($"{bytes / 1e6:N1}"), Text.Of($"{allocated / Rounds / 1e6:N1}"),
                .. MedianAndWorst(compressed), Text.Of($"{packedBytes / 1e6:N1}"),
            ]);
        }

        table.Print();
    }

    private static Dictionary<ScrapedWorker, List<double>> Times(ScrapedWorker[] workers) => workers.ToDictionary(worker => worker, _ => new List<double>());

    private static void Clear(params IEnumerable<List<double>> all)
    {
        foreach (List<double> times in all)
        {
            times.Clear();
        }
    }

    private static void Measure(List<double> times, Action step)
    {
        long start = Stopwatch.GetTimestamp();
        step();
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2); // of an odd number of rounds

    private static string[] MedianAndWorst(List<double> times) => [Text.Of($"{Median(times):F3}"), Text.Of($"{times.Max():F3}")];
}
