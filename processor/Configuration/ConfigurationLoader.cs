using SpanMetrics.Aggregation;
using SpanMetrics.Exposition;
using SpanMetrics.Ingest;
using SpanMetrics.Semantics;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Configuration;

/// <summary>
/// One YAML file, then the environment (<c>SPANMETRICS__KAFKA__GROUP_ID</c>), then <c>--set kafka.group_id=x</c>, to checked
/// options. A later one wins; every mistake in any of them is reported at once.
/// </summary>
internal static class ConfigurationLoader
{
    private const string EnvironmentPrefix = "SPANMETRICS__";

    /// <param name="file">Null: the defaults.</param>
    /// <param name="sets">Each <c>KEY=VALUE</c>, the key with dots, the value as text or, for a list, as YAML.</param>
    /// <param name="environment">Variables by name; those without our prefix are ignored.</param>
    /// <exception cref="ConfigurationException">With every mistake.</exception>
    public static SpanMetricsOptions Load(string? file, IReadOnlyList<string> sets, IReadOnlyDictionary<string, string> environment)
    {
        var binder = new OptionsBinder();
        var options = new SpanMetricsOptions();
        if (file is not null && ReadFile(file, binder) is YamlNode root)
        {
            TakeEmitters(root, file, options, binder);
            binder.Bind(options, root, node => $"{file}:{node.Start.Line}", "");
            if (options.Http.WebConfig.Length > 0)
            {
                options.Http.WebConfig = Path.Combine(Path.GetDirectoryName(file) ?? "", options.Http.WebConfig);
            }
        }

        foreach ((string name, string value) in environment)
        {
            if (name.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
            {
                string[] path = name[EnvironmentPrefix.Length..].ToLowerInvariant().Split("__");
                BindAt(binder, options, path, value, $"environment variable {name}");
            }
        }

        foreach (string set in sets)
        {
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                binder.Report($"--set {set}: expected KEY=VALUE, as in --set kafka.group_id=x");
                continue;
            }

            BindAt(binder, options, set[..equals].Split('.'), set[(equals + 1)..], $"--set {set[..equals]}"); // not the value: it may be a password
        }

        binder.Validate(options, "");
        CheckMeaning(options, binder);
        return binder.Errors.Count == 0 ? options : throw new ConfigurationException(binder.Errors);
    }

    private static void CheckMeaning(SpanMetricsOptions options, OptionsBinder binder)
    {
        options.BuildViews(binder.ReportAt);
        RefuseContent(options, binder);
        CheckDimensions(options, binder);
        if (HttpSurface.ParseAddress(options.Http.Listen) is null)
        {
            binder.ReportAt("http.listen", $"\"{options.Http.Listen}\" is not an address and a port, as in 127.0.0.1:9464");
        }

        if (options.Http.WebConfig.Length > 0)
        {
            var reader = new WebConfigReader(options.Http.WebConfig);
            reader.Read();
            foreach (string error in reader.Errors)
            {
                binder.Report(error);
            }
        }

        if (options.Telemetry.Otlp.Length > 0 && options.Telemetry.ParseOtlp() is null)
        {
            binder.ReportAt("telemetry.otlp", $"\"{options.Telemetry.Otlp}\" is not a URL as in http://127.0.0.1:4318");
        }

        foreach ((string name, ScraperOptions scraper) in options.Http.Scrapers)
        {
            if (scraper is { Address: null, User: null })
            {
                binder.ReportAt($"http.scrapers.{name}", "an address or a user must say who this is");
            }
            else if (scraper.Address is string address && ScraperOptions.ParseAddress(address) is null)
            {
                binder.ReportAt($"http.scrapers.{name}.address", $"\"{address}\" is neither an address nor a range, as in 10.0.0.0/8");
            }

            if (scraper is { Address: null, User: not null } && options.Http.WebConfig.Length == 0)
            {
                binder.ReportAt($"http.scrapers.{name}.user", "nobody is asked for a name without http.web_config");
            }
        }

        options.Kafka.Topics.Check(binder.ReportAt);
        bool clientIsFine = true;
        foreach (string key in options.Kafka.Client.Keys)
        {
            if (KafkaSource.WhyReserved(key) is string why)
            {
                clientIsFine = false;
                binder.ReportAt($"kafka.client.{key}", why);
            }
        }

        // The empty ones have been reported, and librdkafka would only say so again.
        if (clientIsFine && options.Kafka.GroupId.Length > 0 && KafkaSource.ProblemWith(options.Kafka) is string problem)
        {
            binder.ReportAt("kafka.client", problem);
        }
    }

    private static void CheckDimensions(SpanMetricsOptions options, OptionsBinder binder)
    {
        for (int i = 0; i < options.Dimensions.Count; i++)
        {
            string key = options.Dimensions[i].Attribute;
            if (ContentKeys.WhyRefused(key) is string why && !options.AllowContentAttributes.Contains(key))
            {
                binder.ReportAt($"dimensions[{i}].attribute", $"a label must not be taken from {key}, {why}; allow_content_attributes: [{key}] allows it all the same");
            }
        }

        if (options.Dimensions.Count > 0)
        {
            try
            {
                _ = options.BuildRules();
            }
            catch (ArgumentException exception)
            {
                binder.ReportAt("dimensions", exception.Message);
            }
        }
    }

    // Their language is not that of options, so they are taken out before those are bound.
    private static void TakeEmitters(YamlNode root, string file, SpanMetricsOptions options, OptionsBinder binder)
    {
        var key = new YamlScalarNode("emitters");
        if (root is not YamlMappingNode mapping || !mapping.Children.Remove(key, out YamlNode? node))
        {
            return;
        }

        if (node is not YamlSequenceNode list)
        {
            binder.Report($"{file}:{node.Start.Line}: emitters must be a list");
            return;
        }

        var emitters = new List<EmitterRules>();
        var reader = new EmitterReader(file, binder.Report);
        foreach (YamlNode item in list.Children)
        {
            if (reader.Read(item) is EmitterRules emitter)
            {
                emitters.Add(emitter);
            }
        }

        options.Emitters = [.. emitters];
        try
        {
            _ = new RuleBook([.. emitters, .. Emitters.BuiltIn]);
        }
        catch (ArgumentException exception)
        {
            binder.Report($"{file}:{node.Start.Line}: emitters: {exception.Message}");
        }
    }

    // What was said or done in a trace must not become a label by mistake: it would be on every page and in every alert.
    private static void RefuseContent(SpanMetricsOptions options, OptionsBinder binder)
    {
        foreach (EmitterRules emitter in options.Emitters)
        {
            for (int field = 0; field < FieldText.Texts; field++)
            {
                foreach (FieldSource source in emitter.Sources[field])
                {
                    if (source.Attribute is string key && ContentKeys.WhyRefused(key) is string why && !options.AllowContentAttributes.Contains(key))
                    {
                        binder.Report($"{source.Place}: {FieldText.Names[field]} must not be taken from {key}, {why}; allow_content_attributes: [{key}] allows it all the same");
                    }
                }
            }
        }
    }

    /// <summary>Null where it is empty, or has a mistake, which is reported.</summary>
    public static YamlNode? ReadFile(string file, OptionsBinder binder)
    {
        try
        {
            using var text = new StreamReader(file);
            return OptionsBinder.Parse(text);
        }
        catch (YamlException exception)
        {
            binder.Report($"{file}:{exception.Start.Line}: not YAML: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            binder.Report($"{file}: cannot be read: {exception.Message}");
        }

        return null;
    }

    // Wraps the value in the mappings of its path, so that one binder and one set of messages serves all sources.
    private static void BindAt(OptionsBinder binder, SpanMetricsOptions options, string[] path, string value, string source)
    {
        YamlNode node = new YamlScalarNode(value); // text as it is: a password may look like YAML

        // Settings of librdkafka have dots in their names, and underscores in an environment variable.
        if (path is ["kafka", "client", _, ..])
        {
            path = ["kafka", "client", string.Join('.', path[2..]).Replace('_', '.')];
        }

        for (int i = path.Length - 1; i >= 0; i--)
        {
            node = new YamlMappingNode(new YamlScalarNode(path[i]), node);
        }

        binder.Bind(options, node, _ => source, "");
    }
}
