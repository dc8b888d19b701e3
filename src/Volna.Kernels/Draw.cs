namespace Volna.Kernels;

/// <summary>
/// Chance that doesn't depend on order or threads: a stream of numbers derived from a seed, a purpose and a subject (a customer). Each step is
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
/// </summary>
public struct Draw
{
    ulong _state;

    /// <param name="seed">Of the wave or world.</param>
    /// <param name="purpose">What is drawn, such as <c>holdout</c>; different purposes are independent.</param>
    /// <param name="subject">For whom, such as the hash of a customer's key.</param>
    public Draw(ulong seed, ReadOnlySpan<char> purpose, ulong subject) =>
        _state = Mix(Mix(seed + Hash64.Of(purpose)) ^ subject);

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1), 53 random bits.</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 .. <paramref name="limit"/> - 1 (the bias, below 2^-32, is left in).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit isn't positive.</exception>
    public int NextBelow(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)Math.BigMul(Next(), (ulong)limit, out _);
    }

    /// <summary>Standard normal, by the polar method of Marsaglia (1964).</summary>
    public double NextNormal()
    {
        while (true)
        {
            double x = (2 * NextUnit()) - 1, y = (2 * NextUnit()) - 1, s = (x * x) + (y * y);
            if (s is > 0 and < 1) return x * Math.Sqrt(-2 * Math.Log(s) / s);
        }
    }

    /// <summary>The finalizer of SplitMix64 (variant 13 of Stafford): a bijection that mixes all bits.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
