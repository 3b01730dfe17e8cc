using System.Text;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;

namespace SpanMetrics.Tests.Support;

/// <summary>All texts of a record, by the protocol's messages: those that may become a label, and all others.</summary>
internal sealed class RecordTexts
{
    private readonly List<(WireNode Node, bool IsName)> _found = [];
    private readonly bool _addMissing;

    private RecordTexts(bool addMissing) => _addMissing = addMissing;

    /// <param name="record">Parsed by the shape of its signal.</param>
    /// <param name="signal">Of the record.</param>
    /// <param name="addMissing">Text fields that a message lacks are added, empty, and to each list of attributes one that nobody knows.</param>
    public static List<(WireNode Node, bool IsName)> Of(List<WireNode> record, Signal signal, bool addMissing)
    {
        var texts = new RecordTexts(addMissing);
        foreach (var resourceItems in Messages(record, 1))
        {
            texts.Resource(resourceItems, signal);
        }
        return texts._found;
    }

    // message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }; logs alike
    private void Resource(List<WireNode> resourceItems, Signal signal)
    {
        Texts(resourceItems, 3);
        foreach (var resource in Messages(resourceItems, 1))
        {
            Attributes(resource, 1, LabelSources.Resource);
        }
        foreach (var scopeItems in Messages(resourceItems, 2))
        {
            Texts(scopeItems, 3);
            foreach (var scope in Messages(scopeItems, 1))
            {
                Texts(scope, 2); // the version; the name tells whose spans these are
                Attributes(scope, 3, []);
            }
            foreach (var item in Messages(scopeItems, 2))
            {
                if (signal == Signal.Traces)
                {
                    Span(item);
                }
                else
                {
                    LogRecord(item);
                }
            }
        }
    }

    // message Span { string trace_state = 3; string name = 5; repeated KeyValue attributes = 9; repeated Event events = 11;
    //                repeated Link links = 13; Status status = 15; }
    private void Span(List<WireNode> span)
    {
        Texts(span, 3);
        Texts(span, 5, isName: true);
        Attributes(span, 9, LabelSources.Attributes);
        if (_addMissing)
        {
            span.Add(WireNode.Message(11));
            span.Add(WireNode.Message(13));
            if (!Messages(span, 15).Any())
            {
                span.Add(WireNode.Message(15));
            }
        }
        foreach (var spanEvent in Messages(span, 11))
        {
            Texts(spanEvent, 2);
            Attributes(spanEvent, 3, []);
        }
        foreach (var link in Messages(span, 13))
        {
            Texts(link, 3);
            Attributes(link, 4, []);
        }
        foreach (var status in Messages(span, 15))
        {
            Texts(status, 2);
        }
    }

    // message LogRecord { string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6; string event_name = 12; }
    private void LogRecord(List<WireNode> log)
    {
        Texts(log, 3);
        if (_addMissing && !Messages(log, 5).Any())
        {
            log.Add(WireNode.Message(5, WireNode.Text(1, [])));
        }
        foreach (var body in Messages(log, 5))
        {
            Value(body, isName: false);
        }
        Attributes(log, 6, LabelSources.Attributes);
        Texts(log, 12, isName: true);
    }

    private void Attributes(List<WireNode> owner, int number, HashSet<string> names)
    {
        if (_addMissing)
        {
            var nested = WireNode.Message(1, WireNode.Text(1, []), WireNode.Message(2, WireNode.Message(5, WireNode.Message(1, WireNode.Text(1, [])))));
            owner.Add(WireNode.Message(number, WireNode.Text(1, []), WireNode.Message(2, WireNode.Message(6, nested))));
            owner.Add(WireNode.Message(number, WireNode.Text(1, []), WireNode.Message(2, WireNode.Text(7, []))));
        }
        foreach (var attribute in Messages(owner, number))
        {
            Attribute(attribute, names);
        }
    }

    // message KeyValue { string key = 1; AnyValue value = 2; }
    private void Attribute(List<WireNode> attribute, HashSet<string> names)
    {
        var key = attribute.FirstOrDefault(field => field is { Number: 1, Children: null });
        if (key is { Bytes.Length: 0 })
        {
            _found.Add((key, false));
        }
        var isName = key is not null && names.Contains(Encoding.UTF8.GetString(key.Bytes));
        foreach (var value in Messages(attribute, 2))
        {
            Value(value, isName);
        }
    }

    // message AnyValue { oneof value { string string_value = 1; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
    private void Value(List<WireNode> value, bool isName)
    {
        foreach (var text in value.Where(field => field.Number is 1 or 7 && field.Type == WireType.Bytes))
        {
            _found.Add((text, isName && text.Number == 1));
        }
        foreach (var element in Messages(value, 5).SelectMany(array => Messages(array, 1)))
        {
            Value(element, isName: false);
        }
        foreach (var member in Messages(value, 6).SelectMany(map => Messages(map, 1)))
        {
            Attribute(member, []);
        }
    }

    private void Texts(List<WireNode> message, int number, bool isName = false)
    {
        if (_addMissing && !isName && !message.Exists(field => field.Number == number))
        {
            message.Add(WireNode.Text(number, []));
        }
        _found.AddRange(message.Where(field => field.Number == number && field.Type == WireType.Bytes).Select(field => (field, isName)));
    }

    private static IEnumerable<List<WireNode>> Messages(List<WireNode> message, int number) =>
        message.Where(field => field.Number == number && field.Children is not null).Select(field => field.Children!);
}
