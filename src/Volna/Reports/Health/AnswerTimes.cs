using Volna.Kernels;

namespace Volna.Reports.Health;

/// <summary>How long calls took, counted by classes of which each is a quarter longer or less, without keeping a call waiting.</summary>
public sealed class AnswerTimes
{
    // Four classes for each doubling of microseconds.
    const int Bits = 2;
    const int LeastCalls = 100;
    const double Share = 0.99;

    readonly int[] _counts = new int[SizeClass.Count(Bits)];

    public void Add(TimeSpan time) => Interlocked.Increment(ref _counts[SizeClass.Of(time.Ticks / TimeSpan.TicksPerMicrosecond, Bits)]);

    /// <summary>Milliseconds within which 99 of 100 calls ended since it was last asked, at most a quarter too high; null below 100 calls, which go on being counted.</summary>
    public double? Take()
    {
        if (_counts.Sum(count => (long)Volatile.Read(ref count)) < LeastCalls) return null;
        var taken = new int[_counts.Length];
        for (var i = 0; i < taken.Length; i++) taken[i] = Interlocked.Exchange(ref _counts[i], 0);
        var wanted = Share * taken.Sum(count => (long)count);
        long sum = 0;
        for (var i = 0; ; i++)
            if ((sum += taken[i]) >= wanted)
                return SizeClass.Least(i + 1, Bits) / 1_000.0;
    }
}
