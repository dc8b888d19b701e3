using System.Collections.Immutable;

namespace Volna.Offers.Allocation;

/// <summary>
/// Leaves out a customer's options that aren't needed for a best choice of hers at any prices within a range, so that a wave of millions keeps and weighs but few of them:
/// what counts nothing at any of these prices; a depth that another of the same good and kind is never worse than; and an option behind as many goods of its
/// kind as she has slots in all, at most as many of a category as she may have. Were such an option chosen, one of the goods before it would be free: each
/// of the other chosen stands in the way of one of them at most, itself or, with its category full, another one of it. Taking that one instead loses nothing.
/// One instance serves one thread.
/// </summary>
sealed class OptionSieve
{
    readonly GoodRange[] _goods;
    readonly int _mostPerCategory;

    // Prices that all goods have in common: no two options differ by them, beyond their own costs.
    readonly double _commonCostLow, _commonCostHigh, _commonOfferLow;
    readonly List<Group> _groups = [];
    readonly List<int> _order = [], _before = [];

    /// <summary>What an offer on a good costs beyond what it costs on any, at the range's ends.</summary>
    readonly record struct GoodRange(double CostLow, double CostHigh, double OfferLow, double OfferHigh);

    /// <summary>The options on a good in a kind of slot.</summary>
    /// <param name="Low">What the best of them counts at least, with the common prices at their low end.</param>
    /// <param name="High">The same with these at their high end.</param>
    readonly record struct Group(int Start, int End, int Kind, int Category, double Low, double High);

    public OptionSieve(AllocationProblem problem, PriceRange range)
    {
        _mostPerCategory = problem.MostPerCategory;
        var known = problem.Goods.Where(good => !good.Limits.IsDefaultOrEmpty).ToList();
        var common = Enumerable.Range(0, problem.Limits.Length).Select(limit => known.Count == problem.Goods.Length && known.TrueForAll(good => good.Limits.Contains(limit))).ToArray();
        for (var limit = 0; limit < common.Length; limit++)
        {
            if (!common[limit]) continue;
            if (problem.Limits[limit].Counts == LimitUnit.Money) (_commonCostLow, _commonCostHigh) = (_commonCostLow + range.Low[limit], _commonCostHigh + range.High[limit]);
            else _commonOfferLow += range.Low[limit];
        }

        _goods = new GoodRange[problem.Goods.Length];
        for (var good = 0; good < _goods.Length; good++)
            foreach (var limit in problem.Goods[good].Limits)
            {
                if (common[limit]) continue;
                ref var own = ref _goods[good];
                own = problem.Limits[limit].Counts == LimitUnit.Money
                    ? own with { CostLow = own.CostLow + range.Low[limit], CostHigh = own.CostHigh + range.High[limit] }
                    : own with { OfferLow = own.OfferLow + range.Low[limit], OfferHigh = own.OfferHigh + range.High[limit] };
            }

        Categories = Array.ConvertAll([.. problem.Goods], good => good.Category);
    }

    int[] Categories { get; }

    /// <summary>Whether it counts anything at any of the prices.</summary>
    public bool MayCount(in Option option)
    {
        ref readonly var good = ref _goods[option.Good];
        return option.ValueMilli - (option.CostMilli * (_commonCostLow + good.CostLow)) - good.OfferLow - _commonOfferLow > 0;
    }

    /// <summary>What an offer on a good costs at least at any of the prices: for each unit of its discount, and whatever its discount.</summary>
    public (double PerCost, double PerOffer) LeastPrices(int good) => (_commonCostLow + _goods[good].CostLow, _commonOfferLow + _goods[good].OfferLow);

    /// <param name="options">A customer's; those on one good in one kind of slot stand together.</param>
    /// <param name="slots">Hers, by kind.</param>
    /// <param name="kept">Filled: whether an option is needed.</param>
    public void Sift(ReadOnlySpan<Option> options, ImmutableArray<int> slots, Span<bool> kept)
    {
        _groups.Clear();
        for (var start = 0; start < options.Length;)
        {
            var end = start + 1;
            while (end < options.Length && options[end].SharesGoodAndKind(options[start])) end++;
            SiftDepths(options[start..end], kept[start..end], out var low, out var high);
            _groups.Add(new Group(start, end, options[start].Kind, Categories[options[start].Good], low, high));
            start = end;
        }

        var needed = slots.Sum();
        for (var kind = 0; kind < slots.Length; kind++)
            if (FindBefore(kind, needed)) SiftBehind(kind, options, kept);
    }

    /// <summary>Within one good and kind: what counts nothing, and what another depth is never worse than.</summary>
    void SiftDepths(ReadOnlySpan<Option> options, Span<bool> kept, out double low, out double high)
    {
        ref readonly var good = ref _goods[options[0].Good];
        double costLow = _commonCostLow + good.CostLow, costHigh = _commonCostHigh + good.CostHigh;
        (low, high) = (double.NegativeInfinity, double.NegativeInfinity);
        for (var place = 0; place < options.Length; place++)
        {
            ref readonly var option = ref options[place];
            double atLow = option.ValueMilli - (option.CostMilli * costLow), atHigh = option.ValueMilli - (option.CostMilli * costHigh);
            kept[place] = MayCount(option);
            for (var other = 0; other < options.Length && kept[place]; other++)
            {
                if (other == place) continue;
                ref readonly var than = ref options[other];
                double otherLow = than.ValueMilli - (than.CostMilli * costLow), otherHigh = than.ValueMilli - (than.CostMilli * costHigh);
                // Of equals the first stays.
                if (otherLow >= atLow && otherHigh >= atHigh && (other < place || otherLow > atLow || otherHigh > atHigh)) kept[place] = false;
            }

            double leastLow = option.ValueMilli - (option.CostMilli * (_commonCostLow + good.CostHigh)) - good.OfferHigh;
            var leastHigh = option.ValueMilli - (option.CostMilli * costHigh) - good.OfferHigh;
            if (kept[place] && leastLow + leastHigh > low + high) (low, high) = (leastLow, leastHigh);
        }
    }

    /// <summary>The goods of a kind that count most whatever happens; false where there are too few.</summary>
    bool FindBefore(int kind, int needed)
    {
        _order.Clear();
        _before.Clear();
        for (var group = 0; group < _groups.Count; group++)
            if (_groups[group].Kind == kind && !double.IsNegativeInfinity(_groups[group].Low)) _order.Add(group);
        if (_order.Count <= needed) return false;
        _order.Sort((a, b) => _groups[a].Low + _groups[a].High == _groups[b].Low + _groups[b].High ? a.CompareTo(b) : (_groups[b].Low + _groups[b].High).CompareTo(_groups[a].Low + _groups[a].High));
        foreach (var group in _order)
        {
            if (_before.Count == needed) break;
            if (_groups[group].Category == 0 || Alike(_groups[group].Category) < _mostPerCategory) _before.Add(group);
        }

        return _before.Count == needed;
    }

    int Alike(int category)
    {
        var alike = 0;
        foreach (var group in _before)
            if (_groups[group].Category == category)
                alike++;
        return alike;
    }

    /// <summary>Leaves out what none of the goods before is ever worse than.</summary>
    void SiftBehind(int kind, ReadOnlySpan<Option> options, Span<bool> kept)
    {
        double low = double.PositiveInfinity, high = double.PositiveInfinity;
        foreach (var group in _before) (low, high) = (Math.Min(low, _groups[group].Low), Math.Min(high, _groups[group].High));
        for (var number = 0; number < _groups.Count; number++)
        {
            var group = _groups[number];
            if (group.Kind != kind || _before.Contains(number)) continue;
            ref readonly var good = ref _goods[options[group.Start].Good];
            for (var place = group.Start; place < group.End; place++)
            {
                ref readonly var option = ref options[place];
                var atMost = option.ValueMilli - good.OfferLow;
                if (atMost - (option.CostMilli * (_commonCostLow + good.CostLow)) <= low && atMost - (option.CostMilli * (_commonCostHigh + good.CostLow)) <= high) kept[place] = false;
            }
        }
    }
}
