using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace SpanMetrics.Dashboards;

/// <summary>NAME.json of each NAME.yml in a folder.</summary>
internal static class DashboardFiles
{
    private const string Common = "common.yml";

    /// <summary>Readable in a diff: quotes in queries are \", not \u0022.</summary>
    public static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Indented = new(Plain) { WriteIndented = true };

    // Unknown keys and keys that come twice are errors.
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();

    /// <summary>Each file that there must be, with its text.</summary>
    public static IEnumerable<(string File, string Json)> Generated(string folder)
    {
        var common = Read<CommonSource>(Path.Combine(folder, Common));
        foreach (string source in Directory.GetFiles(folder, "*.yml").Where(file => Path.GetFileName(file) != Common).Order(StringComparer.Ordinal))
        {
            JsonObject dashboard = DashboardJson.Of(Read<DashboardSource>(source), common);
            yield return (Path.ChangeExtension(source, ".json"), dashboard.ToJsonString(Indented) + "\n");
        }
    }

    private static T Read<T>(string file) => Yaml.Deserialize<T>(File.ReadAllText(file));
}
