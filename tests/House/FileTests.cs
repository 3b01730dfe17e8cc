using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.House;

public sealed class FileTests
{
    private const int MostLines = 450;

    private static readonly string[] Visible =
        ["processor", "rules", "dashboards", "tests", "perf", "compose", "docs", "artifacts", "SpanMetrics.sln", "README.md", "Makefile", "LICENSE", "CHANGELOG.md"];

    [Fact]
    public void A_file_holds_one_type_and_is_named_like_it() => Assert.Empty(
        SourceFile.All
            .Where(file => file.Place != "Program.cs" && !file.Types.SequenceEqual([file.Name]))
            .Select(file => $"{file} holds {string.Join(", ", file.Types)}"));

    [Fact]
    public void A_file_can_be_held_in_mind() => Assert.Empty(
        SourceFile.All.Where(file => file.Lines.Length > MostLines).Select(file => $"{file} has {file.Lines.Length} lines, more than {MostLines}"));

    [Fact]
    public void LINQ_is_not_used()
    {
        SourceFile[] users = [.. SourceFile.All.Where(file => file.Code.Contains("System.Linq", StringComparison.Ordinal))];

        Assert.Empty(users);
    }

    [Fact]
    public void The_top_level_shows_what_there_is_and_nothing_else()
    {
        string[] others =
        [
            .. Directory.EnumerateFileSystemEntries(Repository.Root)
                .Select(entry => Path.GetFileName(entry))
                .Where(name => name[0] != '.' && !Visible.Contains(name) && Path.GetExtension(name) is not (".props" or ".json")),
        ];

        Assert.Empty(others);
    }
}
