namespace SpanMetrics.Oracle;

/// <summary>What is wrong with the bytes of a message.</summary>
[Flags]
internal enum WireFault
{
    None = 0,

    /// <summary>The message ends inside a field.</summary>
    Truncated = 1,

    /// <summary>A tag, varint or group that no writer makes, and that no parser takes.</summary>
    Malformed = 2,

    /// <summary>A tag of more than 32 bits, a varint of more than 64, or a length that added to an offset has more than 31.</summary>
    TooWide = 4,
}
