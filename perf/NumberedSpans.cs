using SpanMetrics.Semantics;

namespace SpanMetrics.Perf;

/// <summary>
/// Spans that are alike but for a number in the tool's name and one in the model's, which are changed in place: as many label sets
/// as wanted, in any order, without bytes for each.
/// </summary>
internal sealed class NumberedSpans
{
    private const string Tool = "tool_00000000";
    private const string Model = "model-0000";

    private readonly List<(byte[] Record, int ToolEnd, int ModelEnd)> _spans = [];

    public NumberedSpans()
    {
        var span = new AgentSpan("support-desk", "supporter", Tool, "OPERATIONAL", Model, Outcome.Allow, 1_500_000, ReasonLength: 40);
        var builder = new RecordBuilder(RecordBuilder.UsualAttributes);
        var records = new byte[AgentSpans.Spans / AgentSpans.SpansPerRecord][];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = builder.Build(AgentSpans.SpansPerRecord, () => span);
            Find(records[i]);
        }

        Set = new RecordSet(records, _spans.Count);
    }

    public RecordSet Set { get; }

    public void Number(int span, int tool, int model = 0)
    {
        (byte[] record, int toolEnd, int modelEnd) = _spans[span];
        Print(record, toolEnd, tool, 8);
        Print(record, modelEnd, model, 4);
    }

    private void Find(byte[] record)
    {
        byte[] tool = System.Text.Encoding.ASCII.GetBytes(Tool), model = System.Text.Encoding.ASCII.GetBytes(Model);
        for (int at = 0; ;)
        {
            int found = record.AsSpan(at).IndexOf(tool);
            if (found < 0)
            {
                return;
            }

            int toolEnd = at + found + tool.Length;
            at = toolEnd + record.AsSpan(toolEnd).IndexOf(model) + model.Length;
            _spans.Add((record, toolEnd, at));
        }
    }

    private static void Print(byte[] record, int end, int number, int digits)
    {
        for (; digits > 0; digits--, number /= 10)
        {
            record[--end] = (byte)('0' + (number % 10));
        }
    }
}
