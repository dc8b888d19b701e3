using System.Diagnostics;
using Volna.Kernels;

namespace Volna.Server.Bench;

/// <summary>Latencies in buckets of at most 3 % width, so that millions of them take no room.</summary>
sealed class Histogram
{
    // 32 buckets for each doubling of microseconds.
    const int BitsWithin = 5;

    readonly long[] _counts = new long[SizeClass.Count(BitsWithin)];

    public long Count { get; private set; }

    /// <param name="ticks">Of the stopwatch.</param>
    public void Add(long ticks)
    {
        _counts[SizeClass.Of((long)(ticks * (1e6 / Stopwatch.Frequency)), BitsWithin)]++;
        Count++;
    }

    /// <summary>The upper edge of the bucket in which a share of all latencies is reached.</summary>
    public double Milliseconds(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            if ((left -= _counts[bucket]) <= 0 && Count > 0)
                return SizeClass.Least(bucket + 1, BitsWithin) / 1_000.0;
        return 0;
    }
}
