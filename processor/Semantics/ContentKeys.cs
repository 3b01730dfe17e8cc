using System.Text;

namespace SpanMetrics.Semantics;

/// <summary>
/// Which attributes may not become labels, by what their keys say: what was said or done, who did it, what opens a door. A key is
/// read as words (<c>ai.response.toolCalls</c> is ai, response, tool, calls), so that <c>prompt_tokens</c> is no prompt.
/// </summary>
internal static class ContentKeys
{
    // Known by no word of theirs: free text, addresses with their query, a subject, and an id that is a capability.
    private static readonly HashSet<string> Whole = ["error", "exception", "http.url", "http.target", "url.full", "jwt.sub", "mcp.session.id"];

    private static readonly HashSet<string> Content =
    [
        "answer", "arg", "args", "argument", "arguments", "backstory", "body", "comment", "completion", "completions", "content", "contents", "description",
        "document", "documents", "explanation", "feedback", "goal", "header", "headers", "input", "inputs", "instruction", "instructions", "message", "messages",
        "msg", "output", "outputs", "parameter", "parameters", "params", "payload", "prompt", "prompts", "queries", "query", "question", "result", "results",
        "sql", "stack", "stacktrace", "statement", "text", "thinking", "thought", "thoughts", "transcript",
    ];

    // Not in gen_ai.request.model.
    private static readonly HashSet<string> ContentAtTheEnd =
        ["calls", "choices", "data", "definitions", "events", "metadata", "object", "reasoning", "request", "response", "schema", "tools"];

    // The name, the kind or the number of what the words before it say.
    private static readonly HashSet<string> Harmless =
    [
        "bytes", "code", "count", "duration", "error", "format", "id", "index", "kind", "language", "length", "method", "model", "ms", "name", "reason",
        "reasons", "role", "size", "status", "type", "version",
    ];

    // One of these anywhere, or token_count.
    private static readonly HashSet<string> Numbers = ["cost", "time", "tokens", "usage"];

    // Behind "user": a user's role and the user agent are no person.
    private static readonly HashSet<string> OfPersons =
        ["address", "display", "email", "first", "full", "hash", "id", "ip", "last", "login", "mail", "name", "phone"];

    // At the end of a key.
    private static readonly HashSet<string> Secrets = ["apikey", "authorization", "cookie", "credential", "credentials", "passwd", "password", "secret", "token"];

    /// <summary>What the attribute holds, for a message that ends so: "gen_ai.prompt holds content (prompt)". Null for one that may be a label.</summary>
    public static string? WhyRefused(string key)
    {
        List<string> words = WordsOf(key);
        if (words.Count == 0)
        {
            return null;
        }

        string last = words[^1];
        if (Whole.Contains(key.ToLowerInvariant()))
        {
            return "free text, an address or an identity";
        }

        if (words.Exists(Numbers.Contains) || HasTokenCount(words))
        {
            return null;
        }

        if (Secrets.Contains(last) || EndsWithApiKey(words))
        {
            return $"credentials ({last})";
        }

        for (int i = 0; i < words.Count; i++)
        {
            bool isPerson = words[i] is "user" or "enduser" && (i == words.Count - 1 || OfPersons.Contains(words[i + 1]));
            if (isPerson || words[i] is "email" or "phone")
            {
                return $"who somebody is ({words[i]})";
            }
        }

        if (Harmless.Contains(last))
        {
            return null;
        }

        string? content = words.Find(Content.Contains) ?? (ContentAtTheEnd.Contains(last) ? last : null);
        return content is null ? null : $"content ({content})";
    }

    private static bool EndsWithApiKey(List<string> words)
    {
        int key = words.LastIndexOf("key");
        return key > 0 && words[key - 1] is "api" or "access" or "private" && (key == words.Count - 1 || words[^1] == "hash");
    }

    private static bool HasTokenCount(List<string> words)
    {
        int token = words.IndexOf("token");
        return token >= 0 && token + 1 < words.Count && words[token + 1] == "count";
    }

    // Split at everything but letters and digits and before a capital letter that begins a word; numbers are left out.
    private static List<string> WordsOf(string key)
    {
        List<string> words = [];
        var word = new StringBuilder();
        for (int i = 0; i < key.Length; i++)
        {
            bool begins = char.IsAsciiLetterUpper(key[i]) && i > 0
                && (!char.IsAsciiLetterUpper(key[i - 1]) || (i + 1 < key.Length && char.IsAsciiLetterLower(key[i + 1])));
            if (begins || !char.IsLetterOrDigit(key[i]))
            {
                End();
            }

            if (char.IsLetterOrDigit(key[i]))
            {
                word.Append(char.ToLowerInvariant(key[i]));
            }
        }

        End();
        return words;

        void End()
        {
            string ended = word.ToString().TrimEnd("0123456789".ToCharArray());
            word.Clear();
            if (ended.Length > 0)
            {
                words.Add(ended);
            }
        }
    }
}
