namespace SpanMetrics.Oracle;

/// <summary>Ways to make a record simpler by one step, the big steps first: for the shortest record that still shows a difference.</summary>
internal static class Smaller
{
    public static IEnumerable<List<WireNode>> Of(List<WireNode> nodes)
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            yield return [.. nodes[..i], .. nodes[(i + 1)..]];
        }

        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (WireNode simpler in Of(nodes[i]))
            {
                yield return [.. nodes[..i], simpler, .. nodes[(i + 1)..]];
            }
        }
    }

    private static IEnumerable<WireNode> Of(WireNode node)
    {
        foreach (List<WireNode> children in node.Children is null ? [] : Of(node.Children))
        {
            yield return With(node, to => to.Children = children);
        }

        if (node.Bytes.Length > 0)
        {
            yield return With(node, to => to.Bytes = node.Bytes[..(node.Bytes.Length / 2)]);
            yield return With(node, to => to.Bytes = node.Bytes[1..]);
        }

        if (node.TagPadding > 0 || node.ValuePadding > 0)
        {
            yield return With(node, to => to.TagPadding = to.ValuePadding = 0);
        }

        if (node.Value > 1)
        {
            yield return With(node, to => to.Value = 0);
            yield return With(node, to => to.Value = 1);
        }
    }

    private static WireNode With(WireNode node, Action<WireNode> change)
    {
        WireNode changed = node.Clone();
        change(changed);
        return changed;
    }
}
