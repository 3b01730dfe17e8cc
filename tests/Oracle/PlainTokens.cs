using System.Globalization;
using System.Text.Json;

namespace SpanMetrics.Oracle;

/// <summary>Tokens and cost that a span of a model call carries. The first source that holds a number that can be right counts.</summary>
internal static class PlainTokens
{
    private const decimal Most = 1e9m;

    public static Dictionary<string, decimal> Of(PlainSpan span, string spanClass)
    {
        var tokens = new Dictionary<string, decimal>();
        if (spanClass is not ("llm" or "gateway"))
        {
            return tokens;
        }

        // On spans of other operations of Vercel's SDK they are sums.
        bool isVercelCall = span.Is("ai.operationId", "*.do*");
        string Vercel(string key) => isVercelCall ? span.Text(key) : "";
        Dictionary<string, JsonElement>? details = PlainText.ObjectOf(span.Text("langfuse.observation.usage_details"));
        string Langfuse(string name) => PlainText.MemberOf(details, name);

        Put("input",
            span.Text("gen_ai.usage.input_tokens"), span.Text("gen_ai.usage.prompt_tokens"), span.Text("llm.token_count.prompt"), span.Text("llm.request.tokens"),
            Vercel("ai.usage.inputTokens"), Vercel("ai.usage.promptTokens"), Langfuse("input"), Langfuse("prompt_tokens"), Langfuse("input_tokens"));
        Put("output",
            span.Text("gen_ai.usage.output_tokens"), span.Text("gen_ai.usage.completion_tokens"), span.Text("llm.token_count.completion"), span.Text("llm.response.tokens"),
            Vercel("ai.usage.outputTokens"), Vercel("ai.usage.completionTokens"), Langfuse("output"), Langfuse("completion_tokens"), Langfuse("output_tokens"));
        Put("cache_read",
            span.Text("gen_ai.usage.cache_read.input_tokens"), span.Text("gen_ai.usage.cache_read_input_tokens"),
            span.Text("llm.token_count.prompt_details.cache_read"), Vercel("ai.usage.cachedInputTokens"));
        Put("cache_creation",
            span.Text("gen_ai.usage.cache_creation.input_tokens"), span.Text("gen_ai.usage.cache_creation_input_tokens"),
            span.Text("gen_ai.usage.cache_write.input_tokens"), span.Text("llm.token_count.prompt_details.cache_write"));
        Put("reasoning",
            span.Text("gen_ai.usage.reasoning.output_tokens"), span.Text("gen_ai.usage.reasoning_tokens"), span.Text("gen_ai.usage.experimental.reasoning_tokens"),
            span.Text("llm.usage.reasoning_tokens"), span.Text("llm.token_count.completion_details.reasoning"));
        return tokens;

        void Put(string type, params string[] sources)
        {
            decimal? count = sources.Select(CountOf).FirstOrDefault(value => value.HasValue);
            if (count > 0)
            {
                tokens[type] = count.Value;
            }
        }
    }

    public static decimal CostOf(PlainSpan span, string spanClass)
    {
        if (spanClass is not ("llm" or "gateway"))
        {
            return 0;
        }

        string[] sources = ["agw.ai.usage.cost.total", "operation.cost", "gen_ai.cost.total_cost", "llm.cost.total"];
        return sources.Select(key => DollarsOf(span.Text(key))).FirstOrDefault(value => value.HasValue) ?? 0;
    }

    private static decimal? CountOf(string text) =>
        text.Length is > 0 and <= 20 && text.All(char.IsAsciiDigit) && decimal.Parse(text, CultureInfo.InvariantCulture) is <= Most and decimal count ? count : null;

    private static decimal? DollarsOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double dollars) && dollars >= 0 && dollars <= (double)Most ? (decimal)dollars : null;
}
