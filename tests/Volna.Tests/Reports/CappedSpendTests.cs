using Volna.Kernels;
using Volna.Reports;

namespace Volna.Tests.Reports;

public sealed class CappedSpendTests
{
    [Fact]
    public void The_cut_spend_is_that_of_a_plain_loop_and_at_most_one_in_a_hundred_is_cut()
    {
        CappedSums[] shards = [new(), new()];
        var customers = new List<(int HeldOut, double Spend, double Before)>();
        for (var i = 0; i < 5_000; i++)
        {
            var draw = new Draw(21, "capped", (ulong)i);
            var heldOut = i % 5 == 0 ? 1 : 0;
            var spend = i % 50 == 0 ? -700 : i % 3 == 0 ? 0 : (long)(20_000 * Math.Exp(1.5 * draw.NextNormal()));
            var before = (long)(50_000 * Math.Exp(draw.NextNormal()));
            shards[i % 2].Add(heldOut, spend, before);
            customers.Add((heldOut, spend, before));
        }

        // Ten of each arm bought nothing, neither before.
        var capped = CappedSums.Whole(shards, [4_010, 1_010])!;
        Assert.InRange(customers.Count(one => one.Spend >= capped.BoundMinor) / 5_020.0, 0.005, 0.01);
        Assert.Equal(customers.Count(one => one.Spend >= capped.BoundMinor) / 5_020.0, capped.CutShare, 12);
        foreach (var (arm, moments) in (ReadOnlySpan<(int, VectorMoments)>)[(0, capped.Treated), (1, capped.HeldOut)])
        {
            var plain = new VectorMoments(2);
            foreach (var one in customers.Where(one => one.HeldOut == arm)) plain.Add([Math.Min(one.Spend, capped.BoundMinor), one.Before]);
            plain.AddZeros(10);
            Assert.Equal(plain.Count, moments.Count);
            Assert.Equal(plain.Mean(0), moments.Mean(0), Math.Abs(plain.Mean(0)) * 1e-9);
            for (var i = 0; i < 2; i++)
                for (var j = i; j < 2; j++)
                    Assert.Equal(plain.Products(i, j), moments.Products(i, j), Math.Abs(plain.Products(i, j)) * 1e-9);
        }
    }

    [Fact]
    public void Without_purchases_nothing_is_cut()
    {
        var sums = new CappedSums();
        sums.Add(0, 0, 500);
        sums.Add(1, -100, 0);
        Assert.Null(CappedSums.Whole([sums], [100, 100]));
    }
}
