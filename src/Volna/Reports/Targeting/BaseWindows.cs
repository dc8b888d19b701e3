using System.Numerics;

namespace Volna.Reports.Targeting;

/// <summary>
/// Stretches of days before a wave, each as long as its validity, the newest first. In which of them a customer bought says how likely she is to buy in
/// the wave's days without it: customers alike in how long ago and in how many stretches they bought make a cell, and what share of a cell buys is
/// counted one stretch earlier, so nothing of the wave itself is in it.
/// </summary>
/// <param name="End">Number of the day after the newest stretch.</param>
/// <param name="Days">Of a stretch.</param>
/// <param name="Count">Stretches that make a customer's cell; one more before them is looked at, to count what cells buy.</param>
sealed record BaseWindows(int End, int Days, int Count)
{
    const int Least = 2, Most = 12;

    /// <summary>Null where too few days are known before.</summary>
    public static BaseWindows? Of(DateOnly end, int days, int knownDays) =>
        Math.Min(Most, (knownDays / days) - 1) is >= Least and var count ? new BaseWindows(end.DayNumber, days, count) : null;

    /// <summary>As many cells as there may be; those of customers who bought in no stretch are one.</summary>
    public int Cells => (Count + 1) * (Count + 1);

    public int CellOfNobody => CellOf(0);

    /// <summary>A bit for each stretch with a purchase, the newest lowest.</summary>
    /// <param name="days">Numbers of the days on which she bought, oldest first.</param>
    public ulong Bought(ReadOnlySpan<int> days)
    {
        ulong bought = 0;
        var first = End - ((Count + 1) * Days);
        for (var i = days.Length - 1; i >= 0 && days[i] >= first; i--)
            if (days[i] < End)
                bought |= 1UL << ((End - 1 - days[i]) / Days);
        return bought;
    }

    /// <summary>The cell before the wave.</summary>
    public int CellNow(ulong bought) => CellOf(bought & ((1UL << Count) - 1));

    /// <summary>The cell one stretch earlier; whether she bought in that stretch is the lowest bit.</summary>
    public int CellEarlier(ulong bought) => CellOf(bought >> 1);

    /// <summary>In how many stretches those of a cell bought.</summary>
    public int Frequency(int cell) => cell % (Count + 1);

    int CellOf(ulong bought) => (Math.Min(Count, BitOperations.TrailingZeroCount(bought)) * (Count + 1)) + BitOperations.PopCount(bought);
}
