using System.Diagnostics;
using System.Globalization;

namespace SpanMetrics.Tests.Support;

/// <summary>
/// A shell that outlives the test host by a moment: when the host's end of its pipe closes, however that
/// came about, it kills the children that are still listed. A parent-death signal would not do: it is sent
/// when the thread that started the child ends, and that is a pool thread here.
/// </summary>
internal static class Reaper
{
    private const string Script = """
        trap '' INT TERM HUP
        live=' '
        while read -r sign pid; do
          case $sign in
            +) live="$live$pid " ;;
            -) live="${live%% "$pid" *} ${live#* "$pid" }" ;;
          esac
        done
        [ -z "${live// /}" ] || kill -9 $live
        """;

    private static readonly Lock Gate = new();
    private static readonly Process Shell = StartShell();

    public static void Watch(int pid) => Tell('+', pid);

    public static void Forget(int pid) => Tell('-', pid);

    private static void Tell(char sign, int pid)
    {
        lock (Gate)
        {
            Shell.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sign} {pid}"));
            Shell.StandardInput.Flush();
        }
    }

    private static Process StartShell() => Process.Start(new ProcessStartInfo("bash", ["-c", Script])
    {
        RedirectStandardInput = true,
    })!;
}
