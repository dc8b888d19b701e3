using System.Diagnostics;

namespace Volna;

/// <summary>
/// Named places in long work. <c>VOLNA_FAULT=NAME:N</c> in the environment kills the process when it passes NAME for the N-th time, as a power cut
/// would, so that a test can stop it exactly between two steps. Without the variable passing costs nothing.
/// </summary>
public static class FaultPoint
{
    public const string LatestSalesKept = "latest-sales-kept", PartCounted = "part-counted", PartValued = "part-valued", SharedOut = "shared-out", PartPacked = "part-packed",
        PartKept = "part-kept", PackMerged = "pack-merged", WaveGenerated = "wave-generated", PartsCleared = "parts-cleared", PublicationStarted = "publication-started",
        WavePublished = "wave-published", OutboxWritten = "outbox-written";

    const string Variable = "VOLNA_FAULT";

    static readonly string? s_name;
    static int s_left;

    static FaultPoint()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split(':') is not [var name, var times]) return;
        (s_name, s_left) = (name, int.Parse(times, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>All, in the order in which a wave passes them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [LatestSalesKept, PartCounted, PartValued, SharedOut, PartPacked, PartKept, PackMerged, WaveGenerated, PartsCleared, PublicationStarted, WavePublished, OutboxWritten];

    public static void Pass(string name)
    {
        if (name == s_name && Interlocked.Decrement(ref s_left) == 0) Process.GetCurrentProcess().Kill();
    }
}
