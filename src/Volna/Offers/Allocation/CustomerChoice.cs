using System.Collections.Immutable;
using System.Numerics;

namespace Volna.Offers.Allocation;

/// <summary>
/// The exact best choice for one customer at given prices. One look at each option keeps, of each kind of slot, as many of the best goods as she has slots in
/// all, at most as many of a category as she may have: goods, categories and kinds are nested, so what enters pushes out the worst that it can't stand beside
/// (Edmonds 1971), and nothing else is needed for a best choice, see <see cref="OptionSieve"/>. Each kind's slots take its first; where kinds get in each
/// other's way, one of those in the way isn't chosen: each in turn is left out, and what is worth less than the best found so far isn't followed (branch and
/// bound, Land and Doig 1960). That ends after a few steps nearly always; else the best flow from kinds of slots over goods to categories is found by longest
/// augmenting paths, which for a network is exact and whole (Busacker and Gowen 1961). One instance serves one thread.
/// </summary>
sealed class CustomerChoice
{
    const int Kinds = 16;

    readonly int[] _categories;
    readonly int _mostPerCategory, _mostBranches, _width;
    readonly AugmentingPaths _paths = new();

    // The best goods of each kind, best first, and how many there are.
    readonly Item[] _items;
    readonly int[] _counts = new int[Kinds];

    // What an option must be better than to be among them.
    readonly double[] _least = new double[Kinds];

    // Of each kind those chosen, and those neither chosen nor left out, a bit each.
    readonly uint[] _chosen = new uint[Kinds], _free = new uint[Kinds], _found = new uint[Kinds];
    readonly List<Swap> _swaps = [];
    double _foundSum;
    int _branches;

    /// <param name="mostBranches">After so many steps paths are looked for instead.</param>
    public CustomerChoice(AllocationProblem problem, int mostBranches = 60)
    {
        _categories = [.. problem.Goods.Select(good => good.Category)];
        (_mostPerCategory, _mostBranches, _width) = (problem.MostPerCategory, mostBranches, Allocated.Most(problem));
        _items = new Item[Kinds * _width];
        if (_width > 32) throw new ArgumentOutOfRangeException(nameof(problem), $"A customer gets {_width} offers; 32 are possible.");
    }

    /// <summary>Places of the chosen among the customer's options.</summary>
    public List<int> Chosen { get; } = [];

    /// <param name="prices">What an option counts at them must be positive for it to be chosen.</param>
    /// <param name="left">What isn't left in it for an option closes the option; null closes none.</param>
    /// <returns>What the chosen count together at the prices.</returns>
    public double Choose(ReadOnlySpan<Option> options, ImmutableArray<int> slots, GoodPrices prices, Stock? left = null)
    {
        Chosen.Clear();
        Collect(options, slots, prices, left);
        double sum = 0;
        for (var kind = 0; kind < slots.Length; kind++)
        {
            var first = Math.Min(slots[kind], _counts[kind]);
            _chosen[kind] = (uint)((1UL << first) - 1);
            _free[kind] = (uint)((1UL << _counts[kind]) - 1) & ~_chosen[kind];
            foreach (ref readonly var item in Of(kind)[..first]) sum += item.Counts;
        }

        (_foundSum, _branches) = (double.NegativeInfinity, 0);
        Follow(sum, slots.Length);
        if (_branches > _mostBranches) return _paths.Solve([.. Enumerable.Range(0, slots.Length).SelectMany(kind => Of(kind).ToArray())], slots, _mostPerCategory, Chosen);
        for (var kind = 0; kind < slots.Length; kind++)
            for (var rest = _found[kind]; rest != 0; rest &= rest - 1)
                Chosen.Add(Of(kind)[BitOperations.TrailingZeroCount(rest)].Place);
        return _foundSum;
    }

    ReadOnlySpan<Item> Of(int kind) => _items.AsSpan(kind * _width, _counts[kind]);

    /// <summary>The best goods of each kind of slot, each at its best depth.</summary>
    void Collect(ReadOnlySpan<Option> options, ImmutableArray<int> slots, GoodPrices prices, Stock? left)
    {
        var needed = 0;
        for (var kind = 0; kind < slots.Length; kind++)
        {
            needed += slots[kind];
            (_counts[kind], _least[kind]) = (0, slots[kind] == 0 ? double.PositiveInfinity : 0);
        }

        for (var place = 0; place < options.Length; place++)
        {
            ref readonly var option = ref options[place];
            var counts = prices[option.Good].Counts(option);
            if (counts > _least[option.Kind] && left?.Allows(option) != false)
                Enter(new Item(counts, option.Good, option.Kind, _categories[option.Good], place), needed);
        }
    }

    void Enter(in Item item, int needed)
    {
        var items = _items.AsSpan(item.Kind * _width, _width);
        ref var count = ref _counts[item.Kind];
        var leaves = FindLeaving(items[..count], item, needed);
        if (leaves == count) count++;
        else if (items[leaves].Counts >= item.Counts) return;
        for (; leaves > 0 && items[leaves - 1].Counts < item.Counts; leaves--) items[leaves] = items[leaves - 1];
        items[leaves] = item;
        if (count == needed) _least[item.Kind] = items[count - 1].Counts;
    }

    /// <summary>Which one of its kind can't stay beside an item: the same good, the worst of its category, or the worst of all; the place behind all where there is room.</summary>
    int FindLeaving(ReadOnlySpan<Item> items, in Item entering, int needed)
    {
        var (alike, worst) = (0, 0);
        for (var place = 0; place < items.Length; place++)
        {
            if (items[place].Category != entering.Category) continue;
            if (items[place].Good == entering.Good) return place;
            (alike, worst) = (alike + 1, place);
        }

        if (entering.Category != 0 && alike == _mostPerCategory) return worst;
        return items.Length == needed ? needed - 1 : items.Length;
    }

    /// <summary>
    /// The swaps that small moves of the prices would bring about, of the customer who chose last: in each kind of slot the best of those not chosen for the worst
    /// of those chosen, and another depth for each chosen.
    /// </summary>
    public List<Swap> FindSwaps(ReadOnlySpan<Option> options, ImmutableArray<int> slots, GoodPrices prices)
    {
        _swaps.Clear();
        if (_branches > _mostBranches) return _swaps;
        for (var kind = 0; kind < slots.Length; kind++)
        {
            if (slots[kind] == 0) continue;
            var chosen = _found[kind];
            var next = FindNext(kind, slots.Length);
            for (var rest = chosen; rest != 0; rest &= rest - 1)
            {
                var item = Of(kind)[BitOperations.TrailingZeroCount(rest)];
                AddDepths(options, item, prices);
                // The worst of a full kind is next to leave; where slots are empty each leaves for itself.
                if (BitOperations.PopCount(chosen) < slots[kind]) _swaps.Add(new Swap(item.Counts, item.Place, -1));
                else if ((rest & (rest - 1)) == 0) _swaps.Add(next is { } other ? new Swap(Math.Max(item.Counts - other.Counts, 0), item.Place, other.Place) : new Swap(item.Counts, item.Place, -1));
            }
        }

        return _swaps;
    }

    /// <summary>The best of a kind that could be chosen beside all that are chosen but the kind's worst.</summary>
    Item? FindNext(int kind, int kinds)
    {
        foreach (ref readonly var item in Of(kind))
        {
            var (alike, same) = (0, false);
            for (var other = 0; other < kinds; other++)
                for (var rest = _found[other]; rest != 0; rest &= rest - 1)
                {
                    if (other == kind && (rest & (rest - 1)) == 0) continue;
                    ref readonly var chosen = ref _items[(other * _width) + BitOperations.TrailingZeroCount(rest)];
                    same |= chosen.Good == item.Good;
                    if (chosen.Category == item.Category && item.Category != 0) alike++;
                }

            var isWorst = _found[kind] != 0 && item.Place == Of(kind)[31 - BitOperations.LeadingZeroCount(_found[kind])].Place;
            if (!same && !isWorst && alike < _mostPerCategory) return item;
        }

        return null;
    }

    void AddDepths(ReadOnlySpan<Option> options, in Item item, GoodPrices prices)
    {
        var price = prices[item.Good];
        var (best, bestPlace) = (double.NegativeInfinity, -1);
        for (var place = item.Place - 1; place >= 0 && options[place].SharesGoodAndKind(options[item.Place]); place--) Look(options[place], place);
        for (var place = item.Place + 1; place < options.Length && options[place].SharesGoodAndKind(options[item.Place]); place++) Look(options[place], place);
        if (bestPlace >= 0) _swaps.Add(new Swap(item.Counts - best, item.Place, bestPlace));

        void Look(in Option option, int place)
        {
            var counts = price.Counts(option);
            if (counts > best) (best, bestPlace) = (counts, place);
        }
    }

    /// <summary>Finds the best choice among what isn't left out, if it beats what is found already.</summary>
    /// <param name="sum">What the chosen count together; no choice without those left out counts more.</param>
    void Follow(double sum, int kinds)
    {
        if (++_branches > _mostBranches) return;
        Span<int> inTheWay = stackalloc int[_mostPerCategory + 2];
        var count = FindInTheWay(kinds, inTheWay);
        if (count == 0)
        {
            _foundSum = sum;
            _chosen.AsSpan(0, kinds).CopyTo(_found);
            return;
        }

        inTheWay = inTheWay[..count];
        // Whose place is taken at the least loss is left out first.
        Span<double> sums = stackalloc double[count];
        for (var one = 0; one < count; one++)
        {
            ref readonly var item = ref _items[inTheWay[one]];
            var next = _free[item.Kind];
            sums[one] = item.Counts - sum - (next == 0 ? 0 : Of(item.Kind)[BitOperations.TrailingZeroCount(next)].Counts);
        }

        sums.Sort(inTheWay);
        for (var one = 0; one < count && -sums[one] > _foundSum; one++)
        {
            var kind = _items[inTheWay[one]].Kind;
            var (chosen, free) = (_chosen[kind], _free[kind]);
            var next = free == 0 ? 0 : free & ~(free - 1);
            _chosen[kind] = (chosen & ~(1u << (inTheWay[one] - (kind * _width)))) | next;
            _free[kind] = free & ~next;
            Follow(-sums[one], kinds);
            (_chosen[kind], _free[kind]) = (chosen, free);
        }
    }

    /// <summary>Of the best of each kind some that can't be chosen together: the same good, or more of a category than allowed.</summary>
    /// <param name="inTheWay">Filled with places among the items.</param>
    /// <returns>How many; 0 where all can be chosen.</returns>
    int FindInTheWay(int kinds, Span<int> inTheWay)
    {
        Span<int> before = stackalloc int[_width];
        var chosen = 0;
        for (var kind = 0; kind < kinds; kind++)
            for (var rest = _chosen[kind]; rest != 0; rest &= rest - 1)
            {
                var place = (kind * _width) + BitOperations.TrailingZeroCount(rest);
                ref readonly var item = ref _items[place];
                inTheWay[0] = place;
                var alike = 1;
                for (var one = 0; one < chosen; one++)
                {
                    ref readonly var other = ref _items[before[one]];
                    if (other.Category != item.Category) continue;
                    if (other.Good == item.Good)
                    {
                        inTheWay[1] = before[one];
                        return 2;
                    }

                    if (item.Category == 0 || alike > _mostPerCategory) continue;
                    inTheWay[alike++] = before[one];
                }

                if (alike > _mostPerCategory) return alike;
                before[chosen++] = place;
            }

        return 0;
    }

    /// <summary>A good in a kind of slot at its best depth.</summary>
    /// <param name="Counts">At the prices; positive.</param>
    /// <param name="Place">Among the customer's options.</param>
    internal readonly record struct Item(double Counts, int Good, int Kind, int Category, int Place);

    /// <summary>One option for another, told by their places; -1 for none.</summary>
    /// <param name="Loses">By how much the first counts more.</param>
    internal readonly record struct Swap(double Loses, int Out, int In);
}
