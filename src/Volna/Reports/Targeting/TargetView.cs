using System.Collections.Immutable;
using Volna.Kernels;
using Volna.Reports.Statistics;

namespace Volna.Reports.Targeting;

/// <summary>
/// For whom one or several waves changed most, by what the days before foretell: the share of customers of her kind who buy in so many days without
/// the wave (base conversion). Who buys anyway can't be brought, who never comes can't be reached; where between them the effect lies, these waves tell.
/// </summary>
/// <param name="Verdict">Why nothing can be said, or <see cref="NoVerdict.None"/>.</param>
/// <param name="Bands">By fixed steps of the base conversion.</param>
/// <param name="Deciles">About a tenth of the customers each, lowest base conversion first; customers who can't be told apart stay together.</param>
/// <param name="LeftOut">Null where no costs are known, so that nothing is known of the margin.</param>
public sealed record TargetView(
    ImmutableArray<string> Waves, NoVerdict Verdict, long Treated, long HeldOut, ImmutableArray<TargetGroup> Bands, ImmutableArray<TargetGroup> Deciles,
    ImmutableArray<TargetCurve> Curves, LeftOut? LeftOut, BestBand? Best)
{
    /// <summary>Steps of the base conversion at which bands begin.</summary>
    static readonly double[] BandsFrom = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

    static readonly int[] Covariates = [(int)BaseNumber.SpendBefore, (int)BaseNumber.MarginBefore];

    internal const int Tenths = 10;

    internal static TargetView Of(IReadOnlyList<(WaveReport Report, WaveCounts Counts)> waves)
    {
        ImmutableArray<string> ids = [.. waves.Select(wave => wave.Report.Wave)];
        var (treated, heldOut) = (waves.Sum(wave => wave.Report.Everyone.Treated), waves.Sum(wave => wave.Report.Everyone.HeldOut));
        TargetView None(NoVerdict why) => new(ids, why, treated, heldOut, [], [], [], null, null);

        if (waves.FirstOrDefault(wave => !wave.Report.IsOver) is { Report: not null }) return None(NoVerdict.WaveNotOver);
        var verdict = waves.Select(wave => wave.Report.Everyone[Metric.SpendPerCustomer].Verdict).FirstOrDefault(one => one != NoVerdict.None);
        if (verdict != NoVerdict.None) return None(verdict);
        if (waves.Any(wave => wave.Counts.Base is null)) return None(NoVerdict.NothingBefore);
        var cells = waves.Select((wave, at) => Forecast(at, wave.Counts.Base!)).ToList();
        var hasCosts = waves.All(wave => wave.Report.Everyone[Metric.MarginPerCustomer].Verdict == NoVerdict.None);

        var bands = Groups(cells, cell => Array.FindLastIndex(BandsFrom, from => from <= cell.Chance));
        var deciles = Joined(Groups(cells, cell => Math.Min(Tenths - 1, (int)(Tenths * cell.Place))));
        if (deciles.Count < 2) return None(NoVerdict.NothingVaries);
        List<TargetCurve> curves = [];
        foreach (var ofMargin in (bool[])[false, true])
            foreach (var order in Enum.GetValues<TargetOrder>())
                if ((hasCosts || !ofMargin) && Curve(deciles, order, ofMargin) is { } curve)
                    curves.Add(curve);
        return new TargetView(
            ids, NoVerdict.None, treated, heldOut, Told(bands, hasCosts, band => (BandsFrom[band], band + 1 < BandsFrom.Length ? BandsFrom[band + 1] : 1)),
            Told(deciles, hasCosts, null), [.. curves], hasCosts ? LeaveOut(deciles) : null, Choose(bands));
    }

    /// <summary>A cell of one wave with its foretold base conversion and its place among the wave's customers by that, 0 to 1.</summary>
    sealed record Cell(int Wave, BaseCell Counts, double Chance, double Place);

    /// <summary>Cells of about the same chance, of one or several waves.</summary>
    sealed class Group(int number, IReadOnlyList<Cell> cells)
    {
        readonly Dictionary<(BaseNumber, int?), Contrast?> _effects = [];

        public int Number => number;

        public IReadOnlyList<Cell> Cells => cells;

        public long Customers(int? half, int arm) => cells.Sum(cell => Arms(half).Sum(one => cell.Counts.Arms[(2 * one) + arm].Count));

        public long Customers(int? half) => Customers(half, 0) + Customers(half, 1);

        public double Bought(int arm) => cells.Sum(cell => Arms(null).Sum(half => cell.Counts.Arms[(2 * half) + arm].Sum((int)BaseNumber.Bought)));

        /// <summary>The effect on a customer, each wave compared within itself; null where an arm is too small.</summary>
        public Contrast? Effect(BaseNumber number, int? half)
        {
            if (!_effects.TryGetValue((number, half), out var effect)) _effects.Add((number, half), effect = Compared(number, half));
            return effect;
        }

        Contrast? Compared(BaseNumber number, int? half)
        {
            List<Contrast> ofWaves = [];
            foreach (var wave in cells.GroupBy(cell => cell.Wave))
            {
                VectorMoments Arm(int arm)
                {
                    var whole = new VectorMoments(BaseSums.Numbers);
                    foreach (var cell in wave)
                        foreach (var one in Arms(half))
                            whole.Merge(cell.Counts.Arms[(2 * one) + arm]);
                    return whole;
                }

                var (treated, heldOut) = (Arm(0), Arm(1));
                if (Math.Min(treated.Count, heldOut.Count) < Compare.LeastCustomers) continue;
                var (a, b) = (Figure.OfMean(treated, (int)number)!, Figure.OfMean(heldOut, (int)number)!);
                ofWaves.Add(Adjustment.Of(a, b, Covariates).Difference(a, b));
            }

            return PostStratified.Of(ofWaves);
        }

        static IEnumerable<int> Arms(int? half) => half is { } one ? [one] : Enumerable.Range(0, BaseCell.Halves);
    }

    /// <summary>What each cell's customers buy without the wave, as counted one stretch earlier; cells hardly seen then lean on those that bought as often.</summary>
    static List<Cell> Forecast(int wave, BaseCounts counts)
    {
        const double Lean = 50;
        var byFrequency = counts.Cells.GroupBy(cell => cell.Frequency).ToDictionary(
            group => group.Key, group => (group.Sum(cell => cell.EarlierBought) + 0.5) / (group.Sum(cell => cell.Earlier) + 1.0));
        var ordered = counts.Cells
            .Select(cell => (Cell: cell, Chance: (cell.EarlierBought + (Lean * byFrequency[cell.Frequency])) / (cell.Earlier + Lean), Customers: cell.Arms.Sum(arm => arm.Count)))
            .OrderBy(one => one.Chance).ToList();
        double all = ordered.Sum(one => one.Customers), before = 0;
        var cells = new List<Cell>();
        foreach (var (cell, chance, customers) in ordered)
        {
            if (customers > 0) cells.Add(new Cell(wave, cell, chance, (before + (customers / 2.0)) / all));
            before += customers;
        }

        return cells;
    }

    static List<Group> Groups(List<List<Cell>> cells, Func<Cell, int> groupOf) =>
        [.. cells.SelectMany(wave => wave).GroupBy(groupOf).OrderBy(group => group.Key).Select(group => new Group(group.Key, [.. group]))];

    /// <summary>Neighbours are joined until both arms of each half are large enough to be compared.</summary>
    static List<Group> Joined(List<Group> groups)
    {
        List<Group> joined = [];
        foreach (var group in groups)
        {
            if (joined.Count > 0 && !(IsLarge(joined[^1]) && IsLarge(group))) joined[^1] = new Group(joined[^1].Number, [.. joined[^1].Cells, .. group.Cells]);
            else joined.Add(group);
        }

        return joined;

        static bool IsLarge(Group group) => Enumerable.Range(0, 2 * BaseCell.Halves).All(arm =>
            group.Cells.GroupBy(cell => cell.Wave).All(wave => wave.Sum(cell => cell.Counts.Arms[arm].Count) >= Compare.LeastCustomers));
    }

    static ImmutableArray<TargetGroup> Told(List<Group> groups, bool hasCosts, Func<int, (double From, double To)>? bounds)
    {
        var told = groups.ConvertAll(group =>
        {
            double customers = group.Customers(null);
            var heldOut = group.Customers(null, 1);
            var (from, to) = bounds?.Invoke(group.Number) ?? (group.Cells.Min(cell => cell.Chance), group.Cells.Max(cell => cell.Chance));
            return new TargetGroup(
                from, to, group.Customers(null, 0), heldOut, group.Cells.Sum(cell => cell.Chance * cell.Counts.Arms.Sum(arm => arm.Count)) / customers,
                heldOut == 0 ? null : group.Bought(1) / heldOut, group.Effect(BaseNumber.Spend, null)?.LookedAtOnce(), hasCosts ? group.Effect(BaseNumber.Margin, null)?.LookedAtOnce() : null, null);
        });
        var compared = told.Where(group => group.Spend is not null).ToList();
        var pValues = Several.BenjaminiHochberg([.. compared.Select(group => group.Spend!.PValue)]);
        return [.. told.Select(group => compared.IndexOf(group) is >= 0 and var at ? group with { CorrectedPValue = pValues[at] } : group)];
    }

    // What is chosen by one half of the customers is tried on the other one. Not the other way round too: the two would err together, because where chance made a group
    // look good in one half it makes the other half's choice look good.
    const int Chosen = 0, Tried = 1;

    static TargetCurve? Curve(List<Group> groups, TargetOrder order, bool ofMargin)
    {
        var number = ofMargin ? BaseNumber.Margin : BaseNumber.Spend;
        int? half = order == TargetOrder.ExpectedEffect ? Tried : null;
        List<(Group Group, Contrast Effect, double Key)> ordered = [];
        foreach (var group in groups)
        {
            if (group.Effect(number, half) is not { } effect || group.Effect(number, Chosen) is not { } chosen) return null;
            ordered.Add((group, effect, order == TargetOrder.BaseConversion ? group.Number : chosen.Difference));
        }

        ordered.Sort((one, next) => next.Key.CompareTo(one.Key));
        Contrast qini = default;
        var points = new Contrast[Tenths];
        double customers = groups.Sum(group => group.Customers(half)), before = 0;
        foreach (var (group, effect, _) in ordered)
        {
            var share = group.Customers(half) / customers;
            qini = qini.Plus(effect.Times(share * (0.5 - (before + (share / 2)))));
            for (var i = 0; i < Tenths; i++) points[i] = points[i].Plus(effect.Times(Math.Clamp(((i + 1.0) / Tenths) - before, 0, share)));
            before += share;
        }

        return qini.LookedAtOnce() is { } told && points.All(point => point.Variance > 0) ? new TargetCurve(order, ofMargin, told, [.. points.Select(point => point.LookedAtOnce()!)]) : null;
    }

    static LeftOut? LeaveOut(List<Group> groups)
    {
        if (groups.Any(group => group.Effect(BaseNumber.Margin, Chosen) is null || group.Effect(BaseNumber.Margin, Tried) is null)) return null;
        var losing = groups.Where(group => group.Effect(BaseNumber.Margin, Chosen)!.Value.Difference < 0).ToList();
        Contrast saved = default;
        foreach (var group in losing) saved = saved.Plus(group.Effect(BaseNumber.Margin, Tried)!.Value.Times(-group.Customers(null, 0)));
        return new LeftOut(
            losing.Sum(group => group.Customers(null, 0)), saved.LookedAtOnce() ?? new Effect(0, 0, 0, 1),
            [.. losing.Select(group => new BaseRange(group.Cells.Min(cell => cell.Chance), group.Cells.Max(cell => cell.Chance)))]);
    }

    /// <summary>The band whose effect on a customer's spend is at least the largest: by the lower end of its interval, so that a few lucky customers don't win.</summary>
    static BestBand? Choose(List<Group> bands)
    {
        var judged = bands.Where(band => band.Effect(BaseNumber.Spend, Chosen) is not null && band.Effect(BaseNumber.Spend, Tried) is not null).ToList();
        if (judged.Count < 2) return null;
        var best = judged.MaxBy(band => band.Effect(BaseNumber.Spend, Chosen)!.Value.LookedAtOnce()?.Lower ?? double.NegativeInfinity)!;
        return best.Effect(BaseNumber.Spend, Tried)!.Value.LookedAtOnce() is { } spend
            ? new BestBand(BandsFrom[best.Number], best.Number + 1 < BandsFrom.Length ? BandsFrom[best.Number + 1] : 1, spend)
            : null;
    }
}
