using static SpanMetrics.Tests.Unit.OtlpBytes;

namespace SpanMetrics.Tests.Unit;

/// <summary>The truth table of kitelogik's gate, row by row: what the span carries, and what was decided.</summary>
public sealed class OutcomeTests
{
    private static readonly string[] PolicyAttributes = ["kitelogik.policy.allow", "kitelogik.policy.deny", "kitelogik.policy.requires_hitl"];
    private static readonly string[] GateSpans = ["policy_gate.evaluate", "policy_gate.evaluate_event"];

    private const string HardBlocked = "Hard blocked by security policy";
    private const string Denied = "Tool call denied by policy";
    private const string EventBlocked = "Governance event hard blocked";
    private const string EventDenied = "Governance event denied";
    private const string BadToken = "Invalid session token";
    private const string Unreachable = "OPA unreachable \u2014 denied";

    [Theory]
    [InlineData("TFF", "OPERATIONAL", null, "allow", "none", "OPERATIONAL")]
    [InlineData("FTF", "DESTRUCTIVE", HardBlocked, "deny", "policy", "DESTRUCTIVE")]
    [InlineData("FTT", "OPERATIONAL", HardBlocked, "deny", "policy", "OPERATIONAL")]
    [InlineData("FTT", "OPERATIONAL", EventBlocked, "deny", "policy", "OPERATIONAL")]
    [InlineData("FFT", "TRANSACTIONAL_HIGH", Denied, "hitl", "approval", "TRANSACTIONAL_HIGH")]
    [InlineData("FFT", "TRANSACTIONAL_LOW", EventDenied, "hitl", "approval", "TRANSACTIONAL_LOW")]
    [InlineData("FFF", "OPERATIONAL", Denied, "deny", "policy", "OPERATIONAL")]
    [InlineData("FFF", "OPERATIONAL", EventDenied, "deny", "policy", "OPERATIONAL")]
    [InlineData("TFT", "INFORMATIONAL", null, "hitl", "approval", "INFORMATIONAL")]
    [InlineData("FTF", "SECURITY_CRITICAL", BadToken, "deny", "credential", "SECURITY_CRITICAL")]
    [InlineData("FT-", null, BadToken, "deny", "credential", "SECURITY_CRITICAL")]
    [InlineData("---", null, Unreachable, "deny", "engine_unavailable", "SECURITY_CRITICAL")]
    [InlineData("---", null, BadToken, "deny", "credential", "SECURITY_CRITICAL")]
    [InlineData("---", null, "ValidationError: amount", "error", "other", "none")]
    [InlineData("---", null, "RemoteProtocolError: peer closed", "error", "other", "none")]
    [InlineData("---", null, "ValueError: 'HUGE' is not a valid RiskTier", "error", "other", "none")]
    [InlineData("---", null, "", "error", "other", "none")]
    [InlineData("---", null, null, "none", "none", "none")]
    // Attributes that do not come together in kitelogik, by the order of the rules: deny, hold, allow.
    [InlineData("TTT", null, null, "deny", "policy", "none")]
    [InlineData("TT-", null, null, "deny", "policy", "none")]
    [InlineData("-T-", null, null, "deny", "policy", "none")]
    [InlineData("--T", null, null, "hitl", "approval", "none")]
    [InlineData("T--", null, null, "allow", "none", "none")]
    [InlineData("F--", null, null, "deny", "policy", "none")]
    [InlineData("TFF", null, "the status is not asked", "allow", "none", "none")]
    public void The_gate_span_says_what_was_decided(string policy, string? tier, string? error, string outcome, string reason, string riskTier)
    {
        foreach (string name in GateSpans)
        {
            SeenSpan span = Gate(name, [.. Policy(policy), .. Tier(tier), .. Failed(error)]);

            Assert.Equal(("decision", outcome, reason, riskTier), (span.Class, span.Outcome, span.Reason, span.RiskTier));
            Assert.Equal(outcome == "deny", span.Deny);
        }
    }

    [Theory]
    [InlineData("True", true)]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData(" true ", true)]
    [InlineData("\"true\"", true)]
    [InlineData("1", true)]
    [InlineData("False", false)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("yes", null)]
    [InlineData("", null)]
    [InlineData("truethy", null)]
    public void A_bool_written_as_text_is_read_as_one(string text, bool? value) =>
        Assert.Equal(OutcomeOfDeny(value), Gate("policy_gate.evaluate", Attribute("kitelogik.policy.deny", text)).Outcome);

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(2, null)]
    [InlineData(-1, null)]
    public void A_bool_written_as_a_number_is_read_as_one(long number, bool? value) =>
        Assert.Equal(OutcomeOfDeny(value), Gate("policy_gate.evaluate", Attribute("kitelogik.policy.deny", number)).Outcome);

    [Theory]
    [InlineData("destructive", "DESTRUCTIVE")]
    [InlineData("Transactional_Low", "TRANSACTIONAL_LOW")]
    [InlineData(" OPERATIONAL ", "OPERATIONAL")]
    [InlineData("INFORMATIONAL", "INFORMATIONAL")]
    [InlineData("TRANSACTIONAL_HIGH", "TRANSACTIONAL_HIGH")]
    [InlineData("security_critical", "SECURITY_CRITICAL")]
    [InlineData("CATASTROPHIC", "none")]
    [InlineData("OPERATIONAL2", "none")]
    [InlineData("none", "none")]
    [InlineData("", "none")]
    public void A_tier_is_one_of_six_in_any_case_or_none(string text, string tier) =>
        Assert.Equal(tier, Gate("policy_gate.evaluate", Attribute("kitelogik.policy.risk_tier", text), Attribute("kitelogik.policy.allow", true)).RiskTier);

    /// <summary>Of -, T and F for allow, deny and requires_hitl.</summary>
    private static IEnumerable<byte[]> Policy(string policy) =>
        PolicyAttributes
            .Zip(policy)
            .Where(pair => pair.Second != '-')
            .Select(pair => Attribute(pair.First, pair.Second == 'T'));

    private static byte[][] Tier(string? tier) => tier is null ? [] : [Attribute("kitelogik.policy.risk_tier", tier)];

    private static byte[][] Failed(string? error) => error is null ? [] : [Error(error)];

    // Without a value that can be read the span has no decision and no error either.
    private static string OutcomeOfDeny(bool? value) => value == true ? "deny" : "none";

    private static SeenSpan Gate(string name, params byte[][] fields) => Decoded.SpanOf(Record("desk", "kitelogik.tether", Span(name, fields)));
}
