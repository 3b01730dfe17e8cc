namespace SpanMetrics.Perf;

/// <summary>Rows of text in columns of one width each: a table in Markdown and on a terminal alike.</summary>
internal sealed class MarkdownTable(params string[] head)
{
    private readonly List<string[]> _rows = [head];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Print()
    {
        Console.WriteLine();
        int[] widths = [.. head.Select((_, column) => _rows.Max(row => row[column].Length))];
        Line(_rows[0], widths);
        Line([.. widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ':')], widths);
        foreach (string[] row in _rows.Skip(1))
        {
            Line(row, widths);
        }
    }

    private static void Line(string[] cells, int[] widths) =>
        Console.WriteLine($"| {string.Join(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])))} |");
}
