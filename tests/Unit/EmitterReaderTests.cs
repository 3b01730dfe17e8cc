using SpanMetrics.Configuration;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

public sealed class EmitterReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Emitters_of_ones_own_are_asked_before_those_that_the_worker_knows()
    {
        SpanMetricsOptions options = Load("""
            emitters:
              - emitter: porter
                match: { scope: kitelogik.tether }
            """);

        Assert.Equal(["porter", "kitelogik"], Commands.CommonOptions.PipelineOf(options).Rules.Emitters.Take(2).Select(emitter => emitter.Name));
    }

    [Theory]
    [InlineData("emitter: Porter", "3: emitter: \"Porter\" must be a name of small letters, digits and underscores: it becomes the label source")]
    [InlineData("match: { scope: x }", "3: emitter: \"\" must be a name")]
    [InlineData("{ emitter: porter, mach: { scope: x } }", "3: unknown key \"mach\"; did you mean \"match\"?")]
    [InlineData("{ emitter: porter, unless: { scope: x } }", "3: unless is an exception from match, which is missing")]
    [InlineData("{ emitter: porter, spans: { class: tool } }", "3: spans must be a list")]
    [InlineData("{ emitter: porter, spans: [{ when: { scope: x } }] }", "3: class is missing; one of decision, ignored,")]
    [InlineData("{ emitter: porter, spans: [{ class: tol }] }", "3: class: there is no \"tol\"; did you mean \"tool\"?")]
    [InlineData("{ emitter: porter, spans: [{ class: tool, wen: { scope: x } }] }", "3: unknown key \"wen\"; did you mean \"when\"?")]
    [InlineData("{ emitter: porter, spans: [{ class: tool, anywhere: yes }] }", "3: anywhere must be true or false, not \"yes\"")]
    [InlineData("{ emitter: porter, spans: [{ class: llm, also: delegation }] }", "3: also: only a tool can be a delegation too")]
    [InlineData("{ emitter: porter, spans: [{ class: llm, call: turns }] }", "3: call: there is no \"turns\"; did you mean \"turn\"?")]
    [InlineData("{ emitter: porter, spans: [{ class: tool, when: { kind: SERVER } }] }", "3: kind: there is no \"SERVER\"; one of unspecified, internal, server,")]
    [InlineData("{ emitter: porter, spans: [{ class: tool, when: { status: broken } }] }", "3: status: there is no \"broken\"; one of unset, ok, error")]
    [InlineData("{ emitter: porter, spans: [{ class: tool, when: { a: { json: { b: c } } } }] }", "3: json, json_with and {tool} look into content, and only outcomes may")]
    [InlineData("{ emitter: porter, spans: [{ class: tool, when: { a: } }] }", "3: a condition's value must be a text, true, false, a number, a list of these, or { json: … }; \"*\" for any value")]
    [InlineData("{ emitter: porter, spans: [{ class: tool, when: [x] }] }", "3: a condition must be a mapping of keys to values")]
    [InlineData("{ emitter: porter, outcomes: [{ class: tool }] }", "3: an outcome needs outcome (none, allow, deny,")]
    [InlineData("{ emitter: porter, outcomes: [{ outcome: deny }] }", "3: an outcome needs class")]
    [InlineData("{ emitter: porter, outcomes: [{ class: [tool, dcision], outcome: deny }] }", "3: there is no class \"dcision\"; did you mean \"decision\"?")]
    [InlineData("{ emitter: porter, outcomes: [{ class: tool, outcome: dney }] }", "3: outcome: there is no \"dney\"; did you mean \"deny\"?")]
    [InlineData("{ emitter: porter, outcomes: [{ class: tool, outcome: deny, when: { a: { json: {} } } }] }", "3: json needs the members of the object, as in { json: { status: held } }")]
    [InlineData("{ emitter: porter, tool: [{ take: \"x (*)\" }] }", "3: a source needs one of attribute, resource, name and value: where the value lies")]
    [InlineData("{ emitter: porter, tool: [{ name: \"run *\" }] }", "3: name: \"run *\" must say with one (*) which part to take, as in \"execute_tool (*)\"")]
    [InlineData("{ emitter: porter, tool: [{ name: run (*), json: x }] }", "3: take and json are for an attribute's value")]
    [InlineData("{ emitter: porter, tokens: { inputs: [x] } }", "3: unknown key \"inputs\"; did you mean \"input\"?")]
    [InlineData("{ emitter: porter, values: { tols: { a: b } } }", "3: unknown key \"tols\"; did you mean \"tool\"?")]
    [InlineData("{ emitter: porter, model: [gen_ai.prompt] }", "3: model must not be taken from gen_ai.prompt, content (prompt); allow_content_attributes: [gen_ai.prompt] allows it all the same")]
    public void A_mistake_is_told_with_its_line_and_what_to_do(string emitter, string problem)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Load($"# a comment\nemitters:\n  - {emitter}\n"));

        Assert.Contains(exception.Errors, error => error.Contains($"spanmetrics.yml:{problem}", StringComparison.Ordinal));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var exception = Assert.Throws<ConfigurationException>(() => Load("""
            emitters:
              - emitter: porter
                spans: [{ class: tol }]
                tool: [{}]
            kafka: { group: x }
            """));

        Assert.Equal(["3", "4", "5"], exception.Errors.Select(error => error.Split(':')[1]));
    }

    [Fact]
    public void Content_can_be_allowed_by_name() => Assert.Single(Load("""
        allow_content_attributes: [gen_ai.prompt]
        emitters:
          - { emitter: porter, model: [gen_ai.prompt] }
        """).Emitters);

    [Fact]
    public void More_keys_than_there_is_room_for_are_a_mistake_and_no_crash()
    {
        string sources = string.Join(", ", Enumerable.Range(0, 300).Select(i => $"porter.tool{i}"));

        var exception = Assert.Throws<ConfigurationException>(() => Load($"emitters:\n  - {{ emitter: porter, tool: [{sources}] }}\n"));

        Assert.Contains("256 and 512 are the most", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private SpanMetricsOptions Load(string yaml)
    {
        string file = Path.Combine(_folder.Path, "spanmetrics.yml");
        File.WriteAllText(file, yaml);
        return ConfigurationLoader.Load(file, [], new Dictionary<string, string>());
    }
}
