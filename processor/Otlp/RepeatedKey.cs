namespace SpanMetrics.Otlp;

/// <summary>Of two values of one key in one span: true when the later one counts.</summary>
internal delegate bool RepeatedKey(int slot, AttributeValue earlier, AttributeValue later);
