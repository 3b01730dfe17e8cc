namespace SpanMetrics.Tests.Support;

/// <summary>Parts that a machine may lack. Without one a test is skipped; under CI=true it fails.</summary>
internal static class Parts
{
    public static string Require(string variable)
    {
        var path = Environment.GetEnvironmentVariable(variable);
        if (!string.IsNullOrEmpty(path) && (File.Exists(path) || Directory.Exists(path)))
        {
            return path;
        }
        return Missing(string.IsNullOrEmpty(path) ? $"{variable} is not set" : $"{variable} names {path}, which does not exist");
    }

    public static string Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail($"{reason}, and CI=true allows no missing part");
        }
        Assert.Skip(reason);
        return "";
    }
}
