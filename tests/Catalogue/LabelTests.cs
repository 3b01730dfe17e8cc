using SpanMetrics.Aggregation;
using static SpanMetrics.Tests.Catalogue.Odd;
using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Catalogue;

/// <summary>Names that mean to break the page, or who reads it.</summary>
public sealed class LabelTests
{
    private const int ManyTools = 1_000;
    private const int CollidingPairs = 8;
    private const string Injection = "a\"} 1\nfake_total{x=\"";

    private static readonly (string, string)[] Governance =
        [("service_name", "desk"), ("outcome", "deny"), ("deny", "true"), ("risk_tier", "none"), ("reason", "policy"), ("source", "kitelogik")];

    private static readonly string Long = new('x', 127);

    internal static readonly Case[] Cases =
    [
        Named(44, "Line feeds, quotes and backslashes become underscores", "a\nb\"c\\d", "a_b_c_d"),
        Named(45, "Control characters become underscores", "a\0b\tc\u007Fd\u0085e", "a_b_c_d_e"),
        Named(45, "What colours a terminal does not", "\u001B[31mred", "__31mred"),
        Named(45, "Separators of lines and paragraphs become underscores", "a\u2028b\u2029c", "a_b_c"),
        Named(45, "Blanks of other widths become underscores", "a\u00A0b\u3000c", "a_b_c"),
        new Case(45, "A span and a service are told like a tool", Join(GoodRecord, Record("d\u001Besk", Odd.Scope, Span("x\0y", Attribute("gen_ai.agent.name", "a\nb"), Attribute("gen_ai.request.model", "m\"n")))))
            .Span(("service_name", "d_esk"), ("span_name", "x_y"), ("model", "m_n")),
        Named(46, "Directional characters are gone", "a\u202Eb\u2066c\u2069d\u200Fe\u061Cf", "abcdef"),
        Named(46, "Zero-width characters are gone", "a\u200Bb\u200Dc\uFEFFd\u2060e\u00ADf", "abcdef"),
        Named(46, "Letters and marks that nobody sees are gone", "a\u034Fb\u115Fc\u3164d\uFFA0e\uFE0Ff\U000E0041g", "abcdefg"),
        Named(46, "Letters that run from right to left stay", "\u05E9\u05DC\u05D5\u05DD", "\u05E9\u05DC\u05D5\u05DD"),
        new Case(47, "Letters that look alike are not merged", Beside(GateOf("pay"), GateOf("p\u0430y"))).Decision(("tool", "pay")).Decision(("tool", "p\u0430y")),
        new Case(48, "Two spellings of one name are merged", Beside(GateOf("caf\u00E9"), GateOf("cafe\u0301"))).Decisions(2, ("tool", "caf\u00E9")),
        new Case(48, "Two spellings of a letter with two marks are merged", Beside(GateOf("Vi\u1EC7t"), GateOf("Vie\u0323\u0302t"))).Decisions(2, ("tool", "Vi\u1EC7t")),
        new Case(48, "Two spellings of Hangul are merged", Beside(GateOf("\uD55C\uAE00"), GateOf("\u1112\u1161\u11AB\u1100\u1173\u11AF"))).Decisions(2, ("tool", "\uD55C\uAE00")),
        new Case(48, "Two spellings of kana are merged", Beside(GateOf("\u30D0\u30D1"), GateOf("\u30CF\u3099\u30CF\u309A"))).Decisions(2, ("tool", "\u30D0\u30D1")),
        new Case(48, "Two spellings of a long name are cut at the same place", Beside(GateOf(Long + "\u00E9"), GateOf(Long + "e\u0301"))).Decisions(2, ("tool", Long)),
        new Case(51, "Two names that differ after the cut are merged", Beside(GateOf(Long + "x1"), GateOf(Long + "x2"))).Decisions(2, ("tool", Long + "x")),
        Named(51, "A name is cut between two characters", Long + "\u6771", Long),
        Named(51, "A name as long as may be is whole", Long + "y", Long + "y"),
        Named(52, "A name makes no sample of its own", Injection, "a__ 1_fake_total_x__").Shows("fake_total", 0),
        Named(53, "HTML becomes text", "<img src=x onerror='alert(1)'>&lt;", "_img src_x onerror__alert(1)___lt_"),
        Named(53, "Markup of chats becomes text", "<!channel> *b* ~s~ `c` [t](u)", "__channel_ _b_ _s_ _c_ _t_(u)"),
        Named(53, "Templates become text", "{{ .Labels }} $labels ${x} %s", "__ .Labels __ _labels __x_ _s"),
        Named(53, "Every other sign becomes an underscore", "!#+,;=?^|\u2192\U0001F600\u00BD", "____________"),
        Named(53, "What names are made of stays", "GET /v1/a-b_c:d@1.0 (merged)", "GET /v1/a-b_c:d@1.0 (merged)"),
        Named(53, "Letters, marks and digits of any script stay", "\u6771\u4EAC \u0915\u093F \u0663", "\u6771\u4EAC \u0915\u093F \u0663"),
        new Case(54, "A flood of names leaves what was decided exact", Beside([.. Enumerable.Range(0, ManyTools).Select(i => GateOf($"tool{i}"))]))
            .Decisions(ManyTools, Governance).Within(new AggregationOptions { Series = 100 }).Costs(4 << 20),
        new Case(54, "A flood beyond the names kept leaves what was decided exact", Beside([.. Enumerable.Range(0, ManyTools).Select(i => GateOf($"tool{i}"))]))
            .Decisions(ManyTools, Governance).Within(new AggregationOptions { Series = 100, LabelValues = 100 }).Costs(4 << 20),
        new Case(56, "Names that collide in a plain hash are told apart", Beside([.. Colliding(CollidingPairs).Select(name => GateOf(name))]))
            .Decisions(1 << CollidingPairs, ("outcome", "deny"), ("risk_tier", "none")).Shows(Row.Decisions, 1, ("tool", Colliding(CollidingPairs)[^1])).Costs(4 << 20),
        Named(57, "An empty name is a missing one", "", "unknown"),
        new Case(57, "Empty names are missing ones", Join(GoodRecord, Record("", Odd.Scope, Span("", Attribute("gen_ai.agent.name", ""), Attribute("gen_ai.request.model", "")), Gate(Attribute("agent.name", "")))))
            .Span(("service_name", "unknown"), ("span_name", "unknown"), ("model", "none")).Decision(("tool", Tool), ("agent", "unknown"), ("service_name", "unknown")),
        Named(58, "Our own mark is not taken from outside", "__overflow__", "_overflow_"),
        Named(58, "Our own mark is not taken in disguise", "__over\u200Bflow__", "_overflow_"),
    ];

    public static IEnumerable<TheoryDataRow<string, Position>> Rows => Batch.RowsOf(Cases);

    [Theory]
    [MemberData(nameof(Rows))]
    public void An_odd_name_is_told_so_that_it_harms_nobody(string name, Position position) => Batch.Check(Cases, name, position);

    private static Case Named(int number, string sentence, string tool, string shown) =>
        new Case(number, sentence, Beside(GateOf(tool))).Decision(("tool", shown), ("deny", "true"));

    // "Aa" and "BB" have the same hash where a character counts 31 times the one after it.
    private static string[] Colliding(int pairs) =>
        [.. Enumerable.Range(0, 1 << pairs).Select(bits => string.Concat(Enumerable.Range(0, pairs).Select(pair => (bits >> pair & 1) == 0 ? "Aa" : "BB")))];
}
