using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SpanMetrics.Diagnostics;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Configuration;

/// <summary>Reads an emitter's rules from YAML; docs/emitters.md has the language. Every mistake is reported with file and line.</summary>
/// <param name="file">As mistakes and explanations name it.</param>
/// <param name="report">Gets each mistake, in one line.</param>
internal sealed class EmitterReader(string file, Action<string> report)
{
    private static readonly string[] EmitterKeys =
    [
        "emitter", "match", "unless", "asks", "spans", "logs", "outcomes", "agent", "tool", "model", "provider", "operation", "target", "event",
        "risk_tier", "modified", "conversation", "tokens", "cost", "values",
    ];

    private static readonly string[] ConditionWords = ["scope", "name", "kind", "status", "message"];
    private static readonly string[] SourceKeys = ["attribute", "resource", "name", "value", "take", "json", "class", "when", "unless"];
    private static readonly string[] Roles = ["whole", "turn", "inner", "tokens"];

    /// <summary>One emitter; null when it is too wrong to go on with. Others are right only if nothing was reported.</summary>
    public EmitterRules? Read(YamlNode node)
    {
        if (Mapping(node, "an emitter") is not YamlMappingNode mapping)
        {
            return null;
        }

        CheckKeys(mapping, EmitterKeys);
        string name = Text(mapping, "emitter");
        if (!Regex.IsMatch(name, "^[a-z0-9_]+$"))
        {
            Report(mapping, $"emitter: \"{name}\" must be a name of small letters, digits and underscores: it becomes the label source");
        }

        if (Child(mapping, "unless") is YamlNode exception && Child(mapping, "match") is null)
        {
            Report(exception, "unless is an exception from match, which is missing; without match the rules are for spans of every emitter");
        }

        var emitter = new EmitterRules { Name = name, Match = Child(mapping, "match") is YamlNode match ? new Condition { When = Alternatives(match), Unless = Child(mapping, "unless") is YamlNode unless ? Alternatives(unless) : [] } : null };
        emitter.Asks.AddRange(List(mapping, "asks", node => TextOf(node) is { Length: > 0 } key ? key : null));
        emitter.Spans.AddRange(List(mapping, "spans", ReadClass));
        emitter.Logs.AddRange(List(mapping, "logs", ReadClass));
        emitter.Outcomes.AddRange(List(mapping, "outcomes", ReadOutcome));
        for (Field field = 0; (int)field < FieldText.Count; field++)
        {
            string[] path = FieldText.Names[(int)field].Split('.');
            YamlMappingNode? holder = path.Length == 1 ? mapping : Child(mapping, path[0]) is YamlNode section ? Mapping(section, path[0]) : null;
            if (holder is not null)
            {
                emitter.Sources[(int)field].AddRange(List(holder, path[^1], ReadSource));
            }
        }

        if (Child(mapping, "tokens") is YamlMappingNode tokens)
        {
            CheckKeys(tokens, DimensionText.TokenTypes);
        }

        ReadValues(mapping, emitter);
        return emitter;
    }

    private ClassRule? ReadClass(YamlNode node)
    {
        if (Mapping(node, "a rule") is not YamlMappingNode rule)
        {
            return null;
        }

        CheckKeys(rule, ["class", "when", "unless", "anywhere", "call", "also"]);
        int kind = OneOf(rule, "class", DimensionText.Classes) ?? 0;
        string also = Text(rule, "also");
        if (also.Length > 0 && (also != "delegation" || kind != (int)SpanClass.Tool))
        {
            Report(rule, $"also: only a tool can be a delegation too, as in also: delegation");
        }

        return new ClassRule
        {
            Class = (SpanClass)kind,
            Condition = ReadCondition(rule, contentAllowed: false),
            Anywhere = Bool(rule, "anywhere"),
            Role = (CallRole)(Child(rule, "call") is null ? 0 : OneOf(rule, "call", Roles) ?? 0),
            AlsoDelegation = also.Length > 0,
            Place = PlaceOf(rule),
        };
    }

    private OutcomeRule? ReadOutcome(YamlNode node)
    {
        if (Mapping(node, "an outcome") is not YamlMappingNode rule)
        {
            return null;
        }

        CheckKeys(rule, ["class", "when", "unless", "anywhere", "outcome", "reason", "risk_tier", "status"]);
        int? Choice(string key, string[] names) => Child(rule, key) is null ? null : OneOf(rule, key, names);
        int? outcome = Choice("outcome", DimensionText.Outcomes), status = Choice("status", DimensionText.Statuses);
        if (Child(rule, "outcome") is null && Child(rule, "status") is null)
        {
            Report(rule, $"an outcome needs outcome ({string.Join(", ", DimensionText.Outcomes)}), or status ({string.Join(", ", DimensionText.Statuses)})");
        }

        if (Child(rule, "class") is null)
        {
            Report(rule, "an outcome needs class: the class of spans that it is for, or a list of them");
        }

        return new OutcomeRule
        {
            Classes = Classes(rule),
            Condition = ReadCondition(rule, contentAllowed: true),
            Anywhere = Bool(rule, "anywhere"),
            Outcome = (Outcome?)outcome,
            Reason = (Reason)(Choice("reason", DimensionText.Reasons) ?? 0),
            RiskTier = (RiskTier)(Choice("risk_tier", DimensionText.RiskTiers) ?? 0),
            Status = (SpanStatus?)status,
            Place = PlaceOf(rule),
        };
    }

    private FieldSource? ReadSource(YamlNode node)
    {
        if (node is YamlScalarNode { Value: { Length: > 0 } key })
        {
            return new FieldSource { Attribute = key, Condition = new Condition(), Place = PlaceOf(node) };
        }

        if (Mapping(node, "a source") is not YamlMappingNode source)
        {
            return null;
        }

        CheckKeys(source, SourceKeys);
        if (Array.FindAll(SourceKeys[..4], place => Child(source, place) is not null).Length != 1)
        {
            Report(source, "a source needs one of attribute, resource, name and value: where the value lies");
        }

        if (Child(source, "attribute") is null && (Child(source, "take") ?? Child(source, "json")) is not null)
        {
            Report(source, "take and json are for an attribute's value");
        }

        return new FieldSource
        {
            Attribute = TextOrNull(source, "attribute"),
            Resource = TextOrNull(source, "resource"),
            Name = Taking(source, "name"),
            Value = Child(source, "value") is YamlNode value ? Constant(value) : null,
            Take = Taking(source, "take"),
            Json = TextOrNull(source, "json"),
            Classes = Child(source, "class") is null ? ~CountedAs.Nothing : Classes(source),
            Condition = ReadCondition(source, contentAllowed: false),
            Place = PlaceOf(source),
        };
    }

    private void ReadValues(YamlMappingNode mapping, EmitterRules emitter)
    {
        if (Child(mapping, "values") is not YamlNode node || Mapping(node, "values") is not YamlMappingNode values)
        {
            return;
        }

        string[] texts = FieldText.Names[..FieldText.Texts];
        CheckKeys(values, texts);
        for (int field = 0; field < texts.Length; field++)
        {
            if (Child(values, texts[field]) is YamlNode child && Mapping(child, texts[field]) is YamlMappingNode map)
            {
                foreach ((YamlNode from, YamlNode to) in map.Children)
                {
                    emitter.Values[field].Add((new TextPattern(TextOf(from)), Encoding.UTF8.GetBytes(Constant(to))));
                }
            }
        }
    }

    private Condition ReadCondition(YamlMappingNode rule, bool contentAllowed)
    {
        var condition = new Condition
        {
            When = Child(rule, "when") is YamlNode when ? Alternatives(when) : [],
            Unless = Child(rule, "unless") is YamlNode unless ? Alternatives(unless) : [],
        };
        if (!contentAllowed && condition.IsContent)
        {
            Report(rule, $"json, json_with and {ValueTest.ToolMark} look into content, and only outcomes may");
        }

        return condition;
    }

    private FactTest[][] Alternatives(YamlNode node)
    {
        IEnumerable<YamlNode> alternatives = node is YamlSequenceNode list ? list.Children : [node];
        var read = new List<FactTest[]>();
        foreach (YamlNode alternative in alternatives)
        {
            if (Mapping(alternative, "a condition") is YamlMappingNode tests)
            {
                var all = new List<FactTest>();
                foreach ((YamlNode key, YamlNode value) in tests.Children)
                {
                    var test = new FactTest(InputOf(TextOf(key)), ReadTests(value));
                    CheckWords(test, value);
                    all.Add(test);
                }

                read.Add([.. all]);
            }
        }

        return [.. read];
    }

    private void CheckWords(FactTest test, YamlNode node)
    {
        string[]? words = test.Input.Part switch { SpanPart.Kind => DimensionText.KindWords, SpanPart.Status => DimensionText.Statuses, _ => null };
        foreach (ValueTest wanted in words is null ? [] : test.AnyOf)
        {
            if (Array.IndexOf(words!, wanted.Text) < 0)
            {
                Report(node, $"{test.Input}: there is no \"{wanted}\"; one of {string.Join(", ", words!)}");
            }
        }
    }

    private static FactInput InputOf(string key)
    {
        int part = Array.IndexOf(ConditionWords, key);
        return part >= 0 ? new FactInput((SpanPart)part)
            : key.StartsWith("resource.", StringComparison.Ordinal) ? new FactInput(SpanPart.Resource, key["resource.".Length..])
            : key.StartsWith("attribute.", StringComparison.Ordinal) ? new FactInput(SpanPart.Attribute, key["attribute.".Length..])
            : new FactInput(SpanPart.Attribute, key);
    }

    private ValueTest[] ReadTests(YamlNode node)
    {
        IEnumerable<YamlNode> values = node is YamlSequenceNode list ? list.Children : [node];
        var tests = new List<ValueTest>();
        foreach (YamlNode value in values)
        {
            if (value is YamlMappingNode json)
            {
                tests.Add(ReadJson(json));
            }
            else if (value is YamlScalarNode { Value: { Length: > 0 } text } scalar)
            {
                tests.Add(ReadTest(text, isPlain: scalar.Style == ScalarStyle.Plain));
            }
            else
            {
                Report(value, "a condition's value must be a text, true, false, a number, a list of these, or { json: … }; \"*\" for any value");
            }
        }

        return [.. tests];
    }

    private static ValueTest ReadTest(string text, bool isPlain) =>
        isPlain && text is "true" or "false" ? new ValueTest { Bool = text == "true" }
        : isPlain && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? new ValueTest { Number = (whole, whole) }
        : text.StartsWith(">=", StringComparison.Ordinal) && double.TryParse(text.AsSpan(2), CultureInfo.InvariantCulture, out double least) ? new ValueTest { Number = (least, double.PositiveInfinity) }
        : text.StartsWith('<') && double.TryParse(text.AsSpan(1), CultureInfo.InvariantCulture, out double beyond) ? new ValueTest { Number = (double.NegativeInfinity, Math.BitDecrement(beyond)) }
        : new ValueTest { Text = text };

    private ValueTest ReadJson(YamlMappingNode node)
    {
        CheckKeys(node, ["json", "json_with"]);
        var members = new Dictionary<string, ValueTest>();
        var wanted = (Child(node, "json") ?? Child(node, "json_with")) as YamlMappingNode;
        foreach ((YamlNode key, YamlNode value) in (wanted ?? []).Children)
        {
            if (value is YamlScalarNode { Value: { Length: > 0 } text } scalar && ReadTest(text, scalar.Style == ScalarStyle.Plain) is { Number: null } test)
            {
                members[TextOf(key)] = test;
            }
            else
            {
                Report(value, $"a member of {TextOf(key)} must be a text, true or false; \"*\" for any value");
            }
        }

        if (members.Count == 0)
        {
            Report(node, "json needs the members of the object, as in { json: { status: held } }");
        }

        return new ValueTest { Json = new JsonTest(members, Whole: Child(node, "json") is not null) };
    }

    private CountedAs Classes(YamlMappingNode rule)
    {
        var classes = CountedAs.Nothing;
        foreach (YamlNode node in Child(rule, "class") is YamlSequenceNode list ? list.Children : [Child(rule, "class") ?? ""])
        {
            int kind = Array.IndexOf(DimensionText.Classes, TextOf(node));
            if (kind >= 0)
            {
                classes |= (CountedAs)(1u << kind);
            }
            else if (TextOf(node).Length > 0)
            {
                Report(node, $"there is no class \"{TextOf(node)}\"; {NearestName.Hint(TextOf(node), DimensionText.Classes)}");
            }
        }

        return classes;
    }

    private TextPattern? Taking(YamlMappingNode source, string key)
    {
        string pattern = Text(source, key);
        if (pattern.Length > 0 && TextPattern.Takes(pattern) != 1)
        {
            Report(source, $"{key}: \"{pattern}\" must say with one (*) which part to take, as in \"execute_tool (*)\"");
        }

        return pattern.Length == 0 ? null : new TextPattern(pattern);
    }

    private int? OneOf(YamlMappingNode mapping, string key, string[] names)
    {
        string text = Text(mapping, key);
        int found = Array.IndexOf(names, text);
        if (found >= 0)
        {
            return found;
        }

        Report(Child(mapping, key) ?? mapping, text.Length == 0 ? $"{key} is missing; one of {string.Join(", ", names)}" : $"{key}: there is no \"{text}\"; {NearestName.Hint(text, names)}");
        return null;
    }

    private bool Bool(YamlMappingNode mapping, string key)
    {
        string text = Text(mapping, key);
        if (text is not ("" or "true" or "false"))
        {
            Report(Child(mapping, key)!, $"{key} must be true or false, not \"{text}\"");
        }

        return text == "true";
    }

    private List<T> List<T>(YamlMappingNode mapping, string key, Func<YamlNode, T?> read)
        where T : class
    {
        var list = new List<T>();
        YamlNode? node = Child(mapping, key);
        if (node is not null and not YamlSequenceNode)
        {
            Report(node, $"{key} must be a list");
        }

        foreach (YamlNode item in node is YamlSequenceNode sequence ? sequence.Children : [])
        {
            if (read(item) is T value)
            {
                list.Add(value);
            }
        }

        return list;
    }

    private void CheckKeys(YamlMappingNode mapping, string[] known)
    {
        foreach ((YamlNode key, _) in mapping.Children)
        {
            if (Array.IndexOf(known, TextOf(key)) < 0)
            {
                Report(key, $"unknown key \"{TextOf(key)}\"; {NearestName.Hint(TextOf(key), known)}");
            }
        }
    }

    private YamlMappingNode? Mapping(YamlNode node, string what)
    {
        if (node is not YamlMappingNode mapping)
        {
            Report(node, $"{what} must be a mapping of keys to values");
            return null;
        }

        return mapping;
    }

    private static YamlNode? Child(YamlMappingNode mapping, string key) => mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? child) ? child : null;

    private static string TextOf(YamlNode node) => (node as YamlScalarNode)?.Value ?? "";

    private static string Text(YamlMappingNode mapping, string key) => Child(mapping, key) is YamlNode node ? TextOf(node) : "";

    private static string? TextOrNull(YamlMappingNode mapping, string key) => Text(mapping, key) is { Length: > 0 } text ? text : null;

    // ~ is YAML's word for nothing.
    private static string Constant(YamlNode node) => TextOf(node) is "~" or "null" ? "" : TextOf(node);

    private string PlaceOf(YamlNode node) => string.Create(CultureInfo.InvariantCulture, $"{file}:{node.Start.Line}");

    private void Report(YamlNode node, string problem) => report($"{PlaceOf(node)}: {problem}");
}
