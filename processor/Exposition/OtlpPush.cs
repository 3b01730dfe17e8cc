using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace SpanMetrics.Exposition;

/// <summary>Pushes the worker's own metrics and traces over OTLP/HTTP; the last time when it is disposed of.</summary>
internal sealed class OtlpPush(Uri endpoint, TelemetryOptions options, string version) : IDisposable
{
    private readonly MeterProvider _metrics = Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("spanmetrics", serviceVersion: version))
        .AddMeter(OwnMeter.Name, "System.Runtime")
        .AddOtlpExporter((exporter, reader) =>
        {
            exporter.Endpoint = new Uri(endpoint, "v1/metrics");
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.IntervalSeconds * 1000;
        })
        .Build();

    private readonly TracerProvider _traces = Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("spanmetrics", serviceVersion: version))
        .AddSource(OwnMeter.Name)
        .SetSampler(new AlwaysOnSampler()) // or the HTTP server's own activity, which nobody records, decides
        .AddOtlpExporter(exporter =>
        {
            exporter.Endpoint = new Uri(endpoint, "v1/traces");
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        })
        .Build();

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }
}
