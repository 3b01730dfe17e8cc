using System.Globalization;
using System.Net;
using System.Text;
using SpanMetrics.Semantics;

namespace SpanMetrics.Exposition;

/// <summary>The page at <c>/</c>: what was decided since the start, for somebody without a Prometheus at hand.</summary>
internal static class StatusPage
{
    private const int RowLimit = 25;

    public static string Render(Page page, string version)
    {
        var html = new StringBuilder();
        html.Append("""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>SpanMetrics</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }
            table { border-collapse: collapse; margin: 0 0 2rem; width: 100%; } th, td { padding: .2rem .8rem; border-bottom: 1px solid #d9dee3; text-align: right; }
            th:first-child, td:first-child { text-align: left; } caption { text-align: left; font-weight: 600; padding: .4rem 0; }
            </style></head><body>
            <h1>SpanMetrics</h1>
            <p><a href="/metrics">/metrics</a> for Prometheus · <a href="/-/healthy">healthy</a> · <a href="/-/ready">ready</a> · version 
            """).Append(WebUtility.HtmlEncode(version)).Append("</p>\n");
        Table(html, "Decisions by tool", DecisionShare.By(Dimension.Tool, page));
        Table(html, "Decisions by risk tier", DecisionShare.By(Dimension.RiskTier, page));
        Table(html, "Decisions by model", DecisionShare.By(Dimension.Model, page));
        return html.Append("</body></html>\n").ToString();
    }

    private static void Table(StringBuilder html, string caption, List<DecisionShare> shares)
    {
        html.Append(CultureInfo.InvariantCulture, $"<table><caption>{caption}, since the start</caption><tr><th></th><th>decisions</th><th>denied</th><th>held for a human</th><th>denied, %</th></tr>\n");
        foreach (DecisionShare share in shares[..Math.Min(RowLimit, shares.Count)])
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{WebUtility.HtmlEncode(share.Value)}</td><td>{share.Decisions}</td><td>{share.Denied}</td><td>{share.Held}</td><td>{share.DeniedShare * 100:F1}</td></tr>\n");
        }

        if (shares.Count > RowLimit)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"5\">and {shares.Count - RowLimit} more</td></tr>\n");
        }

        html.Append(shares.Count == 0 ? "<tr><td colspan=\"5\">nothing was decided yet, or no view of decisions has this label and the outcome</td></tr></table>\n" : "</table>\n");
    }
}
