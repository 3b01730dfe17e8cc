using System.Globalization;

namespace SpanMetrics.Exposition;

/// <summary>What a running worker says of itself beside its page: answers to scrapes, build, process, runtime.</summary>
/// <param name="version">As <c>1.2.3+revision</c>.</param>
/// <param name="process">Those of the process and the runtime.</param>
internal sealed class OwnFamilies(string version, Func<IEnumerable<PlainFamily>> process)
{
    private static readonly string[] FormatNames = ["text", "openmetrics", "protobuf"];
    private static readonly int[] Codes = [StatusCodes.Status200OK, StatusCodes.Status503ServiceUnavailable];

    private readonly long[] _scrapes = new long[FormatNames.Length * Codes.Length];
    private readonly PlainHistogram _durations = NewDurations();
    private readonly Lock _gate = new(); // answers are given on many threads

    public string Version => version;

    /// <param name="format">Of the answer.</param>
    /// <param name="code">HTTP's.</param>
    /// <param name="took">From the request to when its page was ready, or given up.</param>
    public void CountScrape(PageFormat format, int code, TimeSpan took)
    {
        lock (_gate)
        {
            _scrapes[((int)format * Codes.Length) + Array.IndexOf(Codes, code)]++;
            _durations.Observe((long)took.TotalNanoseconds);
        }
    }

    /// <summary>The page with all that a worker says of itself.</summary>
    public Page AddTo(Page page)
    {
        string[] parts = version.Split('+');
        string revision = parts.Length > 1 ? parts[1] : "";
        PlainFamily build = new PlainFamily("spanmetrics_build_info", "1, with what was built as labels.", isCounter: false)
            .With(1, ("version", parts[0]), ("revision", revision), ("dotnet_version", Environment.Version.ToString()));
        lock (_gate)
        {
            PlainHistogram durations = NewDurations();
            durations.Add(_durations);
            return page with { Own = [.. page.Own, Scrapes(), build, .. process()], OwnHistograms = [.. page.OwnHistograms, durations] };
        }
    }

    private static PlainHistogram NewDurations() =>
        new("spanmetrics_scrape_duration_seconds", "Time from a scrape's request to when its page was ready, or given up.", [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10]);

    private PlainFamily Scrapes()
    {
        var scrapes = new PlainFamily("spanmetrics_scrapes_total", "Answers to scrapes before this one.", isCounter: true);
        for (int i = 0; i < _scrapes.Length; i++)
        {
            scrapes.With(_scrapes[i], ("format", FormatNames[i / Codes.Length]), ("code", Codes[i % Codes.Length].ToString(CultureInfo.InvariantCulture)));
        }

        return scrapes;
    }
}
