namespace SpanMetrics.Otlp;

/// <summary>
/// Finds the spans, or log records, of one OTLP record in wire order: the containers around them are alike in every signal.
/// A broken part ends what it is in and nothing beside it.
/// </summary>
/// <param name="record">The whole OTLP record.</param>
/// <param name="resource">Where the attributes of a resource go.</param>
/// <param name="lookAhead">
/// Whether a scope is looked for behind its items too. The wire allows it and nobody writes it, and looking means to step over all items
/// twice: a sixth of the time of decoding. So the first attempt does not, and gives up where it meets one.
/// </param>
internal ref struct ItemReader(ReadOnlySpan<byte> record, SelectedAttributes resource, bool lookAhead)
{
    private const uint First = (1 << 3) | WireType.Bytes;
    private const uint Second = (2 << 3) | WireType.Bytes;

    private readonly ReadOnlySpan<byte> _record = record;
    private WireReader _resources = new(record, new Slice(0, record.Length));
    private WireReader _scopes;
    private WireReader _items;
    private bool _sawResource;
    private bool _sawItem;
    private bool _sawOtherSignal;
    private DecodeStatus _status;

    /// <summary>There is a scope behind its items: all that was read must be read again, looking ahead.</summary>
    public bool GaveUp { get; private set; }

    /// <summary>Of the scope that holds the item read last.</summary>
    public Slice ScopeName { get; private set; }

    /// <summary>Goes up with each scope that is entered. What is known of a scope and its resource holds until it changes.</summary>
    public ulong ScopeNumber { get; set; }

    /// <summary>What became of the record, once there is no further item: the first thing that was wrong.</summary>
    public readonly DecodeStatus Status =>
        _record.IsEmpty ? DecodeStatus.Empty
        : !_sawResource ? DecodeStatus.NotOtlp
        : _sawOtherSignal && !_sawItem ? DecodeStatus.WrongSignal
        : _status;

    /// <summary>To be told for each item that was read.</summary>
    public void NoteItem(DecodeStatus status)
    {
        switch (status)
        {
            case DecodeStatus.Ok:
                _sawItem = true;
                break;
            case DecodeStatus.WrongSignal:
                _sawOtherSignal = true;
                break;
            default:
                Note(status);
                break;
        }
    }

    // message TracesData    { repeated ResourceSpans resource_spans = 1; }
    // message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
    // message ScopeSpans    { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
    // Logs and metrics, and the requests of all three, have other names and the same numbers.
    /// <summary>False after the last item. Before, the slots hold what the item's resource says.</summary>
    public bool TryReadNext(out Slice item)
    {
        while (!TryReadItem(out item))
        {
            Note(_items.Status);
            while (!GaveUp && !TryEnterScope())
            {
                Note(_scopes.Status);
                if (!TryEnterResource())
                {
                    Note(_resources.Status);
                    item = default;
                    return false;
                }
            }

            if (GaveUp)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadItem(out Slice item)
    {
        while (_items.TryReadTag(out uint tag))
        {
            if (tag == Second)
            {
                return _items.TryReadBytes(out item);
            }

            if (tag == First && !lookAhead)
            {
                GaveUp = true;
                break;
            }

            if (!_items.TrySkip(tag))
            {
                break;
            }
        }

        item = default;
        return false;
    }

    private bool TryEnterResource()
    {
        if (!_resources.TrySeek(First) || !_resources.TryReadBytesOrRest(out Slice container))
        {
            return false;
        }

        _sawResource = true;
        ReadResource(container);
        _scopes = new WireReader(_record, container);
        return true;
    }

    private bool TryEnterScope()
    {
        if (!_scopes.TrySeek(Second) || !_scopes.TryReadBytesOrRest(out Slice container))
        {
            return false;
        }

        _items = new WireReader(_record, container) { Position = ReadScope(container) };
        return true;
    }

    // message Resource { repeated KeyValue attributes = 1; }
    // The wire does not promise the resource before its spans, so it is looked for first; a repeated one is merged.
    private void ReadResource(Slice container)
    {
        resource.Clear();
        var reader = new WireReader(_record, container);
        while (reader.TrySeek(First) && reader.TryReadBytes(out Slice message))
        {
            var attributes = new WireReader(_record, message) { Position = resource.ReadRun(_record, message.Offset, message.End, First) };
            while (attributes.TrySeek(First) && attributes.TryReadBytes(out Slice keyValue))
            {
                if (!resource.TryRead(_record, keyValue))
                {
                    Note(DecodeStatus.Malformed);
                }
            }

            Note(attributes.Status);
        }
    }

    // message InstrumentationScope { string name = 1; }   (a repeated one is merged, as a resource is)
    // Returns where to read items from: their container's start, or the first field that is none of the scope's.
    private int ReadScope(Slice container)
    {
        ScopeName = default;
        ScopeNumber++;
        int field = container.Offset;
        var reader = new WireReader(_record, container);
        while (reader.TryReadTag(out uint tag) && (lookAhead || tag == First))
        {
            if (tag != First)
            {
                if (!reader.TrySkip(tag))
                {
                    break;
                }

                continue;
            }

            if (!reader.TryReadBytes(out Slice message))
            {
                break;
            }

            field = reader.Position;
            var fields = new WireReader(_record, message);
            while (fields.TrySeek(First) && fields.TryReadBytes(out Slice name))
            {
                ScopeName = name;
            }

            Note(fields.Status);
        }

        return lookAhead ? container.Offset : field;
    }

    private void Note(DecodeStatus status)
    {
        if (_status == DecodeStatus.Ok)
        {
            _status = status;
        }
    }
}
