using System.Diagnostics;
using System.Net;

namespace Volna.Server.Bench;

/// <summary>The real program serving a data folder in a process of its own, on a processor of its own where the system lets us choose.</summary>
sealed class ServedProcess : IDisposable
{
    readonly Process _process;

    ServedProcess(Process process, IPEndPoint address)
    {
        _process = process;
        Address = address;
    }

    public IPEndPoint Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    public static ServedProcess Start(DataFolder folder, params string[] more) => Run(["serve", "--port", "0", "--data", folder.Root, .. more], folder.TillPostgres);

    /// <summary>Starts a <see cref="BareServer"/>.</summary>
    public static ServedProcess StartBare(int customers) => Run(["bench", "bare", $"{customers}"]);

    static ServedProcess Run(string[] verb, string? postgres = null)
    {
        var program = Environment.ProcessPath!;
        string[] call = Path.GetFileName(program) is "Volna.Server" or "Volna.Server.exe" ? [program] : ["dotnet", typeof(ServedProcess).Assembly.Location];
        if (Pinned) call = ["taskset", "-c", "0", .. call];
        var start = new ProcessStartInfo(call[0], [.. call[1..], .. verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["VOLNA_LANG"] = "en";
        start.Environment[Verb.PostgresVariable] = postgres ?? "";
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && !text.StartsWith("Console:", StringComparison.Ordinal)) System.Console.Error.WriteLine(text);
        };
        process.BeginErrorReadLine();
        var address = process.StandardOutput.ReadLine();
        if (address is null)
        {
            process.WaitForExit();
            process.Dispose();
            throw new BadInputException("serve-failed", new Text($"volna {string.Join(' ', verb)}: the server didn't start; the lines above tell why.", $"volna {string.Join(' ', verb)}: сервер не запустился; причина указана выше."));
        }

        return new ServedProcess(process, new IPEndPoint(IPAddress.Loopback, new Uri(address).Port));
    }

    /// <summary>True where the server gets the first processor and the client the second.</summary>
    public static bool Pinned { get; } = OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset");

    /// <summary>Leaves the first processor to the server.</summary>
    public static void PinClient()
    {
        if (!Pinned) return;
        using var taskset = Process.Start(new ProcessStartInfo("taskset", ["-a", "-c", "-p", "1", $"{Environment.ProcessId}"]) { RedirectStandardOutput = true })!;
        taskset.WaitForExit();
    }

    /// <summary>Puts the calling thread beside the server, to have what the server leaves of its processor.</summary>
    public static void JoinServer()
    {
        Background.StandBack(Background.Whenever);
        if (Pinned) _ = SetAffinity(0, sizeof(ulong), [1]);
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "sched_setaffinity")]
    static extern int SetAffinity(int thread, nint size, ulong[] processors);

    public long MemoryBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Time of the processor that it took so far: tells the same on a busy machine and on a quiet one.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>SIGKILL: nothing can be finished.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
