using System.Diagnostics;
using System.Text;
using SpanMetrics.Oracle;
using SpanMetrics.Semantics;
using SpanMetrics.Tests.Support;

namespace SpanMetrics.Tests.Unit;

/// <summary>None of these keys was ever valid. They are put together here, so that no scanner takes this file for a leak.</summary>
public sealed class SecretGuessTests
{
    private const string Hex = "3fa9c1d07be84256a1f0c9d2e7b46805";
    private const string Base62 = "q7ZtB2nXw9LkF4sVh1RcJ8mPd5TgY3uE";

    public static TheoryData<string> Secrets =>
    [
        "sk-" + Base62 + "T3BlbkFJ",
        "sk-proj-" + Base62,
        "sk-ant-" + "api03-" + Base62,
        "sk-lf-" + "0a1b2c3d-1111-2222-3333-444455556666",
        "sk-or-v1-" + Hex,
        "ghp_" + Base62,
        "gho_" + Base62,
        "ghs_" + Base62,
        "github_pat_" + Base62,
        "glpat-" + Base62[..20],
        "xoxb-" + "123456789012-" + Base62,
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ASIA" + "IOSFODNN7EXAMPLE",
        "AIza" + Base62 + "abc",
        "ya29." + Base62,
        "eyJ" + "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4",
        "Bearer " + Base62[..20],
        "Basic " + "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "npm_" + Base62 + "Ab12",
        "pypi-" + "AgEIcHlwaS5vcmc" + Base62,
        "hf_" + Base62,
        "SG." + Base62[..22] + "." + Base62,
        "sk_live_" + Base62[..24],
        "rk_live_" + Base62[..24],
        "postgres://app:hunter2@db.internal/orders",
        "amqp://app:p@ss@queue:5672/",
        "https://api.example/v1?access_token=abcd",
        "https://store.blob.example/c?sv=2024&sig=" + "a%2Fb%3D",
        "password=hunter2",
        "{\"api_key\": \"k1234567\"}",
        "AccountKey=" + "abcdefgh",
        "alice@example.com",
        "mailto:alice.smith+bills@mail.example.co.uk",
        "GET /users/alice%40example.com",
        "J\u00F6rg@b\u00FCcher.example",
        Hex,
        Hex.ToUpperInvariant(),
        Hex + Hex,
        "call-" + Hex,
        Base62,
        "wJalrXUtnFEMI" + "/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "tool\nsk-ant-" + Base62,
    ];

    public static TheoryData<string> Names =>
    [
        "claude-3-5-sonnet-20241022",
        "claude-3-5-sonnet-v2@20241022",
        "ft:gpt-3.5-turbo-0125:acme::8abc1234",
        "accounts/fireworks/models/llama-v3p1-405b-instruct",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-7-sonnet-20250219-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.titan-text-lite-v1:0:4k/abcdefghijkl",
        "projects/acme-prod-4711/locations/europe-west4/endpoints/1234567890123456789",
        "deepseek-ai/DeepSeek-R1-Distill-Llama-70B-instruct-GGUF",
        "RedHatAI/Llama-4-Maverick-17B-128E-Instruct-FP8-dynamic",
        "neuralmagic/Meta-Llama-3.1-405B-Instruct-quantized.w8a16",
        "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
        "mistralai/Mixtral-8x22B-Instruct-v0.1",
        "execute_tool sk_learn_pipeline_fit",
        "sk-learn-regression-pipeline",
        "npm_install_and_run_all_the_scripts_2",
        "hf_search_models_and_datasets_by_task_v2",
        "Bearer token check",
        "Basic Authentication",
        "task-9f8e7d6c5b4a-retry",
        "getUser2DocumentsFromSharePointOnlineLibraryV2",
        "org.springframework.aop.framework.AbstractSingletonProxyFactoryBean",
        "litellm.proxy.health_endpoints._health_endpoints.health_live",
        "a2a.server.request_handlers.default_request_handler.DefaultRequestHandler.on_message_send_stream",
        "support-desk-7d9f8b6c5d-x2v4q",
        "550e8400-e29b-41d4-a716-446655440000",
        "session-3F2504E0-4f89-41d3-9a0c-0305e82c3301",
        "ghcr.io/acme/tools@sha256:" + Hex + Hex,
        "sha256:" + Hex + Hex,
        "tools:1.2.0-rc1",
        "package@1.2.3",
        "@modelcontextprotocol/server-filesystem@2025.1.14",
        "https://mcp.acme.example:8443/v1/tools/search",
        "ssh://git@host/repo",
        "postgres://orders-db:5432/orders",
        "GET /verify?token={token}",
        "GET /callback?token=:token",
        "postgres://app:***@db/orders",
        "max_tokens=4096",
        "vault:secret:read",
        "reset password: done",
        "next_token",
        "/opt/app/lib/python3.11/site-packages/pydantic_ai/models/openai.py",
        "00000000000000000000000000000000",
        "12345678901234567890123456789012",
        "",
        "@",
        "=",
        "://",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void A_secret_is_seen_wherever_it_stands(string secret)
    {
        Assert.All(["", "call with ", "(", "tool=", new string('x', 120) + " "], before =>
            Assert.All(["", " and more", ")"], after => Assert.True(IsSecret(before + secret + after), before + secret + after)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_none(string name) => Assert.False(IsSecret(name), name);

    [Theory]
    [MemberData(nameof(Secrets))]
    public void What_becomes_of_a_secret_is_one_word(string secret)
    {
        var symbols = new SymbolTable(100);

        Assert.Equal("redacted", Shown(symbols, secret));
        Assert.Equal("redacted", Shown(symbols, new string('x', 125) + " " + secret)); // cut, it would be no secret any more
        Assert.Equal(1, symbols.Count - new SymbolTable(100).Count);
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void A_secret_is_not_kept_to_be_known_again(string secret)
    {
        var symbols = new SymbolTable(100);

        Assert.False(symbols.MayRemember(symbols.Intern(Encoding.UTF8.GetBytes(secret))));
        Assert.True(symbols.MayRemember(symbols.Intern("search_orders"u8)));
    }

    [Fact]
    public void A_secret_with_an_invisible_character_in_it_is_seen_too() =>
        Assert.Equal("redacted", Shown(new SymbolTable(100), "sk-\u200Bant-api03-" + Base62));

    [Theory]
    [InlineData("0123456789abcdef", 32)]
    [InlineData("0123456789ABCDEF", 40)]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 32)]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/", 40)]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_", 43)]
    public void Random_characters_without_any_mark_are_seen_nearly_always(string alphabet, int length)
    {
        var random = new Random(9);

        int seen = Enumerable.Range(0, 1_000).Count(_ => IsSecret(new string(random.GetItems(alphabet.AsSpan(), length))));

        Assert.True(seen >= 970, $"{seen} of 1,000");
    }

    [Fact]
    public void No_name_in_any_capture_is_taken_for_a_secret()
    {
        string[] names =
        [
            .. CaptureRecords.All()
                .SelectMany(record => RecordTexts.Of(WireNode.Parse(record.Bytes, WireShape.Of(record.Signal)), record.Signal, addMissing: false))
                .Where(text => text.IsName)
                .Select(text => Encoding.UTF8.GetString(text.Node.Bytes))
                .Distinct(),
        ];

        Assert.True(names.Length > 20, "no names");
        Assert.DoesNotContain(names, IsSecret);
    }

    [Fact]
    public void No_length_and_no_repetition_makes_it_slow()
    {
        string[] parts = ["sk-", "a@", "://", "token=", ":@", "eyJ", "=  ", "Ab1-", "%40a.", "\"': ", "-----BEGIN"];
        foreach (string part in parts)
        {
            byte[] value = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(part, LabelValue.MaxRawBytes / part.Length)));
            SecretGuess.IsSecret(value); // its tables are made once
            var watch = Stopwatch.StartNew();

            Assert.Contains(0L, Enumerable.Range(0, 5).Select(_ => AllocatedBytes(value))); // a collection meanwhile counts what it takes from the thread
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{part}: {watch.Elapsed.TotalMicroseconds / 100} us");
        }
    }

    private static long AllocatedBytes(byte[] value)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++)
        {
            SecretGuess.IsSecret(value);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static bool IsSecret(string text) => SecretGuess.IsSecret(Encoding.UTF8.GetBytes(text));

    private static string Shown(SymbolTable symbols, string text) => Encoding.UTF8.GetString(symbols.TextOf(symbols.Intern(Encoding.UTF8.GetBytes(text))));
}
