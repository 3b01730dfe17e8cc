using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.House;

/// <summary>What docs/emitters.md says is understood is what captures show, and its example works.</summary>
public sealed partial class EmitterDocsTests
{
    private const string Example = "tests/data/docs/porter.yml";
    private const string ExampleSpans = "tests/data/docs/porter.traces.json";

    private static readonly string Text = File.ReadAllText(Repository.PathOf("docs", "emitters.md"));

    // | `file` | versions | what | shown by |; the file stands in its first row.
    private static readonly string[][] Matrix =
        [.. Text[Text.IndexOf("## What is understood", StringComparison.Ordinal)..].Split('\n').Where(line => line.StartsWith('|')).Skip(2).Select(line => line.Split('|'))];

    public static TheoryData<string> Verbs => ["replay", "explain"];

    [Fact]
    public void Every_emitter_file_is_in_the_matrix() => Assert.Equal(
        Directory.GetFiles(Repository.PathOf("processor", "Semantics", "emitters")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal),
        Matrix.Select(row => row[1].Trim(' ', '`')).Where(file => file.Length > 0).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_capture_is_in_the_matrix_once() => Assert.Equal(
        SpanCapture.Names,
        Matrix.SelectMany(row => Named(row[4])).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_row_says_what_shows_it() =>
        Assert.All(Matrix, row => Assert.True(Named(row[4]).Any() || row[4].Trim() is "facts" or "all captures", string.Join('|', row)));

    [Fact]
    public void The_example_in_the_text_is_the_file() => Assert.Contains($"```yaml\n{File.ReadAllText(Repository.PathOf(Example))}```", Text, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task The_example_prints_what_the_text_shows(string verb)
    {
        string shown = Printed().Matches(Text).Single(block => block.Groups["verb"].Value == verb).Groups["lines"].Value;

        ProgramResult result = await ProgramUnderTest.RunAsync(verb, "--config", Repository.PathOf(Example), Repository.PathOf(ExampleSpans));

        Assert.True(result.ExitCode == 0, result.ToString());
        string[] printed = result.Output.Replace(Repository.Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal).Split('\n');
        Assert.All(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Contains(line, printed));
    }

    // `folder`: `capture` `capture`
    private static IEnumerable<string> Named(string cell) =>
        Captures().Matches(cell).SelectMany(folder => folder.Groups["capture"].Captures.Select(capture => $"{folder.Groups["folder"].Value}/{capture.Value}"));

    [GeneratedRegex("""`(?<folder>[^`]+)`:(?: `(?<capture>[^`]+)`)+""")]
    private static partial Regex Captures();

    [GeneratedRegex("""^artifacts/spanmetrics/spanmetrics (?<verb>\w+) .*\n```\n\n```\n(?<lines>(?:[^`].*\n)+)```$""", RegexOptions.Multiline)]
    private static partial Regex Printed();
}
