using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Volna.Offers.Allocation;

/// <summary>
/// The exact best choice for one customer at given prices. Each kind of slot is filled for itself first, which is exact, because the rules of one kind are a
/// matroid (Edmonds 1971); where kinds don't get in each other's way, that is it. Where they do, one of those in the way isn't chosen: each in turn is left
/// out, and what is worth less than the best found so far isn't followed (branch and bound, Land and Doig 1960). That ends after a few steps nearly always;
/// else the best flow from kinds of slots over goods to categories is found by longest augmenting paths, which for a network is exact and whole (Busacker and
/// Gowen 1961). One instance serves one thread.
/// </summary>
/// <param name="mostBranches">After so many steps paths are looked for instead.</param>
sealed class CustomerChoice(AllocationProblem problem, int mostBranches = 60)
{
    const int Kinds = 16;

    readonly List<Item> _items = [];
    readonly List<int>[] _best = [.. Enumerable.Range(0, Kinds).Select(_ => new List<int>())];
    readonly double[] _sums = new double[Kinds];
    readonly List<int> _found = [];
    readonly AugmentingPaths _paths = new();
    bool[] _leftOut = [];
    double _foundSum;
    int _branches;

    /// <summary>Places of the chosen among the customer's options.</summary>
    public List<int> Chosen { get; } = [];

    /// <param name="prices">What an option counts at them must be positive for it to be chosen.</param>
    /// <param name="left">What isn't left in it for an option closes the option; null closes none.</param>
    /// <returns>What the chosen count together at the prices.</returns>
    public double Choose(ReadOnlySpan<Option> options, ImmutableArray<int> slots, GoodPrices prices, Stock? left = null)
    {
        Chosen.Clear();
        Collect(options, slots, prices, left);
        if (_leftOut.Length < _items.Count) _leftOut = new bool[2 * _items.Count];
        for (var kind = 0; kind < slots.Length; kind++) TakeBest(kind, slots[kind]);
        (_foundSum, _branches) = (double.NegativeInfinity, 0);
        Follow(slots);
        if (_branches <= mostBranches)
        {
            foreach (var index in _found) Chosen.Add(_items[index].Place);
            return _foundSum;
        }

        Prune(slots);
        return _paths.Solve(_items, slots, problem.MostPerCategory, Chosen);
    }

    /// <summary>Finds the best choice among what isn't left out, if it beats what is found already.</summary>
    void Follow(ImmutableArray<int> slots)
    {
        double sum = 0;
        for (var kind = 0; kind < slots.Length; kind++) sum += _sums[kind];
        if (sum <= _foundSum || ++_branches > mostBranches) return;
        Span<int> inTheWay = stackalloc int[problem.MostPerCategory + 2];
        inTheWay = inTheWay[..FindInTheWay(slots, inTheWay)];
        if (inTheWay.IsEmpty)
        {
            _foundSum = sum;
            _found.Clear();
            for (var kind = 0; kind < slots.Length; kind++) _found.AddRange(_best[kind]);
            return;
        }

        foreach (var index in inTheWay)
        {
            var kind = _items[index].Kind;
            _leftOut[index] = true;
            TakeBest(kind, slots[kind]);
            Follow(slots);
            _leftOut[index] = false;
            TakeBest(kind, slots[kind]);
        }
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

    /// <summary>Fills a kind of slot with the best that isn't left out.</summary>
    void TakeBest(int kind, int slots)
    {
        var best = _best[kind];
        best.Clear();
        _sums[kind] = 0;
        if (slots == 0) return;
        var items = CollectionsMarshal.AsSpan(_items);
        for (var index = 0; index < items.Length; index++)
        {
            ref readonly var item = ref items[index];
            if (item.Kind != kind || _leftOut[index]) continue;
            var worst = WorstOf(best, slots, item.Category);
            if (worst >= 0)
            {
                if (items[best[worst]].Counts >= item.Counts) continue;
                best.RemoveAt(worst);
            }

            var place = best.Count;
            while (place > 0 && items[best[place - 1]].Counts < item.Counts) place--;
            best.Insert(place, index);
        }

        foreach (var index in best) _sums[kind] += items[index].Counts;
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

    /// <summary>Of the best of each kind some that can't be chosen together: the same good, or more of a category than allowed.</summary>
    /// <param name="inTheWay">Filled.</param>
    /// <returns>How many; 0 where all can be chosen.</returns>
    int FindInTheWay(ImmutableArray<int> slots, Span<int> inTheWay)
    {
        for (var kind = 0; kind < slots.Length; kind++)
            foreach (var index in _best[kind])
            {
                var item = _items[index];
                inTheWay[0] = index;
                var alike = 1;
                for (var other = 0; other < kind; other++)
                    foreach (var before in _best[other])
                        if (_items[before].Good == item.Good)
                        {
                            inTheWay[1] = before;
                            return 2;
                        }

                if (item.Category == 0) continue;
                for (var other = 0; other <= kind; other++)
                    foreach (var before in _best[other])
                        if (before != index && _items[before].Category == item.Category)
                        {
                            inTheWay[alike] = before;
                            if (++alike > problem.MostPerCategory) return alike;
                        }
            }

        return 0;
    }

    /// <summary>A good in a kind of slot at its best depth.</summary>
    /// <param name="Counts">At the prices; positive.</param>
    /// <param name="Place">Among the customer's options.</param>
    internal readonly record struct Item(double Counts, int Good, int Kind, int Category, int Place);
}
