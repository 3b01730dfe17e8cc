using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SpanMetrics.Configuration;

/// <summary>
/// Puts a YAML tree into an options object: keys are property names in snake_case; whatever does not fit is reported with its place.
/// </summary>
internal sealed class OptionsBinder
{
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, string> _places = []; // by path: where its value was said last

    public IReadOnlyList<string> Errors => _errors;

    /// <summary>A mistake at no key: a file that cannot be read, an option that is no KEY=VALUE.</summary>
    public void Report(string error) => _errors.Add(error);

    /// <summary>A mistake in a value, told with the place that the value comes from.</summary>
    public void ReportAt(string path, string problem) =>
        _errors.Add(_places.TryGetValue(path, out string? place) ? $"{place}: {path}: {problem}" : $"{path}: {problem}");

    public void Bind(object options, YamlNode node, Func<YamlNode, string> place, string path)
    {
        if (Structured(node) is not YamlMappingNode mapping)
        {
            if (node is not YamlScalarNode { Value: null or "" })
            {
                _errors.Add($"{place(node)}: {(path.Length == 0 ? "the configuration" : path)} must be a mapping of keys to values");
            }

            return;
        }

        foreach ((YamlNode keyNode, YamlNode value) in mapping.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            PropertyInfo? property = Array.Find(options.GetType().GetProperties(), candidate => KeyOf(candidate) == key);
            string full = path.Length == 0 ? key : $"{path}.{key}";
            if (property is null)
            {
                _errors.Add($"{place(keyNode)}: unknown key \"{full}\"{Suggestion(options.GetType(), key)}");
            }
            else
            {
                BindProperty(options, property, value, place, full);
            }
        }
    }

    /// <summary>Null for an empty document.</summary>
    /// <exception cref="YamlException">It is not YAML.</exception>
    public static YamlNode? Parse(TextReader text)
    {
        var stream = new YamlStream();
        stream.Load(text);
        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
    }

    /// <summary>Checks the data annotations of an options object and of those inside it.</summary>
    public void Validate(object options, string path)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties())
        {
            string full = path.Length == 0 ? KeyOf(property) : $"{path}.{KeyOf(property)}";
            object? value = property.GetValue(options);
            foreach (ValidationAttribute rule in property.GetCustomAttributes<ValidationAttribute>())
            {
                if (!rule.IsValid(value))
                {
                    ReportAt(full, rule switch
                    {
                        RangeAttribute range => string.Create(CultureInfo.InvariantCulture, $"{value} is outside {range.Minimum} to {range.Maximum}"),
                        MinLengthAttribute => "needs at least one entry",
                        _ => "must not be empty",
                    });
                }
            }

            if (value is not null && IsSection(property.PropertyType))
            {
                Validate(value, full);
            }
        }
    }

    private void BindProperty(object options, PropertyInfo property, YamlNode value, Func<YamlNode, string> place, string path)
    {
        Type type = property.PropertyType;
        _places[path] = place(value);
        if (IsSection(type))
        {
            Bind(property.GetValue(options)!, value, place, path);
        }
        else if (type == typeof(List<string>))
        {
            if (Structured(value) is not YamlSequenceNode sequence)
            {
                _errors.Add($"{place(value)}: {path} must be a list, as in [a, b]");
                return;
            }

            var list = new List<string>();
            foreach (YamlNode item in sequence.Children)
            {
                list.Add((item as YamlScalarNode)?.Value ?? "");
            }

            property.SetValue(options, list);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            BindDictionary((System.Collections.IDictionary)property.GetValue(options)!, type.GetGenericArguments()[1], value, place, path);
        }
        else if (value is not YamlScalarNode scalar)
        {
            _errors.Add($"{place(value)}: {path} must be a single value");
        }
        else if (type == typeof(int))
        {
            if (int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int number))
            {
                property.SetValue(options, number);
            }
            else
            {
                _errors.Add($"{place(value)}: {path} must be a whole number, not \"{scalar.Value}\"");
            }
        }
        else
        {
            property.SetValue(options, scalar.Value ?? "");
        }
    }

    private void BindDictionary(System.Collections.IDictionary dictionary, Type valueType, YamlNode node, Func<YamlNode, string> place, string path)
    {
        if (Structured(node) is not YamlMappingNode mapping)
        {
            if (node is not YamlScalarNode { Value: null or "" })
            {
                _errors.Add($"{place(node)}: {path} must be a mapping of keys to values");
            }

            return;
        }

        foreach ((YamlNode keyNode, YamlNode value) in mapping.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            _places[$"{path}.{key}"] = place(keyNode);
            if (valueType == typeof(string))
            {
                if (value is YamlScalarNode scalar)
                {
                    dictionary[key] = scalar.Value ?? "";
                }
                else
                {
                    _errors.Add($"{place(value)}: {path}.{key} must be a single value");
                }

                continue;
            }

            object entry = dictionary[key] ?? Activator.CreateInstance(valueType)!;
            Bind(entry, value, place, $"{path}.{key}");
            dictionary[key] = entry;
        }
    }

    // A list or mapping given by --set or the environment arrives as text, [a, b].
    private static YamlNode Structured(YamlNode node)
    {
        if (node is not YamlScalarNode { Value: { Length: > 0 } text })
        {
            return node;
        }

        try
        {
            using var reader = new StringReader(text);
            return Parse(reader) ?? node;
        }
        catch (YamlException)
        {
            return node;
        }
    }

    private static bool IsSection(Type type) =>
        type.Namespace?.StartsWith("SpanMetrics", StringComparison.Ordinal) == true;

    private static string Suggestion(Type type, string key)
    {
        string[] known = Array.ConvertAll(type.GetProperties(), KeyOf);
        return NearestName.Of(key, known) is string nearest
            ? $"; did you mean \"{nearest}\"?"
            : $"; known here: {string.Join(", ", known)}";
    }

    internal static string KeyOf(PropertyInfo property)
    {
        var key = new StringBuilder();
        foreach (char c in property.Name)
        {
            key.Append(char.IsUpper(c) && key.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(c));
        }

        return key.ToString();
    }
}
