namespace SpanMetrics.Oracle;

/// <summary>
/// How Google.Protobuf and the oracle agree on a record. The last five are all the differences that are allowed; the product has
/// none to the oracle, ever. Text that is not UTF-8 makes none: otlp.proto has bytes for strings.
/// </summary>
internal enum Agreement
{
    /// <summary>Both take the record, with the same items.</summary>
    Fine,

    /// <summary>Both refuse it, and it has no item that can be counted.</summary>
    Broken,

    /// <summary>Both find it broken; items of it are counted. Google.Protobuf has no salvage.</summary>
    Salvaged,

    /// <summary>
    /// Google.Protobuf parses every part; the worker skips by length what nobody asks for (events, links, values of other
    /// attributes), so that a broken or a deeply nested one of these costs nothing and hides no deny. A value that is asked for and
    /// cannot be read is missing.
    /// </summary>
    UnreadPartIsBroken,

    /// <summary>
    /// Google.Protobuf for C# cuts tags to 32 bits, lengths to 31 and varints to 64 and reads on. No writer makes such numbers,
    /// and what follows them is guesswork: field numbers beyond 2^29 - 1 come from here as well. They are broken bytes here.
    /// </summary>
    NumberIsTooWide,

    /// <summary>An AnyValue has one field. One with more than 16 is missing here, so that reading it again and again costs little.</summary>
    ValueIsCrowded,

    /// <summary>Google.Protobuf counts the messages around a group into its depth of 100, the worker counts groups alone.</summary>
    GroupsAreDeep,

    /// <summary>
    /// A log record or a metric in the place of a span, or a span or a metric in that of a log record, parses as an item without a
    /// time and with unknown fields. It is told by its fields, and is an invalid item.
    /// </summary>
    OtherSignal,
}
