namespace SpanMetrics.Otlp;

/// <summary>The next room, as the decoder sees it. Implemented by structs, so that the JIT can inline the call.</summary>
internal interface ILogRecordVisitor
{
    /// <summary>Asked before each log record. False: the record is to be started again, so that from then on it is never started again.</summary>
    bool TryMakeRoom(bool canRestart);

    void Visit(in LogRecordView logRecord);

    /// <summary>A log record whose own bytes are broken. Its siblings are visited all the same.</summary>
    void VisitInvalid();

    /// <summary>Everything visited of this record is void: it is visited again from its start.</summary>
    void Restart();
}
