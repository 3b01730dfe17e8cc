namespace SpanMetrics.Pipeline;

/// <summary>Where explanations are written to.</summary>
internal interface IExplanationWriter
{
    void Write(ExplainedItem item);

    /// <param name="record">Counted over all files.</param>
    /// <param name="what">"broken" for a record, "invalid" for one span or log record in it.</param>
    /// <param name="why">Never a word of the record.</param>
    void WriteBroken(int record, string what, string why);
}
