using SpanMetrics.Diagnostics;
using SpanMetrics.Exposition;

namespace SpanMetrics.Configuration;

/// <summary>The file of <c>http.web_config</c>, read again when it or a file that it names has changed. A broken one changes nothing but a line in the log and a gauge.</summary>
internal sealed class WebConfigFile
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly ILogger<WebConfigFile> _logger;

    // Who reads has it; others go on with what was read before.
    private readonly Lock _reading = new();
    private WebConfigReader? _reader;
    private volatile WebConfig _current = WebConfig.Open;
    private bool _isRead = true;
    private DateTimeOffset _readAt;

    /// <param name="path">Empty: there is none.</param>
    /// <param name="time">What the gauge of the last reading goes by.</param>
    /// <param name="logger">For what comes after the start.</param>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public WebConfigFile(string path, TimeProvider time, ILogger<WebConfigFile> logger)
    {
        _path = path;
        _time = time;
        _logger = logger;
        _readAt = time.GetUtcNow();
        if (path.Length > 0)
        {
            _reader = new WebConfigReader(path);
            _current = _reader.Read() ?? throw new ConfigurationException(_reader.Errors);
        }
    }

    public WebConfig Current()
    {
        if (_path.Length > 0 && _reading.TryEnter())
        {
            try
            {
                if (_reader!.IsOutdated())
                {
                    ReadAgain();
                }
            }
            finally
            {
                _reading.Exit();
            }
        }

        return _current;
    }

    public PlainFamily[] Families()
    {
        lock (_reading)
        {
            return
            [
                new PlainFamily("spanmetrics_config_last_reload_successful", "Whether what http.web_config says now is in use: not where it has a mistake.", isCounter: false).With(_isRead ? 1 : 0),
                new PlainFamily("spanmetrics_config_last_reload_success_timestamp_seconds", "When the configuration in use was read.", isCounter: false).With(_readAt.ToUnixTimeMilliseconds() / 1000.0),
            ];
        }
    }

    private void ReadAgain()
    {
        _reader = new WebConfigReader(_path);
        WebConfig? config = _reader.Read();
        bool hasTls = _current.Tls is not null;
        if (config is null)
        {
            _isRead = false;
            Log.WebConfigRefused(_logger, string.Join("; ", _reader.Errors));
        }
        else if (config.Tls is not null != hasTls)
        {
            _isRead = false;
            Log.WebConfigRefused(_logger, $"{_path}: TLS is switched {(hasTls ? "off" : "on")} by a restart only");
        }
        else
        {
            (_current, _isRead, _readAt) = (config, true, _time.GetUtcNow());
            Log.WebConfigRead(_logger, _path);
        }
    }
}
