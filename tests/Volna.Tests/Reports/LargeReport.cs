using Volna.Kernels;
using Volna.Offers;
using Volna.Reports;

namespace Volna.Tests.Reports;

/// <summary>A report with everything a report may hold: many groups with long names, remarks, a segment that buys anyway, one that was harmed.</summary>
static class LargeReport
{
    static readonly Period Week = new(new DateOnly(2026, 11, 26), new DateOnly(2026, 12, 10));

    /// <param name="alarm">True for more customers held out than planned.</param>
    public static WaveReport Of(bool alarm = false)
    {
        List<GroupCounts> groups =
        [
            Group(Dimension.Segment, "frequent", 4_000, 1_000, 0.95, 1_500),
            Group(Dimension.Segment, "Покупатели, которые давно не приходили и живут далеко от магазина", 4_000, 1_000, 0.15, 800),
            Group(Dimension.Segment, "harmed", 4_000, 1_000, 0.5, -9_000),
            Group(Dimension.Segment, "new", 400, 100, 0.1, 0),
        ];
        for (var i = 0; i < 14; i++) groups.Add(Group(Dimension.City, $"Город {i}", 800, 200, 0.5, 0));
        foreach (var dimension in (Dimension[])[Dimension.Category, Dimension.Supplier])
            for (var i = 0; i < 12; i++)
            {
                VectorMoments Arm(int customers, string arm)
                {
                    var moments = new VectorMoments(2);
                    for (var customer = 0; customer < customers; customer++)
                    {
                        var draw = new Draw(3, $"{dimension}{i}{arm}", (ulong)customer);
                        moments.Add([10_000 * Math.Exp(draw.NextNormal()) * (arm == "treated" ? 1 + (0.01 * i) : 1), 10_000 * Math.Exp(draw.NextNormal())]);
                    }

                    return moments;
                }

                groups.Add(new GroupCounts(dimension, i == 0 ? "Бакалея, кофе, чай и сопутствующие товары длительного хранения" : $"{dimension} {i}", Arm(12_400, "treated"), Arm(3_100, "held out")));
            }

        foreach (var slot in Enum.GetValues<SlotKind>())
        {
            var name = Volna.Reports.Slots.SlotSums.Name(slot);
            groups.Add(Group(Dimension.Slot, name, 2_000, 500, 0.5, 400 * (int)slot));
            groups.Add(new GroupCounts(Dimension.SlotGoods, name, Goods(name, 2_000, 300 * (int)slot), Goods(name + " held out", 500, 0)));
        }

        var counts = new WaveCounts("2026-11-26", "0123456789abcdef", "0a1b2c3d4e5f6071", Week.End, 56, 126, [.. groups], 740, []);
        return Conclude.Report(new ReportInput(
            new Wave("2026-11-26", WaveStatus.Published, Week, 1, "{}", "s", "m", "0123456789abcdef", "ann", "bob", DateTimeOffset.UnixEpoch),
            alarm ? 0.1 : 0.2, counts,
            new RedemptionFigures(
                62_000, 1_900, 1_500, 4_321_000,
                [.. Enum.GetValues<SlotKind>().Select((slot, i) => new SlotFigures(slot, 15_000, 400 + (60 * i), 1_000_000))],
                [.. ((int[])[500, 1_000, 1_500, 2_000]).Select(depth => new DepthFigures(depth, 15_000, 470, 1_000_000))]),
            new DateTimeOffset(2026, 12, 20, 0, 0, 0, TimeSpan.Zero)));
    }

    static VectorMoments Goods(string name, int customers, long effect)
    {
        var moments = new VectorMoments(3);
        for (var customer = 0; customer < customers; customer++)
        {
            var draw = new Draw(4, name, (ulong)customer);
            var buys = draw.NextUnit() < 0.3;
            moments.Add([buys ? (3_000 * Math.Exp(draw.NextNormal())) + effect : 0, 3_000 * draw.NextUnit(), buys ? 1 : 0]);
        }

        return moments;
    }

    static GroupCounts Group(Dimension dimension, string name, int treated, int heldOut, double buys, long effect) =>
        new(dimension, name, Arm(name, "treated", treated, buys, effect), Arm(name, "held out", heldOut, buys, 0));

    static VectorMoments Arm(string name, string arm, int customers, double buys, long effect)
    {
        var outcome = new WaveOutcome();
        for (var customer = 0; customer < customers; customer++)
        {
            var draw = new Draw(17, name + arm, (ulong)customer);
            var level = 40_000 * Math.Exp(0.5 * draw.NextNormal());
            var receipts = draw.NextUnit() < buys ? 1 + draw.NextBelow(3) : 0;
            var spend = receipts == 0 ? 0 : (long)(level + (5_000 * draw.NextNormal())) + effect;
            var before = (long)(4 * (level + (8_000 * draw.NextNormal())));
            outcome.Add(
                new CustomerOutcome(spend, spend / 4, spend * 9 / 10, receipts, 3 * receipts), new CustomerOutcome(before, before / 4, before, 8, 24),
                new CustomerOutcome(2 * before, 0, 0, 14));
        }

        return outcome.Moments;
    }
}
