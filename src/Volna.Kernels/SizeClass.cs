using System.Numerics;

namespace Volna.Kernels;

/// <summary>
/// Whole numbers by size, to count millions of them in little room. Below 2 to the power of <c>bits</c> each number is a class of its own; from there on as many classes of
/// equal width lie between a power of two and the next one, so a class is never wider than its least number divided by as many.
/// </summary>
public static class SizeClass
{
    /// <summary>Classes of all positive numbers.</summary>
    public static int Count(int bits) => (64 - bits) << bits;

    /// <summary>The class of a number; 0 for what is below 0.</summary>
    public static int Of(long number, int bits)
    {
        if (number < 1L << bits) return (int)Math.Max(0, number);
        var shift = BitOperations.Log2((ulong)number) - bits;
        return (shift << bits) + (int)(number >> shift);
    }

    /// <summary>The least number of a class.</summary>
    public static long Least(int number, int bits)
    {
        var ofDoubling = 1 << bits;
        return number < ofDoubling ? number : (long)(ofDoubling + (number % ofDoubling)) << ((number >> bits) - 1);
    }
}
