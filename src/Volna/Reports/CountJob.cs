using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;

namespace Volna.Reports;

/// <summary>
/// Counts what the assigned customers of waves bought within their validity and before. The history is read once for all waves, by shards in
/// parallel, and leaves only moments behind; kept in memory is a profile and a number for each customer and wave.
/// </summary>
static class CountJob
{
    /// <summary>Days before a wave that tell how a customer buys without it now, and those that tell how she usually does.</summary>
    public const int MostBeforeDays = 56, MostDaysKnown = 182;

    static readonly Text Step = new("counting purchases", "подсчёт покупок");
    static readonly Text Unit = new("customers", "покупателей");
    static readonly Channels[] SingleChannels = [Channels.App, Channels.Email, Channels.Print];

    /// <param name="waves">Each with the day of its publication: what was bought from then on isn't from before the wave.</param>
    public static IReadOnlyList<WaveCounts> Count(
        DataFolder folder, StateStore state, IReadOnlyList<(Wave Wave, DateOnly Published)> waves, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        var catalogs = new CatalogStore(state);
        var profiles = catalogs.LoadProfiles();
        var costs = new CostTables();
        var counted = waves.Select(wave => Counted.Of(folder, wave.Wave, wave.Published, snapshot, catalogs.Load(wave.Wave.Validity.Start), profiles, costs, stop)).ToList();

        var ofShards = new Sums[HistoryStore.Shards][];
        long done = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { CancellationToken = stop }, shard =>
        {
            var sums = counted.Select(wave => new Sums(wave)).ToArray();
            var purchases = new PurchaseSums(costs.All);
            var read = 0;
            foreach (var history in histories.ReadShard(snapshot, shard))
            {
                purchases.Read(history.Lines);
                foreach (var sum in sums) sum.Add(history, purchases, profiles);
                if ((++read & 0xFFF) != 0) continue;
                stop.ThrowIfCancellationRequested();
                progress?.Report(new StepProgress(Step, Interlocked.Add(ref done, 0x1000), profiles.Length, Unit));
            }

            ofShards[shard] = sums;
        });
        progress?.Report(new StepProgress(Step, profiles.Length, profiles.Length, Unit));

        // Merged in the order of shards, so that the last digit doesn't depend on which thread was faster.
        return [.. counted.Select((wave, index) => wave.Whole([.. ofShards.Select(shard => shard[index])], snapshot))];
    }

    /// <summary>The first step of a category's path.</summary>
    internal static string TopCategory(Catalog catalog, CategoryId category)
    {
        if ((uint)category.Value >= (uint)catalog.Categories.Length || catalog.Categories[category.Value] is not { } found) return "";
        var slash = found.Path.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? found.Path : found.Path[..slash];
    }

    /// <summary>Costs of goods on the days of several waves. Waves whose costs are the same share one table.</summary>
    sealed class CostTables
    {
        readonly List<Money?[]> _tables = [];

        public IReadOnlyList<Money?[]> All => _tables;

        public int Add(Money?[] costs)
        {
            var at = _tables.FindIndex(table => table.AsSpan().SequenceEqual(costs));
            if (at >= 0) return at;
            _tables.Add(costs);
            return _tables.Count - 1;
        }
    }

    /// <summary>A wave with who was assigned to it, and which goods belong to which group.</summary>
    sealed class Counted
    {
        // Twice the segment plus one for the held-out, plus one; 0 for who isn't assigned. By number of the customer.
        readonly ushort[] _arms;
        readonly int[] _cityOfStore;
        readonly ImmutableArray<(Dimension Dimension, string Name)> _customerGroups;
        readonly ImmutableArray<(Dimension Dimension, string Name)> _goodsGroups;
        readonly long[] _assigned;
        readonly Wave _wave;
        readonly int _segments;
        readonly int _firstChannel;
        readonly Channels _channels;

        long _treatedWithoutOffers;
        ImmutableArray<OfferCount> _offers = [];

        Counted(Wave wave, DateOnly published, Plan plan, Snapshot snapshot, Catalog catalog, int customers, CostTables costs)
        {
            (_wave, _segments, _channels) = (wave, plan.Segments.Length, plan.Channels);
            _arms = new ushort[customers];
            Costs = costs.Add([.. catalog.Products.Select(product => product?.Cost)]);
            (Before, Earlier) = BeforeOf(wave, published, snapshot);

            var cities = catalog.Stores.Where(store => store is { City.Length: > 0 }).Select(store => store!.City).Distinct().Order(StringComparer.Ordinal).ToList();
            _cityOfStore = [.. catalog.Stores.Select(store => store is null ? -1 : cities.IndexOf(store.City))];
            _firstChannel = _segments + cities.Count;
            _customerGroups =
            [
                .. plan.Segments.Select(segment => (Dimension.Segment, segment.Name)), .. cities.Select(city => (Dimension.City, city)),
                .. SingleChannels.Select(channel => (Dimension.Channel, channel.ToString())),
            ];
            _assigned = new long[2 * _customerGroups.Length];

            var goods = new Dictionary<(Dimension, string), int>();
            CategoryOf = [.. catalog.Products.Select(product => product is null ? -1 : Group(Dimension.Category, TopCategory(catalog, product.Category)))];
            SupplierOf = [.. catalog.Products.Select(product => product is null ? -1 : Group(Dimension.Supplier, product.Supplier))];
            _goodsGroups = [.. goods.OrderBy(one => one.Value).Select(one => one.Key)];

            int Group(Dimension dimension, string name)
            {
                if (name.Length == 0) return -1;
                if (!goods.TryGetValue((dimension, name), out var group)) goods.Add((dimension, name), group = goods.Count);
                return group;
            }
        }

        /// <summary>Which of the tables of costs holds on its first day.</summary>
        public int Costs { get; }

        public Period Validity => _wave.Validity;

        /// <summary>The weeks before; null without a history from then.</summary>
        public Period? Before { get; }

        /// <summary>As many days after it.</summary>
        public Period After => new(_wave.Validity.End, _wave.Validity.End.AddDays(_wave.Validity.Days));

        /// <summary>The months before those weeks; null without a history from then.</summary>
        public Period? Earlier { get; }

        /// <summary>Group of each product, -1 for none.</summary>
        public int[] CategoryOf { get; }

        /// <inheritdoc cref="CategoryOf"/>
        public int[] SupplierOf { get; }

        /// <summary>Groups of customers, times two for the arms.</summary>
        public int CustomerCells => 2 * _customerGroups.Length;

        /// <summary>Groups of goods, times two for the arms.</summary>
        public int GoodsCells => 2 * _goodsGroups.Length;

        public static Counted Of(DataFolder folder, Wave wave, DateOnly published, Snapshot snapshot, Catalog catalog, CustomerProfile[] profiles, CostTables costs, CancellationToken stop)
        {
            using var pack = OfferPackStore.Open(folder, wave.Id);
            var counted = new Counted(wave, published, PlanFile.Parse($"{wave.Id}/plan", wave.Plan), snapshot, catalog, profiles.Length, costs) { _offers = pack.CountOffers() };
            var cells = new List<int>();
            var place = 0;
            foreach (var customer in pack.All())
            {
                if ((place++ & 0xFFFF) == 0) stop.ThrowIfCancellationRequested();
                counted._arms[customer.Customer.Value] = (ushort)((2 * customer.Segment) + (customer.HeldOut ? 1 : 0) + 1);
                if (customer is { HeldOut: false, Offers: 0 }) counted._treatedWithoutOffers++;
                counted.CellsOf(profiles[customer.Customer.Value], cells);
                foreach (var cell in cells) counted._assigned[cell]++;
            }

            return counted;
        }

        public bool IsAssigned(CustomerId customer) => (uint)customer.Value < (uint)_arms.Length && _arms[customer.Value] > 0;

        /// <summary>The cells in which an assigned customer counts, her segment's first; odd for the held-out.</summary>
        public void CellsOf(in CustomerProfile profile, List<int> cells)
        {
            cells.Clear();
            var arm = _arms[profile.Id.Value] - 1;
            var heldOut = arm & 1;
            cells.Add(arm);
            if ((uint)profile.HomeStore.Value < (uint)_cityOfStore.Length && _cityOfStore[profile.HomeStore.Value] is >= 0 and var city) cells.Add((2 * (_segments + city)) + heldOut);
            for (var i = 0; i < SingleChannels.Length; i++)
                if ((profile.Consents & _channels & SingleChannels[i]) != 0)
                    cells.Add((2 * (_firstChannel + i)) + heldOut);
        }

        public WaveCounts Whole(IReadOnlyList<Sums> shards, Snapshot snapshot)
        {
            var everyone = new long[2];
            for (var cell = 0; cell < 2 * _segments; cell++) everyone[cell & 1] += _assigned[cell];
            return new WaveCounts(
                _wave.Id, _wave.Digest, snapshot.Id, snapshot.LastDay, Days(Before), Days(Earlier),
                [
                    .. _customerGroups.Select((group, i) => new GroupCounts(group.Dimension, group.Name, OfCustomers(2 * i), OfCustomers((2 * i) + 1)))
                        .Where(group => group.Dimension == Dimension.Segment || group.Treated.Count + group.HeldOut.Count > 0),
                    .. _goodsGroups.Select((group, i) => new GroupCounts(group.Dimension, group.Name, OfGoods(2 * i), OfGoods((2 * i) + 1)))
                        .Where(group => group.Treated.Sum(0) != 0 || group.HeldOut.Sum(0) != 0),
                ],
                _treatedWithoutOffers, _offers);

            VectorMoments OfCustomers(int cell)
            {
                var moments = new VectorMoments(Measures.Count);
                foreach (var shard in shards) moments.Merge(shard.Outcomes[cell]);
                moments.AddZeros(_assigned[cell] - moments.Count);
                return moments;
            }

            VectorMoments OfGoods(int cell)
            {
                var sums = default(PairSums);
                foreach (var shard in shards) sums.Merge(shard.Goods[cell]);
                return sums.ToMoments(everyone[cell & 1]);
            }
        }

        /// <summary>The days before the wave: before its first day, and before it was published, because an offer seen may wait for its day.</summary>
        static (Period? Before, Period? Earlier) BeforeOf(Wave wave, DateOnly published, Snapshot snapshot)
        {
            var end = published < wave.Validity.Start ? published : wave.Validity.Start;
            var start = end.AddDays(-MostBeforeDays);
            return (Known(start, end), Known(end.AddDays(-MostDaysKnown), start));

            Period? Known(DateOnly from, DateOnly until) => snapshot.FirstDay is { } first && first < until ? new Period(first > from ? first : from, until) : null;
        }

        static int Days(Period? period) => period is { } days ? days.End.DayNumber - days.Start.DayNumber : 0;
    }

    /// <summary>What was counted of a wave in one shard.</summary>
    sealed class Sums
    {
        readonly Counted _wave;
        readonly List<int> _cells = [];
        readonly double[] _values = new double[Measures.Count];

        // What one customer spent on a group of goods within and before; a group's number is in the list once its mark is that of the customer.
        readonly (long Within, long Before)[] _goods;
        readonly int[] _marks;
        readonly int[] _touched;
        int _mark;

        public Sums(Counted wave)
        {
            _wave = wave;
            Outcomes = [.. Enumerable.Range(0, wave.CustomerCells).Select(_ => new VectorMoments(Measures.Count))];
            Goods = new PairSums[wave.GoodsCells];
            var groups = wave.GoodsCells / 2;
            (_goods, _marks, _touched) = (new (long, long)[groups], new int[groups], new int[groups]);
        }

        public VectorMoments[] Outcomes { get; }

        public PairSums[] Goods { get; }

        public void Add(CustomerHistory history, PurchaseSums purchases, CustomerProfile[] profiles)
        {
            if (!_wave.IsAssigned(history.Customer)) return;
            var within = history.PlacesWithin(_wave.Validity);
            var before = _wave.Before is { } period ? history.PlacesWithin(period) : default;
            var earlier = _wave.Earlier is { } months ? history.PlacesWithin(months) : default;
            var after = history.PlacesWithin(_wave.After);

            // Who bought at none of these times is all zeros, and these are added at the end.
            if (within.Start == within.End && before.Start == before.End && earlier.Start == earlier.End && after.Start == after.End) return;

            CustomerOutcome.Measure(purchases.Between(within, _wave.Costs), purchases.Between(before, _wave.Costs), purchases.Between(earlier, _wave.Costs), purchases.Between(after, _wave.Costs), _values);
            _wave.CellsOf(profiles[history.Customer.Value], _cells);
            foreach (var cell in _cells) Outcomes[cell].Add(_values);
            AddGoods(history.Lines, within, before, _cells[0] & 1);
        }

        void AddGoods(ReadOnlySpan<PurchaseLine> lines, (int Start, int End) within, (int Start, int End) before, int heldOut)
        {
            _mark++;
            var touched = 0;
            foreach (ref readonly var line in lines[before.Start..before.End])
            {
                if ((uint)line.Product >= (uint)_wave.CategoryOf.Length) continue;
                if (_wave.CategoryOf[line.Product] is >= 0 and var category) Group(category, ref touched).Before += line.PaidMinor;
                if (_wave.SupplierOf[line.Product] is >= 0 and var supplier) Group(supplier, ref touched).Before += line.PaidMinor;
            }

            foreach (ref readonly var line in lines[within.Start..within.End])
            {
                if ((uint)line.Product >= (uint)_wave.CategoryOf.Length) continue;
                if (_wave.CategoryOf[line.Product] is >= 0 and var category) Group(category, ref touched).Within += line.PaidMinor;
                if (_wave.SupplierOf[line.Product] is >= 0 and var supplier) Group(supplier, ref touched).Within += line.PaidMinor;
            }

            foreach (var group in _touched.AsSpan(0, touched)) Goods[(2 * group) + heldOut].Add(_goods[group].Within, _goods[group].Before);
        }

        ref (long Within, long Before) Group(int group, ref int touched)
        {
            if (_marks[group] != _mark)
            {
                _marks[group] = _mark;
                _touched[touched++] = group;
                _goods[group] = default;
            }

            return ref _goods[group];
        }
    }
}
