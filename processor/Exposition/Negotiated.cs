using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace SpanMetrics.Exposition;

/// <summary>What a scraper is answered with, of what it accepts (RFC 9110, 12.5). One that accepts nothing of ours gets text: it may read it all the same.</summary>
internal readonly record struct Negotiated(PageFormat Format, string ContentType, bool Gzip)
{
    // Where a wildcard leaves the choice to us, the first: what a browser shows.
    private static readonly (PageFormat Format, MediaTypeHeaderValue Type)[] Offers =
    [
        (PageFormat.Text, MediaTypeHeaderValue.Parse("text/plain; version=0.0.4; charset=utf-8")),
        (PageFormat.OpenMetrics, MediaTypeHeaderValue.Parse("application/openmetrics-text; version=1.0.0; charset=utf-8")),
        (PageFormat.Protobuf, MediaTypeHeaderValue.Parse("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited")),
    ];

    public static Negotiated Of(RequestHeaders asked)
    {
        IList<MediaTypeHeaderValue> ranges = asked.Accept;
        (PageFormat format, MediaTypeHeaderValue type) = Offers[0];
        double best = 0;
        int bestAt = -1;
        foreach ((PageFormat Format, MediaTypeHeaderValue Type) offer in Offers)
        {
            int at = MostExact(ranges, offer.Type);
            double quality = at < 0 ? 0 : ranges[at].Quality ?? 1;
            if (quality > best || (quality == best && quality > 0 && at < bestAt))
            {
                (format, type) = offer;
                (best, bestAt) = (quality, at);
            }
        }

        // No name of ours has anything to escape, so whichever way was asked for, this is how it is.
        bool asksHowToEscape = format == PageFormat.OpenMetrics && Find(ranges[bestAt].Parameters, "escaping") is not null;
        return new Negotiated(format, asksHowToEscape ? $"{type}; escaping=underscores" : type.ToString(), WantsGzip(asked.AcceptEncoding));
    }

    // Where the range stands that says how much this type is wanted; negative where none does.
    private static int MostExact(IList<MediaTypeHeaderValue> ranges, MediaTypeHeaderValue type)
    {
        int most = -1, found = -1;
        for (int at = 0; at < ranges.Count; at++)
        {
            int exactness = Exactness(ranges[at], type);
            if (exactness > most)
            {
                (most, found) = (exactness, at);
            }
        }

        return found;
    }

    // Negative where the range does not mean the type.
    private static int Exactness(MediaTypeHeaderValue range, MediaTypeHeaderValue type)
    {
        bool means = range.MatchesAllTypes ||
            (range.Type.Equals(type.Type, StringComparison.OrdinalIgnoreCase) && (range.MatchesAllSubTypes || range.SubType.Equals(type.SubType, StringComparison.OrdinalIgnoreCase)));
        if (!means)
        {
            return -1;
        }

        int exactness = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
        foreach (NameValueHeaderValue parameter in range.Parameters)
        {
            if (IsNamed(parameter, "q") || IsNamed(parameter, "escaping"))
            {
                continue;
            }

            NameValueHeaderValue? ours = Find(type.Parameters, parameter.Name.ToString());
            if (ours is null || !parameter.GetUnescapedValue().Equals(ours.Value, StringComparison.OrdinalIgnoreCase))
            {
                return -1;
            }

            exactness++;
        }

        return exactness;
    }

    private static NameValueHeaderValue? Find(IList<NameValueHeaderValue> parameters, string name)
    {
        foreach (NameValueHeaderValue parameter in parameters)
        {
            if (IsNamed(parameter, name))
            {
                return parameter;
            }
        }

        return null;
    }

    private static bool IsNamed(NameValueHeaderValue parameter, string name) => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool WantsGzip(IList<StringWithQualityHeaderValue> encodings)
    {
        double gzip = QualityOf(encodings, "gzip") ?? QualityOf(encodings, "*") ?? 0;
        return gzip > 0 && gzip >= (QualityOf(encodings, "identity") ?? 0);
    }

    private static double? QualityOf(IList<StringWithQualityHeaderValue> encodings, string name)
    {
        foreach (StringWithQualityHeaderValue encoding in encodings)
        {
            if (encoding.Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return encoding.Quality ?? 1;
            }
        }

        return null;
    }
}
