using System.Text.RegularExpressions;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.House;

/// <summary>A file of processor/, by its text.</summary>
internal sealed partial class SourceFile(string path)
{
    public static IReadOnlyList<SourceFile> All { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("processor"), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => new SourceFile(path)),
    ];

    public string Name { get; } = Path.GetFileNameWithoutExtension(path);

    /// <summary>Relative to processor/.</summary>
    public string Place { get; } = Path.GetRelativePath(Repository.PathOf("processor"), path).Replace('\\', '/');

    /// <summary>The folder right under processor/; empty for Program.cs.</summary>
    public string Room => Place.Contains('/', StringComparison.Ordinal) ? Place[..Place.IndexOf('/', StringComparison.Ordinal)] : "";

    public string[] Lines { get; } = File.ReadAllLines(path);

    /// <summary>Without comments and without what stands in quotes.</summary>
    public string Code { get; } = Ignored().Replace(File.ReadAllText(path), match => match.Value[0] == '/' ? " " : "\"\"");

    public IEnumerable<string> Types => TypeDeclaration().Matches(Code).Select(match => match.Groups["name"].Value);

    public override string ToString() => Place;

    [GeneratedRegex(""""//[^\n]*|/\*.*?\*/|\$*"{3,}.*?"{3,}|\$?"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])'"""", RegexOptions.Singleline)]
    private static partial Regex Ignored();

    // At the start of a line: nested types are indented.
    [GeneratedRegex("""^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe)\s+)*(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?|delegate\s+\S+)\s+(?<name>\w+)""", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
