using SpanMetrics.Dashboards;

if (args is not [var folder] || !Directory.Exists(folder))
{
    Console.Error.WriteLine("usage: SpanMetrics.Dashboards FOLDER");
    return 2;
}

foreach ((string file, string json) in DashboardFiles.Generated(folder))
{
    File.WriteAllText(file, json);
    Console.WriteLine(file);
}

return 0;
