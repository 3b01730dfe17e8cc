namespace SpanMetrics.Oracle;

/// <summary>A field where it lies in a record.</summary>
/// <param name="Number">1 to 2^29 - 1.</param>
/// <param name="Type">The wire type.</param>
/// <param name="TagStart">Offset of the tag.</param>
/// <param name="TagEnd">Offset behind the tag: of the length where there is one, else of the value.</param>
/// <param name="Start">Offset of the value, behind the length where there is one.</param>
/// <param name="End">Offset behind the value; the message's end where the value is cut short.</param>
/// <param name="IsWhole">False where the message ends inside the value: then it is the last field.</param>
internal readonly record struct PlainField(int Number, uint Type, int TagStart, int TagEnd, int Start, int End, bool IsWhole)
{
    public bool IsMessage(int number) => Number == number && Type == 2 && IsWhole;
}
