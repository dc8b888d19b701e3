using Volna.Intake.History;
using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Reports.Suppliers;

/// <summary>Counts one arm of a pilot: every assigned customer, buyer or not.</summary>
/// <param name="isOfSupplier">By number of the product.</param>
/// <param name="isOfCategory">By number of the product; the supplier's are among them.</param>
sealed class PilotSums(bool[] isOfSupplier, bool[] isOfCategory)
{
    // The metrics first, then what was bought before.
    const int GoodsBefore = 6, CategoryBefore = 7, BoughtBefore = 8, Size = 9;

    static readonly int[] Before = [GoodsBefore, CategoryBefore, BoughtBefore];

    readonly double[] _values = new double[Size];
    readonly List<PurchaseLine> _goods = [];

    public VectorMoments Moments { get; } = new(Size);

    public void Add(ReadOnlySpan<PurchaseLine> within, ReadOnlySpan<PurchaseLine> before)
    {
        Array.Clear(_values);
        _goods.Clear();
        foreach (ref readonly var line in within)
        {
            if ((uint)line.Product >= (uint)isOfSupplier.Length) continue;
            if (isOfCategory[line.Product]) _values[(int)PilotMetric.Category] += line.PaidMinor;
            if (!isOfSupplier[line.Product]) continue;
            _values[(int)PilotMetric.Goods] += line.PaidMinor;
            _goods.Add(line);
        }

        foreach (ref readonly var line in before)
        {
            if ((uint)line.Product >= (uint)isOfSupplier.Length) continue;
            if (isOfCategory[line.Product]) _values[CategoryBefore] += line.PaidMinor;
            if (!isOfSupplier[line.Product]) continue;
            _values[GoodsBefore] += line.PaidMinor;
            if (!line.IsReturn) _values[BoughtBefore] = 1;
        }

        var receipts = PurchaseLine.CountReceipts(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_goods));
        _values[(int)PilotMetric.Others] = _values[(int)PilotMetric.Category] - _values[(int)PilotMetric.Goods];
        _values[(int)PilotMetric.Buyers] = receipts > 0 ? 1 : 0;
        _values[(int)PilotMetric.NewBuyers] = receipts > 0 && _values[BoughtBefore] == 0 ? 1 : 0;
        _values[(int)PilotMetric.RepeatBuyers] = receipts > 1 ? 1 : 0;
        Moments.Add(_values);
    }

    /// <summary>The figures of two arms; differences only where something can be said.</summary>
    public static PilotFigure[] Judge(VectorMoments treated, VectorMoments heldOut, bool isBeforeKnown, bool isJudged)
    {
        var figures = Enum.GetValues<PilotMetric>().Select(metric =>
        {
            var plain = new PilotFigure(metric, treated.Count == 0 ? 0 : treated.Mean((int)metric), heldOut.Count == 0 ? 0 : heldOut.Mean((int)metric), null, null, null, null);
            if (!isJudged || Figure.OfMean(treated, (int)metric) is not { } a || Figure.OfMean(heldOut, (int)metric) is not { } b) return plain;
            var adjustment = Adjustment.Of(a, b, isBeforeKnown ? Before : []);
            if (adjustment.Difference(a, b).LookedAtOnce() is not { } difference) return plain;
            return plain with
            {
                Difference = difference,
                Relative = adjustment.Relative(a, b)?.LookedAtOnce(),
                Total = difference.Times(treated.Count),
                PValue = difference.PValue,
            };
        }).ToArray();

        // A pilot is judged by the spend on the goods; the figures beside it are several.
        int[] beside = [.. Enumerable.Range(1, figures.Length - 1).Where(i => figures[i].PValue is not null)];
        var corrected = Several.Holm([.. beside.Select(i => figures[i].PValue!.Value)]);
        for (var i = 0; i < beside.Length; i++) figures[beside[i]] = figures[beside[i]] with { PValue = corrected[i] };
        return figures;
    }
}
