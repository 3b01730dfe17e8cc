using Microsoft.Win32.SafeHandles;

namespace SpanMetrics.Configuration;

/// <summary>By what a file's change is seen.</summary>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <summary>Of the file at the end of all links, such as Kubernetes lays for a secret; default where there is none to be read.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path);
            return new FileStamp(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
