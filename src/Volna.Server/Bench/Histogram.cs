using System.Diagnostics;
using System.Numerics;

namespace Volna.Server.Bench;

/// <summary>Latencies in buckets of at most 3 % width, so that millions of them take no room.</summary>
sealed class Histogram
{
    // 32 buckets for each doubling of microseconds.
    const int BitsWithin = 5;

    readonly long[] _counts = new long[64 << BitsWithin];

    public long Count { get; private set; }

    /// <param name="ticks">Of the stopwatch.</param>
    public void Add(long ticks)
    {
        _counts[Bucket((long)(ticks * (1e6 / Stopwatch.Frequency)))]++;
        Count++;
    }

    /// <summary>The upper edge of the bucket in which a share of all latencies is reached.</summary>
    public double Milliseconds(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            if ((left -= _counts[bucket]) <= 0 && Count > 0)
                return Edge(bucket + 1) / 1_000.0;
        return 0;
    }

    static int Bucket(long microseconds)
    {
        if (microseconds < 1 << BitsWithin) return (int)Math.Max(0, microseconds);
        var shift = BitOperations.Log2((ulong)microseconds) - BitsWithin;
        return ((shift + 1) << BitsWithin) + (int)((microseconds >> shift) - (1 << BitsWithin));
    }

    static long Edge(int bucket)
    {
        if (bucket < 1 << BitsWithin) return bucket;
        var shift = (bucket >> BitsWithin) - 1;
        return ((1L << BitsWithin) + (bucket & ((1 << BitsWithin) - 1))) << shift;
    }
}
