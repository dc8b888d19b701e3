using Volna.Kernels;

namespace Volna.Reports;

/// <summary>
/// The spend within the validity (0) and before (1) where nobody's counts above a bound (winsorised): a few very large receipts hide what the many did.
/// The bound is the same for both arms and lies where at most one customer in a hundred is above.
/// </summary>
/// <param name="CutShare">Share of all assigned customers above the bound.</param>
sealed record CappedSpend(long BoundMinor, double CutShare, VectorMoments Treated, VectorMoments HeldOut);

/// <summary>What customers of both arms spent, sorted by size, in one shard.</summary>
sealed class CappedSums
{
    // Eight steps of the bound while the spend doubles.
    const int Bits = 3;
    const double MostCut = 0.01;

    static readonly int Steps = SizeClass.Count(Bits);

    /// <summary>By step, times two for the arms; the first is of nothing spent, or more returned.</summary>
    readonly PairSums[] _sums = new PairSums[2 * Steps];

    public void Add(int heldOut, long spendMinor, long beforeMinor) => _sums[(2 * SizeClass.Of(spendMinor, Bits)) + heldOut].Add(spendMinor, beforeMinor);

    /// <param name="assigned">Customers of both arms; those who weren't added are zeros.</param>
    public static CappedSpend? Whole(IReadOnlyList<CappedSums> shards, long[] assigned)
    {
        var whole = new PairSums[2 * Steps];
        foreach (var shard in shards)
            for (var i = 0; i < whole.Length; i++)
                whole[i].Merge(shard._sums[i]);

        // The lowest bound that cuts few enough.
        long customers = assigned.Sum(), cut = 0;
        var step = Steps - 1;
        while (step > 0 && cut + whole[2 * step].Count + whole[(2 * step) + 1].Count <= MostCut * customers)
        {
            cut += whole[2 * step].Count + whole[(2 * step) + 1].Count;
            step--;
        }

        if (step == 0) return null;
        var bound = SizeClass.Least(step + 1, Bits);
        return new CappedSpend(bound, (double)cut / customers, Arm(0), Arm(1));

        VectorMoments Arm(int arm)
        {
            var sums = default(PairSums);
            for (var i = 0; i < Steps; i++) sums.Merge(i > step ? whole[(2 * i) + arm].WithX(bound) : whole[(2 * i) + arm]);
            return sums.ToMoments(assigned[arm]);
        }
    }
}
