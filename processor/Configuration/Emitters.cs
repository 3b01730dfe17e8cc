using System.Reflection;
using SpanMetrics.Semantics;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Configuration;

/// <summary>The emitters that the worker knows by itself: the files of <c>Semantics/emitters</c>.</summary>
internal static class Emitters
{
    // The order in which a span's emitter is told, and in which rules for spans of any emitter are tried. The last one takes what is nobody's.
    private static readonly string[] Names =
    [
        "kitelogik", "agentgateway", "kagent", "kaos", "litellm", "pydantic_ai", "openinference", "langfuse", "vercel", "langsmith",
        "openllmetry", "logfire", "mcp", "genai", "conventions", "other",
    ];

    private static readonly Lazy<IReadOnlyList<EmitterRules>> Files = new(() => Array.ConvertAll(Names, Read));

    /// <summary>The rules of the emitters that the worker knows.</summary>
    public static IReadOnlyList<EmitterRules> BuiltIn => Files.Value;

    /// <summary>What they are to a worker without emitters of the user's own.</summary>
    public static RuleBook Rules { get; } = new(BuiltIn);

    /// <summary>A file as it was written: to read, and to begin one's own with.</summary>
    public static string TextOf(string name)
    {
        using var text = new StreamReader(Open(name));
        return text.ReadToEnd();
    }

    private static EmitterRules Read(string name)
    {
        var errors = new List<string>();
        using var text = new StreamReader(Open(name));
        YamlNode? root = OptionsBinder.Parse(text);
        EmitterRules? rules = root is null ? null : new EmitterReader($"{name}.yaml", errors.Add).Read(root);
        return rules is not null && errors.Count == 0 ? rules : throw new ConfigurationException(errors);
    }

    private static Stream Open(string name) => Assembly.GetExecutingAssembly().GetManifestResourceStream($"emitters/{name}.yaml")!;
}
