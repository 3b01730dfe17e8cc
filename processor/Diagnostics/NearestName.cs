namespace SpanMetrics.Diagnostics;

/// <summary>Finds the name that a misspelled one was meant to be.</summary>
internal static class NearestName
{
    /// <summary>What to say after "there is no such name".</summary>
    public static string Hint(string name, IReadOnlyList<string> known) =>
        Of(name, known) is string nearest ? $"did you mean \"{nearest}\"?" : $"known here: {string.Join(", ", known)}";

    /// <summary>Null when none is near: more than a third of the letters would have to change.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        int best = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int distance = Distance(name, candidate);
            if (distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }

        return nearest;
    }

    // Levenshtein: insertions, deletions and replacements of one letter.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
