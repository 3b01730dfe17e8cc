using System.Text;
using System.Text.Json;
using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Unit;

public sealed class OtlpJsonTests
{
    [Fact]
    public void A_whole_request_becomes_the_protobuf_of_the_same_data()
    {
        const string json = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"support-desk"}}],"droppedAttributesCount":1},
              "scopeSpans":[{"scope":{"name":"kitelogik.tether","version":"0.4.0","attributes":[{"key":"a","value":{"boolValue":true}}]},
                "spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173",
                  "traceState":"ot=th:8","flags":257,"name":"policy_gate.evaluate","kind":1,
                  "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000001,
                  "attributes":[
                    {"key":"i","value":{"intValue":"-3"}},{"key":"j","value":{"intValue":7}},{"key":"d","value":{"doubleValue":0.5}},
                    {"key":"b","value":{"bytesValue":"AQID"}},
                    {"key":"l","value":{"arrayValue":{"values":[{"stringValue":"x"},{}]}}},
                    {"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"boolValue":false}}]}}}],
                  "droppedAttributesCount":2,
                  "events":[{"timeUnixNano":"5","name":"exception","attributes":[{"key":"e","value":{"stringValue":""}}],"droppedAttributesCount":3}],
                  "droppedEventsCount":4,
                  "links":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","traceState":"s","attributes":[],"flags":1}],
                  "droppedLinksCount":5,
                  "status":{"message":"denied","code":2}}],
                "schemaUrl":"u"}],
              "schemaUrl":"v"}]}
            """;

        Assert.Equal(ExpectedRequest(), Transcoded(json));
    }

    [Theory]
    [InlineData("NaN", double.NaN)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    [InlineData("2.5e-3", 0.0025)]
    public void A_double_may_be_a_string(string text, double value)
    {
        Assert.Equal(AnyValue(to => to.DoubleField(4, value)), Transcoded(WithValue($$"""{"doubleValue":"{{text}}"}""")));
    }

    [Theory]
    [InlineData("\"-9223372036854775808\"", long.MinValue)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("1e3", 1000)]
    [InlineData("\"1E3\"", 1000)]
    [InlineData("4.0", 4)]
    public void An_integer_may_be_a_number_or_a_string(string text, long value)
    {
        Assert.Equal(AnyValue(to => to.VarintField(3, (ulong)value)), Transcoded(WithValue($$"""{"intValue":{{text}}}""")));
    }

    [Theory]
    [InlineData("""{"intValue":"9223372036854775808"}""")]
    [InlineData("""{"intValue":1.5}""")]
    [InlineData("""{"intValue":true}""")]
    [InlineData("""{"intValue":[1,{"a":2}]}""")]
    [InlineData("""{"intValue":1e400}""")]
    [InlineData("""{"boolValue":"true"}""")]
    [InlineData("""{"bytesValue":"%"}""")]
    [InlineData("""{"stringValue":null}""")]
    [InlineData("""{"arrayValue":{"values":"x","unknown":{}}, "arrayValue":3}""")]
    [InlineData("""{"string_value":"x"}""")]
    public void A_value_of_another_type_is_passed_over_and_its_siblings_stay(string value)
    {
        byte[] transcoded = Transcoded(WithValue(value));

        Assert.True(transcoded.AsSpan().IndexOf("kept"u8) > 0);
        Assert.Equal(-1, transcoded.AsSpan().IndexOf("true"u8));
    }

    [Theory]
    [InlineData("-_8", new byte[] { 0xFB, 0xFF })]
    [InlineData("+/8=", new byte[] { 0xFB, 0xFF })]
    [InlineData("\\u002b\\/8=", new byte[] { 0xFB, 0xFF })]
    [InlineData("", new byte[] { })]
    public void Bytes_come_in_either_base64_alphabet(string text, byte[] value)
    {
        Assert.Equal(AnyValue(to => to.BytesField(7, value)), Transcoded(WithValue($$"""{"bytesValue":"{{text}}"}""")));
    }

    [Theory]
    [InlineData("\"kind\":\"SPAN_KIND_CONSUMER\"", 6, 5)]
    [InlineData("\"kind\":99", 6, 99)]
    [InlineData("\"kind\":\"3\"", 6, 3)]
    public void An_enumeration_is_a_number_or_a_name(string json, int field, ulong value)
    {
        var expected = new WireWriter();
        int resourceSpans = expected.Begin(1);
        int scopeSpans = expected.Begin(2);
        int span = expected.Begin(2);
        expected.VarintField(field, value);
        expected.End(span);
        expected.End(scopeSpans);
        expected.End(resourceSpans);

        Assert.Equal(expected.Written.ToArray(), Transcoded($$$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{{{json}}}}]}]}]}"""));
    }

    [Theory]
    [InlineData("\\ud800", "\uFFFD")]
    [InlineData("\\udc00x", "\uFFFDx")]
    [InlineData("\\ud800\\ud83d\\ude00", "\uFFFD😀")]
    [InlineData("\\ud800\\n", "\uFFFD\n")]
    [InlineData("\\u0000\\u00e4\\u20AC\\b\\f\\n\\r\\t\\\"\\\\\\/", "\0ä€\b\f\n\r\t\"\\/")]
    public void Escapes_are_taken_out_and_lone_surrogates_replaced(string json, string text)
    {
        Assert.Equal(AnyValue(to => to.StringField(1, text)), Transcoded(WithValue($$"""{"stringValue":"{{json}}"}""")));
        Assert.Equal(
            AnyValue(to => to.StringField(1, text)),
            Transcoded(WithValue($$"""{"string\u0056alue":"{{json}}","\ud800":1}""")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"resourceSpans\"")]
    [InlineData("""{"resourceLogs":[]}""")]
    [InlineData("""{"resourceSpans":5}""")]
    [InlineData("""{"resourceSpans":[]} x""")]
    [InlineData("""{"resourceSpans":[]}{"resourceSpans":[]}""")]
    [InlineData("""{"resourceSpans":[],}""")]
    [InlineData("""{"resourceSpans":[/* c */]}""")]
    [InlineData("""{"resourceSpans":[{"schemaUrl":"\u12"}]}""")]
    [InlineData("\uFEFF{\"resourceSpans\":[]}")]
    public void What_is_no_trace_request_is_refused_and_leaves_nothing(string json)
    {
        var to = new WireWriter();
        to.Raw("before"u8);

        Assert.False(OtlpJson.TryTranscodeTraces(Encoding.UTF8.GetBytes(json), to));
        Assert.Equal("before"u8, to.Written);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" {\"resourceSpans\":[]}\r\n")]
    [InlineData("{\"resourceSpans\":null}")]
    public void An_empty_batch_is_a_batch(string json)
    {
        Assert.Empty(Transcoded(json));
    }

    [Fact]
    public void Depth_is_limited()
    {
        string nested = "";
        string closed = "";
        for (int i = 0; i < 10_000; i++)
        {
            nested += """{"arrayValue":{"values":[""";
            closed += "]}}";
        }

        Assert.False(OtlpJson.TryTranscodeTraces(Encoding.UTF8.GetBytes(WithValue(nested + closed)), new WireWriter()));
    }

    [Fact]
    public void Torn_and_altered_text_is_never_an_exception()
    {
        byte[] json = Encoding.UTF8.GetBytes(WithValue("""{"stringValue":"a\ud83d\ude00b"},"x":[1.5e3,true,null,"é"]"""));
        var to = new WireWriter();
        for (int length = 0; length < json.Length; length++)
        {
            Assert.False(OtlpJson.TryTranscodeTraces(json.AsSpan(0, length), to));
        }
        var random = new Random(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] altered = [.. json];
            altered[random.Next(altered.Length)] = (byte)random.Next(256);
            altered[random.Next(altered.Length)] = (byte)"\"\\{}[],:u0d8"[random.Next(12)];
            OtlpJson.TryTranscodeTraces(altered, to);
            to.Clear();
        }
    }

    [Fact]
    public void Unescape_agrees_with_the_framework_where_that_gives_an_answer()
    {
        var random = new Random(2);
        for (int round = 0; round < 2_000; round++)
        {
            char[] units = new char[random.Next(12)];
            for (int i = 0; i < units.Length; i++)
            {
                units[i] = (char)(random.Next(3) == 0 ? random.Next(0xD700, 0xE100) : random.Next(0x100));
            }
            string text = new(units);
            string escaped = string.Concat(Array.ConvertAll(units, unit => $"\\u{(int)unit:x4}"));
            string expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));   // U+FFFD for each lone surrogate

            Assert.Equal(expected, Encoding.UTF8.GetString(JsonText.Unescape(Encoding.UTF8.GetBytes(escaped))));
            if (expected == text)
            {
                Assert.Equal(JsonSerializer.Deserialize<string>($"\"{escaped}\""), expected);
            }
        }
    }

    private static byte[] Transcoded(string json)
    {
        var to = new WireWriter();
        Assert.True(OtlpJson.TryTranscodeTraces(Encoding.UTF8.GetBytes(json), to));
        return to.Written.ToArray();
    }

    private static string WithValue(string value) =>
        $$$"""{"resourceSpans":[{"resource":{"attributes":[{"key":"kept","value":{{{value}}}}]}}]}""";

    private static byte[] AnyValue(Action<WireWriter> write)
    {
        var to = new WireWriter();
        int resourceSpans = to.Begin(1);
        int resource = to.Begin(1);
        Attribute(to, 1, "kept", write);
        to.End(resource);
        to.End(resourceSpans);
        return to.Written.ToArray();
    }

    private static void Attribute(WireWriter to, int field, string key, Action<WireWriter> write)
    {
        int attribute = to.Begin(field);
        to.StringField(1, key);
        int value = to.Begin(2);
        write(to);
        to.End(value);
        to.End(attribute);
    }

    private static byte[] ExpectedRequest()
    {
        byte[] traceId = Convert.FromHexString("5B8EFFF798038103D269B633813FC60C");
        byte[] spanId = Convert.FromHexString("EEE19B7EC3C1B174");
        byte[] parentId = Convert.FromHexString("EEE19B7EC3C1B173");
        var to = new WireWriter();
        int resourceSpans = to.Begin(1);
        int resource = to.Begin(1);
        Attribute(to, 1, "service.name", value => value.StringField(1, "support-desk"));
        to.VarintField(2, 1);
        to.End(resource);
        int scopeSpans = to.Begin(2);
        int scope = to.Begin(1);
        to.StringField(1, "kitelogik.tether");
        to.StringField(2, "0.4.0");
        Attribute(to, 3, "a", value => value.VarintField(2, 1));
        to.End(scope);
        int span = to.Begin(2);
        to.BytesField(1, traceId);
        to.BytesField(2, spanId);
        to.BytesField(4, parentId);
        to.StringField(3, "ot=th:8");
        to.Fixed32Field(16, 257);
        to.StringField(5, "policy_gate.evaluate");
        to.VarintField(6, 1);
        to.Fixed64Field(7, 1544712660000000000);
        to.Fixed64Field(8, 1544712661000000001);
        Attribute(to, 9, "i", value => value.VarintField(3, unchecked((ulong)-3L)));
        Attribute(to, 9, "j", value => value.VarintField(3, 7));
        Attribute(to, 9, "d", value => value.DoubleField(4, 0.5));
        Attribute(to, 9, "b", value => value.BytesField(7, [1, 2, 3]));
        Attribute(to, 9, "l", value =>
        {
            int list = value.Begin(5);
            int first = value.Begin(1);
            value.StringField(1, "x");
            value.End(first);
            value.End(value.Begin(1));
            value.End(list);
        });
        Attribute(to, 9, "m", value =>
        {
            int map = value.Begin(6);
            Attribute(value, 1, "k", inner => inner.VarintField(2, 0));
            value.End(map);
        });
        to.VarintField(10, 2);
        int exception = to.Begin(11);
        to.Fixed64Field(1, 5);
        to.StringField(2, "exception");
        Attribute(to, 3, "e", value => value.StringField(1, ""));
        to.VarintField(4, 3);
        to.End(exception);
        to.VarintField(12, 4);
        int link = to.Begin(13);
        to.BytesField(1, traceId);
        to.BytesField(2, spanId);
        to.StringField(3, "s");
        to.Fixed32Field(6, 1);
        to.End(link);
        to.VarintField(14, 5);
        int status = to.Begin(15);
        to.StringField(2, "denied");
        to.VarintField(3, 2);
        to.End(status);
        to.End(span);
        to.StringField(3, "u");
        to.End(scopeSpans);
        to.StringField(3, "v");
        to.End(resourceSpans);
        return to.Written.ToArray();
    }
}
