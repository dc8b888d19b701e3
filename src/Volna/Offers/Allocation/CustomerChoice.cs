using System.Collections.Immutable;

namespace Volna.Offers.Allocation;

/// <summary>
/// The exact best choice for one customer at given prices. Each kind of slot is filled for itself first, which is exact, because the rules of one kind are a
/// matroid (Edmonds 1971); where kinds don't get in each other's way, which is nearly always, that is it. Else the best flow from kinds of slots over goods
/// to categories is found by longest augmenting paths, which for a network is exact and whole (Busacker and Gowen 1961). One instance serves one thread.
/// </summary>
sealed class CustomerChoice(AllocationProblem problem)
{
    const int Kinds = 16;

    readonly List<Item> _items = [];
    readonly List<int>[] _best = [.. Enumerable.Range(0, Kinds).Select(_ => new List<int>())];
    readonly AugmentingPaths _paths = new();

    /// <summary>Places of the chosen among the customer's options.</summary>
    public List<int> Chosen { get; } = [];

    /// <param name="prices">What an option counts at them must be positive for it to be chosen.</param>
    /// <param name="left">What isn't left in it for an option closes the option; null closes none.</param>
    /// <returns>What the chosen count together at the prices.</returns>
    public double Choose(ReadOnlySpan<Option> options, ImmutableArray<int> slots, GoodPrices prices, Stock? left = null)
    {
        Chosen.Clear();
        Collect(options, slots, prices, left);
        var sum = TakeBest(slots);
        if (!InTheWay()) return sum;
        Chosen.Clear();
        Prune(slots);
        return _paths.Solve(_items, slots, problem.MostPerCategory, Chosen);
    }

    /// <summary>The best depth of each good in each kind of slot, where it counts anything.</summary>
    void Collect(ReadOnlySpan<Option> options, ImmutableArray<int> slots, GoodPrices prices, Stock? left)
    {
        _items.Clear();
        for (var place = 0; place < options.Length;)
        {
            var (good, kind) = (options[place].Good, options[place].Kind);
            var price = prices[good];
            double best = 0;
            var bestPlace = -1;
            do
            {
                ref readonly var option = ref options[place];
                var counts = price.Counts(option);
                if (counts > best && left?.Allows(option) != false) (best, bestPlace) = (counts, place);
                place++;
            }
            while (place < options.Length && options[place].SharesGoodAndKind(options[place - 1]));
            if (bestPlace >= 0 && slots[kind] > 0) _items.Add(new Item(best, good, kind, problem.Goods[good].Category, bestPlace));
        }
    }

    double TakeBest(ImmutableArray<int> slots)
    {
        double sum = 0;
        for (var kind = 0; kind < slots.Length; kind++) _best[kind].Clear();
        for (var index = 0; index < _items.Count; index++)
        {
            var best = _best[_items[index].Kind];
            var worst = WorstOf(best, slots[_items[index].Kind], _items[index].Category);
            if (worst >= 0)
            {
                if (_items[best[worst]].Counts >= _items[index].Counts) continue;
                best.RemoveAt(worst);
            }

            var place = best.Count;
            while (place > 0 && _items[best[place - 1]].Counts < _items[index].Counts) place--;
            best.Insert(place, index);
        }

        for (var kind = 0; kind < slots.Length; kind++)
            foreach (var index in _best[kind])
            {
                Chosen.Add(index);
                sum += _items[index].Counts;
            }

        return sum;
    }

    /// <summary>Which one of a kind's chosen must give way to one of a category, where one must; else -1.</summary>
    int WorstOf(List<int> best, int most, int category)
    {
        var (alike, worst) = (0, -1);
        if (category != 0)
            for (var place = 0; place < best.Count; place++)
                if (_items[best[place]].Category == category)
                    (alike, worst) = (alike + 1, place);
        if (category != 0 && alike == problem.MostPerCategory) return worst;
        return best.Count == most ? most - 1 : -1;
    }

    /// <summary>
    /// Leaves out what can't be chosen: behind as many better ones of its kind and category as a category may have; or behind twice as many better ones of
    /// its kind as there are slots, because the others chosen can be in the way of no more.
    /// </summary>
    void Prune(ImmutableArray<int> slots)
    {
        var most = 2 * slots.Sum();
        _items.Sort(static (a, b) => (a.Kind, b.Counts, a.Place).CompareTo((b.Kind, a.Counts, b.Place)));
        var (kept, ofKind) = (0, 0);
        for (var index = 0; index < _items.Count; index++)
        {
            var item = _items[index];
            if (index == 0 || item.Kind != _items[index - 1].Kind) ofKind = kept;
            if (kept - ofKind == most || (item.Category != 0 && Alike(ofKind, kept, item.Category) == problem.MostPerCategory)) continue;
            _items[kept++] = item;
        }

        _items.RemoveRange(kept, _items.Count - kept);
    }

    int Alike(int from, int to, int category)
    {
        var alike = 0;
        for (var index = from; index < to; index++)
            if (_items[index].Category == category)
                alike++;
        return alike;
    }

    /// <summary>Whether a good was taken twice or too much of a category; if not, <see cref="Chosen"/> turns from items to options.</summary>
    bool InTheWay()
    {
        for (var one = 0; one < Chosen.Count; one++)
        {
            var item = _items[Chosen[one]];
            var alike = 1;
            for (var other = 0; other < one; other++)
            {
                var before = _items[Chosen[other]];
                if (before.Good == item.Good) return true;
                if (item.Category != 0 && before.Category == item.Category && ++alike > problem.MostPerCategory) return true;
            }
        }

        for (var one = 0; one < Chosen.Count; one++) Chosen[one] = _items[Chosen[one]].Place;
        return false;
    }

    /// <summary>A good in a kind of slot at its best depth.</summary>
    /// <param name="Counts">At the prices; positive.</param>
    /// <param name="Place">Among the customer's options.</param>
    internal readonly record struct Item(double Counts, int Good, int Kind, int Category, int Place);
}
