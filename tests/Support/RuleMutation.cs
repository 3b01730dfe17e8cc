using SpanMetrics.Semantics;

namespace SpanMetrics.Tests.Support;

/// <summary>The built-in rules less one.</summary>
/// <param name="Rule">What is missing: file, line and text.</param>
/// <param name="IsPart">An alternative, an exception or a value of a condition, or a key of the rule, and not the whole rule.</param>
/// <param name="Emitters">The rules that are left.</param>
internal sealed record RuleMutation(string Rule, bool IsPart, IReadOnlyList<EmitterRules> Emitters)
{
    /// <summary>All there are of these rules.</summary>
    public static IEnumerable<RuleMutation> Of(IReadOnlyList<EmitterRules> emitters) =>
    [
        .. Less(emitters, emitter => emitter.Spans, NameOf, Parts),
        .. Less(emitters, emitter => emitter.Logs, NameOf, Parts),
        .. Less(emitters, emitter => emitter.Outcomes, rule => $"{rule.Place} {rule.Outcome}{rule.Status}", Parts),
        .. Enumerable.Range(0, FieldText.Count).SelectMany(field => Less(
            emitters, emitter => emitter.Sources[field], source => $"{source.Place} {FieldText.Names[field]}, {source}", source => Less(source.Condition).Select(less => (less.Part, source with { Condition = less.Left })))),
        .. Enumerable.Range(0, FieldText.Texts).SelectMany(field => Less(emitters, emitter => emitter.Values[field], value => $"{FieldText.Names[field]} {value.From}", _ => [])),
        .. Less(emitters, emitter => emitter.Asks, key => $"asks {key}", _ => []),
        .. from place in Enumerable.Range(0, emitters.Count)
           where emitters[place].Match is not null
           from less in Less(emitters[place].Match!)
           select new RuleMutation($"{emitters[place].Name} match without {less.Part}", true, Replaced(emitters, place, Copy(emitters[place], less.Left))),
    ];

    private static string NameOf(ClassRule rule) => $"{rule.Place} {DimensionText.Classes[(int)rule.Class]}";

    private static IEnumerable<(string, ClassRule)> Parts(ClassRule rule) =>
    [
        .. Less(rule.Condition).Select(less => (less.Part, rule with { Condition = less.Left })),
        .. rule.Anywhere ? [("anywhere", rule with { Anywhere = false })] : Array.Empty<(string, ClassRule)>(),
        .. rule.Role != CallRole.Whole ? [("call", rule with { Role = CallRole.Whole })] : Array.Empty<(string, ClassRule)>(),
        .. rule.AlsoDelegation ? [("also", rule with { AlsoDelegation = false })] : Array.Empty<(string, ClassRule)>(),
    ];

    private static IEnumerable<(string, OutcomeRule)> Parts(OutcomeRule rule) =>
    [
        .. Less(rule.Condition).Select(less => (less.Part, rule with { Condition = less.Left })),
        .. rule.Anywhere ? [("anywhere", rule with { Anywhere = false })] : Array.Empty<(string, OutcomeRule)>(),
        .. rule.Reason != Reason.None ? [("reason", rule with { Reason = Reason.None })] : Array.Empty<(string, OutcomeRule)>(),
        .. rule.RiskTier != RiskTier.None ? [("risk_tier", rule with { RiskTier = RiskTier.None })] : Array.Empty<(string, OutcomeRule)>(),
    ];

    // Of one kind of rules: each left out, and each part of each left out.
    private static IEnumerable<RuleMutation> Less<T>(
        IReadOnlyList<EmitterRules> emitters, Func<EmitterRules, List<T>> listOf, Func<T, string> nameOf, Func<T, IEnumerable<(string Part, T Left)>> partsOf) =>
        from place in Enumerable.Range(0, emitters.Count)
        from i in Enumerable.Range(0, listOf(emitters[place]).Count)
        let rule = listOf(emitters[place])[i]
        from change in partsOf(rule).Select(less => (Name: $"{nameOf(rule)} without {less.Part}", IsPart: true, Instead: (T[])[less.Left])).Prepend((nameOf(rule), false, []))
        select new RuleMutation(change.Name, change.IsPart, Replaced(emitters, place, Changed(emitters[place], listOf, i, change.Instead)));

    private static EmitterRules Changed<T>(EmitterRules emitter, Func<EmitterRules, List<T>> listOf, int i, T[] instead)
    {
        EmitterRules copy = Copy(emitter, emitter.Match);
        listOf(copy).RemoveAt(i);
        listOf(copy).InsertRange(i, instead);
        return copy;
    }

    private static EmitterRules Copy(EmitterRules emitter, Condition? match)
    {
        var copy = new EmitterRules { Name = emitter.Name, Match = match };
        copy.Asks.AddRange(emitter.Asks);
        copy.Spans.AddRange(emitter.Spans);
        copy.Logs.AddRange(emitter.Logs);
        copy.Outcomes.AddRange(emitter.Outcomes);
        for (int field = 0; field < FieldText.Count; field++)
        {
            copy.Sources[field].AddRange(emitter.Sources[field]);
        }

        for (int field = 0; field < FieldText.Texts; field++)
        {
            copy.Values[field].AddRange(emitter.Values[field]);
        }

        return copy;
    }

    // Less an alternative of which others are left, an exception, or one of several values.
    private static IEnumerable<(string Part, Condition Left)> Less(Condition condition) =>
    [
        .. LessAlternatives(condition.When).Where(_ => condition.When.Length > 1).Concat(LessValues(condition.When)).Select(less => (less.Part, condition with { When = less.Left })),
        .. LessAlternatives(condition.Unless).Concat(LessValues(condition.Unless)).Select(less => ($"unless {less.Part}", condition with { Unless = less.Left })),
    ];

    private static IEnumerable<(string Part, FactTest[][] Left)> LessAlternatives(FactTest[][] alternatives) =>
        alternatives.Select((tests, i) => ($"{{ {string.Join(", ", tests.Select(test => $"{test}"))} }}", Without(alternatives, i)));

    private static IEnumerable<(string Part, FactTest[][] Left)> LessValues(FactTest[][] alternatives) =>
        from i in Enumerable.Range(0, alternatives.Length)
        from t in Enumerable.Range(0, alternatives[i].Length)
        let test = alternatives[i][t]
        from v in Enumerable.Range(0, test.AnyOf.Length > 1 ? test.AnyOf.Length : 0)
        select ($"{test.Input}: {test.AnyOf[v]}", Replaced(alternatives, i, Replaced(alternatives[i], t, test with { AnyOf = Without(test.AnyOf, v) })));

    private static T[] Without<T>(T[] list, int place) => [.. list[..place], .. list[(place + 1)..]];

    private static T[] Replaced<T>(IReadOnlyList<T> list, int place, T value) => [.. list.Take(place), value, .. list.Skip(place + 1)];
}
