using System.Diagnostics;
using SpanMetrics.Configuration;
using SpanMetrics.Oracle;
using SpanMetrics.Otlp;
using SpanMetrics.Semantics;

namespace SpanMetrics.Fuzz;

/// <summary>Mutated records of one signal, one after the other, each decoded by the product and by the oracle. Not thread-safe but for <see cref="InWork"/>.</summary>
internal sealed class FuzzRun
{
    /// <summary>Records are of a few kB at most: a microsecond is usual, and a second is a hang.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    private readonly Mutator _mutator;
    private readonly Differential _differential = new();
    private readonly TracesDecoder _traces = new(Emitters.Rules.Selector);
    private readonly LogsDecoder _logs = new(Emitters.Rules.Selector);
    private readonly long[] _tally = new long[Enum.GetValues<Agreement>().Length];
    private volatile byte[] _inWork = [];

    public FuzzRun(Corpus corpus, int seed)
    {
        Corpus = corpus;
        _mutator = new Mutator(corpus, seed);
        foreach (byte[] record in corpus.Records)
        {
            Decode(record); // what is allocated once is allocated here
        }
    }

    public Corpus Corpus { get; }

    public long Done { get; private set; }

    /// <summary>The record being decoded now, for a watch that asks from another thread.</summary>
    public byte[] InWork => _inWork;

    public long Of(Agreement agreement) => _tally[(int)agreement];

    /// <summary>Null when all is well with one more record.</summary>
    public Finding? Next()
    {
        byte[] record = _mutator.Next();
        string? problem = ProblemOf(record, out Agreement agreement);
        Done++;
        _tally[(int)agreement]++;
        return problem is null ? null : new Finding(record, problem);
    }

    public string? ProblemOf(byte[] record, out Agreement agreement)
    {
        _inWork = record;
        agreement = default;
        try
        {
            return ProblemOfDecoding(record) ?? _differential.DifferenceOn(record, Corpus.Signal, out agreement);
        }
#pragma warning disable CA1031 // whatever it is, it is a finding
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            return thrown.ToString();
        }
    }

    // A busy machine is slow now and then, and the runtime puts things of its own on the heap; what the decoder does, it does again.
    private string? ProblemOfDecoding(byte[] record)
    {
        string? problem = null;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            Decode(record);
            TimeSpan took = Stopwatch.GetElapsedTime(started);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            problem = took > TimeLimit ? $"decoding took {took}" : allocated > 0 ? $"decoding allocated {allocated} bytes" : null;
            if (problem is null)
            {
                break;
            }
        }

        return problem;
    }

    private void Decode(byte[] record)
    {
        var silent = default(Silent);
        _ = Corpus.Signal == Signal.Traces ? _traces.Decode(record, ref silent) : _logs.Decode(record, ref silent);
    }

    private struct Silent : ISpanVisitor, ILogRecordVisitor
    {
        public readonly bool TryMakeRoom(bool canRestart) => true;

        public readonly void Visit(in SpanView span) => Read(span.Attributes, span.Resource);

        public readonly void Visit(in LogRecordView logRecord) => Read(logRecord.Attributes, logRecord.Resource);

        public readonly void VisitInvalid()
        {
        }

        private static void Read(AttributeSlots attributes, AttributeSlots resource)
        {
            for (int slot = 0; slot < Emitters.Rules.Selector.Count; slot++)
            {
                _ = attributes[slot];
                _ = resource[slot];
            }
        }

        public void Restart()
        {
        }
    }
}
