namespace SpanMetrics.Tests.Support;

/// <summary>The checkout that the test assembly was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SpanMetrics.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"no SpanMetrics.sln above {AppContext.BaseDirectory}");
    }
}
