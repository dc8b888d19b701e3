using System.Collections.Immutable;
using Volna.Kernels;

namespace Volna.Reports.Targeting;

/// <summary>Places of the numbers kept of a customer in a <see cref="BaseCell"/>.</summary>
enum BaseNumber
{
    Bought = 0,
    Spend = 1,
    Margin = 2,
    SpendBefore = 3,
    MarginBefore = 4,
}

/// <summary>What was counted of a wave by how likely customers were to buy without it.</summary>
/// <param name="Windows">Stretches that make a cell, as in <see cref="BaseWindows"/>.</param>
sealed record BaseCounts(int Windows, ImmutableArray<BaseCell> Cells);

/// <summary>Customers alike in when they bought before the wave.</summary>
/// <param name="Frequency">In how many stretches they bought.</param>
/// <param name="Earlier">Customers who were of this cell one stretch earlier.</param>
/// <param name="EarlierBought">Those of them who bought in that stretch.</param>
/// <param name="Arms">
/// By half of the customers, drawn by their numbers, and arm: treated and held-out of the first half, then of the second. What one half tells is tried on
/// the other.
/// </param>
sealed record BaseCell(int Frequency, long Earlier, long EarlierBought, ImmutableArray<VectorMoments> Arms)
{
    public const int Halves = 2;

    /// <summary>Place among <see cref="Arms"/>.</summary>
    public static int ArmOf(CustomerId customer, int heldOut) => (2 * HalfOf(customer)) + heldOut;

    static int HalfOf(CustomerId customer) => (int)(unchecked((uint)customer.Value * 0x9E3779B9u) >> 31);
}

/// <summary>Counts of the cells of one shard.</summary>
sealed class BaseSums(BaseWindows windows)
{
    public static readonly int Numbers = Enum.GetValues<BaseNumber>().Length;

    readonly VectorMoments?[] _arms = new VectorMoments?[windows.Cells * 2 * BaseCell.Halves];
    readonly long[] _earlier = new long[windows.Cells], _earlierBought = new long[windows.Cells];
    readonly double[] _numbers = new double[Numbers];

    /// <param name="days">On which she bought, oldest first.</param>
    /// <param name="measures">Of the customer, by place of <see cref="Measure"/>.</param>
    public void Add(CustomerId customer, int heldOut, ReadOnlySpan<int> days, ReadOnlySpan<double> measures)
    {
        var bought = windows.Bought(days);
        var earlier = windows.CellEarlier(bought);
        _earlier[earlier]++;
        _earlierBought[earlier] += (long)(bought & 1);

        _numbers[(int)BaseNumber.Bought] = measures[(int)Measure.Bought];
        _numbers[(int)BaseNumber.Spend] = measures[(int)Measure.Spend];
        _numbers[(int)BaseNumber.Margin] = measures[(int)Measure.Margin];
        _numbers[(int)BaseNumber.SpendBefore] = measures[(int)Measure.SpendBefore];
        _numbers[(int)BaseNumber.MarginBefore] = measures[(int)Measure.MarginBefore];
        (_arms[(windows.CellNow(bought) * 2 * BaseCell.Halves) + BaseCell.ArmOf(customer, heldOut)] ??= new VectorMoments(Numbers)).Add(_numbers);
    }

    /// <summary>The cells of all shards.</summary>
    /// <param name="assigned">Customers of the wave, by place in <see cref="BaseCell.Arms"/>; those who weren't added bought nothing, neither before.</param>
    public static BaseCounts Whole(BaseWindows windows, IReadOnlyList<BaseSums> shards, long[] assigned)
    {
        var cells = new List<BaseCell>();
        var missing = (long[])assigned.Clone();
        var arms = new VectorMoments[windows.Cells * assigned.Length];
        for (var at = 0; at < arms.Length; at++)
        {
            arms[at] = new VectorMoments(Numbers);
            foreach (var shard in shards)
                if (shard._arms[at] is { } sums)
                    arms[at].Merge(sums);
            missing[at % assigned.Length] -= arms[at].Count;
        }

        for (var arm = 0; arm < assigned.Length; arm++) arms[(windows.CellOfNobody * assigned.Length) + arm].AddZeros(missing[arm]);
        for (var cell = 0; cell < windows.Cells; cell++)
        {
            var ofCell = arms.AsSpan(cell * assigned.Length, assigned.Length).ToArray();
            var earlier = shards.Sum(shard => shard._earlier[cell]) + (cell == windows.CellOfNobody ? missing.Sum() : 0);
            if (earlier > 0 || ofCell.Any(arm => arm.Count > 0))
                cells.Add(new BaseCell(windows.Frequency(cell), earlier, shards.Sum(shard => shard._earlierBought[cell]), [.. ofCell]));
        }

        return new BaseCounts(windows.Count, [.. cells]);
    }
}
