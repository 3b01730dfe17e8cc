using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using SpanMetrics.Diagnostics;
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
    public void ReportAt(string path, string problem)
    {
        string? place = null;
        for (string at = path; at.Length > 0 && !_places.TryGetValue(at, out place);)
        {
            at = at[..Math.Max(0, at.LastIndexOf('.'))]; // said nowhere: then where it is missing
        }

        _errors.Add(place is null ? $"{path}: {problem}" : $"{place}: {path}: {problem}");
    }

    /// <summary>Whether the key is there, with whatever value.</summary>
    public bool IsSaid(string path) => _places.ContainsKey(path);

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
                _errors.Add($"{place(keyNode)}: unknown key \"{full}\"; {NearestName.Hint(key, Array.ConvertAll(options.GetType().GetProperties(), KeyOf))}");
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
            else if (value is IList items && items.GetType().IsGenericType && IsSection(items.GetType().GetGenericArguments()[0]))
            {
                for (int i = 0; i < items.Count; i++)
                {
                    Validate(items[i]!, string.Create(CultureInfo.InvariantCulture, $"{full}[{i}]"));
                }
            }
            else if (value is IDictionary entries && IsSection(entries.GetType().GetGenericArguments()[1]))
            {
                foreach (DictionaryEntry entry in entries)
                {
                    Validate(entry.Value!, $"{full}.{entry.Key}");
                }
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
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
        {
            if (Structured(value) is not YamlSequenceNode sequence)
            {
                _errors.Add($"{place(value)}: {path} must be a list, as in [a, b]");
                return;
            }

            var list = (IList)Activator.CreateInstance(type)!;
            foreach (YamlNode item in sequence.Children)
            {
                string full = string.Create(CultureInfo.InvariantCulture, $"{path}[{list.Count}]");
                _places[full] = place(item);
                if (IsSection(type.GetGenericArguments()[0]))
                {
                    object entry = Activator.CreateInstance(type.GetGenericArguments()[0])!;
                    Bind(entry, item, place, full);
                    list.Add(entry);
                    continue;
                }

                if (Scalar(type.GetGenericArguments()[0], item, place, full) is not object parsed)
                {
                    return;
                }

                list.Add(parsed);
            }

            property.SetValue(options, list);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            BindDictionary((IDictionary)property.GetValue(options)!, type.GetGenericArguments()[1], value, place, path);
        }
        else if (Scalar(Nullable.GetUnderlyingType(type) ?? type, value, place, path) is object scalar)
        {
            property.SetValue(options, scalar);
        }
    }

    // Null when it is none of that type, which is reported.
    private object? Scalar(Type type, YamlNode node, Func<YamlNode, string> place, string path)
    {
        if (node is not YamlScalarNode scalar)
        {
            _errors.Add($"{place(node)}: {path} must be a single value");
            return null;
        }

        string text = scalar.Value ?? "";
        (object? value, string expected) =
            type == typeof(int) ? (int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int whole) ? whole : null, "a whole number")
            : type == typeof(double) ? (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null, "a number")
            : type.IsEnum ? (Array.Find(Enum.GetNames(type), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is string name ? Enum.Parse(type, name) : null, $"one of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}")
            : type == typeof(bool) ? (bool.TryParse(text, out bool isTrue) ? isTrue : null, "true or false")
            : ((object?)text, "");
        if (value is null)
        {
            _errors.Add($"{place(node)}: {path} must be {expected}, not \"{text}\"");
        }

        return value;
    }

    private void BindDictionary(IDictionary dictionary, Type valueType, YamlNode node, Func<YamlNode, string> place, string path)
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
        !type.IsEnum && type.Namespace?.StartsWith("SpanMetrics", StringComparison.Ordinal) == true;

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
