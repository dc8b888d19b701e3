using System.Diagnostics;

namespace Volna.Server.Tests;

/// <summary>The real program, run as a process of its own.</summary>
static class VolnaProcess
{
    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Data, string Remarks)> Run(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        var data = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var remarks = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await data, await remarks);
    }

    /// <summary>Starts it; English, unless the arguments or the variable say otherwise.</summary>
    public static Process Start(string folder, params string[] arguments) => StartWith("", folder, arguments);

    /// <summary>Starts it to be killed at a <see cref="FaultPoint"/>, written <c>NAME:N</c>.</summary>
    public static Process StartWith(string fault, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Volna.Server.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["VOLNA_LANG"] = "en";
        if (fault.Length > 0) start.Environment["VOLNA_FAULT"] = fault;
        return Process.Start(start)!;
    }
}
