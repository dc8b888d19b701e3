using System.Collections.Immutable;
using Item = Volna.Offers.Allocation.CustomerChoice.Item;

namespace Volna.Offers.Allocation;

/// <summary>
/// The best choice where kinds of slots, goods and categories get in each other's way. Flow goes from a kind of slot over a good to its category; each
/// round takes the path that adds most, which may move or push out what was chosen before, until no path adds anything.
/// </summary>
sealed class AugmentingPaths
{
    const int None = -1;

    readonly Dictionary<int, int> _goodNodes = [], _categoryNodes = [];
    readonly List<int> _chosenItem = [], _category = [], _used = [];
    readonly int[] _filled = new int[16];
    double[] _add = [];
    int[] _from = [], _goodOf = [];

    /// <param name="chosen">Gets the places of the chosen items' options.</param>
    /// <returns>What they count together.</returns>
    public double Solve(List<Item> items, ImmutableArray<int> slots, int mostPerCategory, List<int> chosen)
    {
        Number(items);
        Array.Clear(_filled);
        double sum = 0;
        while (FindPath(items, slots, mostPerCategory) is var (last, adds))
        {
            sum += adds;
            Follow(items, slots, last);
        }

        foreach (var item in _chosenItem)
            if (item != None)
                chosen.Add(items[item].Place);
        return sum;
    }

    /// <summary>Gives goods and categories small numbers.</summary>
    void Number(List<Item> items)
    {
        _goodNodes.Clear();
        _categoryNodes.Clear();
        _chosenItem.Clear();
        _category.Clear();
        _used.Clear();
        if (_goodOf.Length < items.Count) _goodOf = new int[items.Count];
        for (var index = 0; index < items.Count; index++)
        {
            if (!_goodNodes.TryGetValue(items[index].Good, out var good))
            {
                _goodNodes.Add(items[index].Good, good = _chosenItem.Count);
                _chosenItem.Add(None);
                var category = None;
                if (items[index].Category != 0 && !_categoryNodes.TryGetValue(items[index].Category, out category))
                {
                    _categoryNodes.Add(items[index].Category, category = _used.Count);
                    _used.Add(0);
                }

                _category.Add(category);
            }

            _goodOf[index] = good;
        }
    }

    /// <summary>The path that adds most, by Bellman and Ford; null where none adds anything. Nodes: kinds of slots, goods, categories.</summary>
    (int Good, double Adds)? FindPath(List<Item> items, ImmutableArray<int> slots, int mostPerCategory)
    {
        var (goods, categories) = (_chosenItem.Count, _used.Count);
        int firstGood = slots.Length, firstCategory = firstGood + goods, nodes = firstCategory + categories;
        if (_add.Length < nodes) (_add, _from) = (new double[nodes], new int[nodes]);
        Array.Fill(_add, double.NegativeInfinity, 0, nodes);
        for (var kind = 0; kind < slots.Length; kind++)
            if (_filled[kind] < slots[kind])
                (_add[kind], _from[kind]) = (0, None);

        bool changed;
        do
        {
            changed = false;
            for (var index = 0; index < items.Count; index++)
            {
                int kind = items[index].Kind, good = _goodOf[index];
                if (_chosenItem[good] == index) Reach(kind, _add[firstGood + good] - items[index].Counts, good);
                else Reach(firstGood + good, _add[kind] + items[index].Counts, index);
            }

            for (var good = 0; good < goods; good++)
            {
                if (_category[good] == None) continue;
                var category = firstCategory + _category[good];
                if (_chosenItem[good] == None) Reach(category, _add[firstGood + good], good);
                else Reach(firstGood + good, _add[category], ~_category[good]);
            }
        }
        while (changed);

        var (best, last) = (0.0, None);
        for (var good = 0; good < goods; good++)
            if (_chosenItem[good] == None && (_category[good] == None || _used[_category[good]] < mostPerCategory) && _add[firstGood + good] > best)
                (best, last) = (_add[firstGood + good], good);
        return last == None ? null : (last, best);

        void Reach(int node, double adds, int from)
        {
            // What rounding alone could add is no improvement; without this a circle of equals would never end.
            if (adds <= _add[node] + 1e-6) return;
            (_add[node], _from[node]) = (adds, from);
            changed = true;
        }
    }

    /// <summary>Chooses along the path that ends with a good, back to the slot where it starts.</summary>
    void Follow(List<Item> items, ImmutableArray<int> slots, int good)
    {
        int firstGood = slots.Length, firstCategory = firstGood + _chosenItem.Count;
        if (_category[good] != None) _used[_category[good]]++;
        while (true)
        {
            var from = _from[firstGood + good];
            if (from < 0)
            {
                // Pushed out of its category by another.
                _chosenItem[good] = None;
                good = _from[firstCategory + ~from];
                continue;
            }

            _chosenItem[good] = from;
            var kind = items[from].Kind;
            if (_from[kind] == None)
            {
                _filled[kind]++;
                return;
            }

            good = _from[kind];
        }
    }
}
