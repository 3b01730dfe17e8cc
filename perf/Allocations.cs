namespace SpanMetrics.Perf;

/// <summary>
/// Managed bytes that the warm program allocates, and a control that does allocate: a meter that does not see the control proves
/// nothing about the rest.
/// </summary>
internal sealed class Allocations
{
    private const int Passes = 20;

    /// <summary>Bytes a span, with a visitor that makes an object for each.</summary>
    public double Control { get; private init; }

    /// <summary>Bytes a span.</summary>
    public double Decode { get; private init; }

    /// <summary>Bytes a span.</summary>
    public double AllViews { get; private init; }

    /// <summary>Bytes a label set.</summary>
    public double Fold { get; private init; }

    /// <summary>Bytes a label set.</summary>
    public double Render { get; private init; }

    public bool MeterWorks => Control >= Ceilings.ControlBytes;

    public static Allocations Measure()
    {
        var ceilings = new Ceilings(AgentSpans.Make());
        int spans = ceilings.Set.Spans;
        ceilings.Render();
        int labelSets = ceilings.Scrape.LabelSets;
        return new Allocations
        {
            Control = Of(ceilings.Allocate, spans),
            Decode = Of(ceilings.Decode, spans),
            AllViews = Of(ceilings.AllViews, spans),
            Fold = Of(ceilings.Scrape.Fold, labelSets, ceilings.AllViews),
            Render = Of(ceilings.Scrape.Render, labelSets),
        };
    }

    public static int Print()
    {
        Allocations measured = Measure();
        var table = new MarkdownTable("allocated when warm", "bytes", "for each");
        Add("control: a visitor that allocates", measured.Control, "span");
        Add("decode", measured.Decode, "span");
        Add("decode to all views", measured.AllViews, "span");
        Add("fold", measured.Fold, "label set");
        Add("render", measured.Render, "label set");
        table.Print();
        if (!measured.MeterWorks)
        {
            Console.Error.WriteLine($"the control allocates at least {Ceilings.ControlBytes} bytes a span and the meter did not see them");
        }

        return measured.MeterWorks ? 0 : 1;

        void Add(string what, double bytes, string unit) => table.Add(what, Text.Of($"{bytes:F3}"), unit);
    }

    private static double Of(Action pass, int operations, Action? prepare = null)
    {
        var measurement = new Measurement("", operations, pass, prepare);
        measurement.WarmUp(passes: 2); // buffers get their size
        for (int i = 0; i < Passes; i++)
        {
            measurement.RunPass();
        }

        return measurement.AllocatedBytes;
    }
}
