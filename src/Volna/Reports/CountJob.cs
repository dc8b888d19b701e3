using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Offers.Response;
using Volna.Reports.Slots;
using Volna.Reports.Targeting;

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

        // Only the treated get letters to unsubscribe from: without those who did, the arms of a channel wouldn't be alike.
        var profiles = catalogs.LoadProfiles(asFiled: true);
        var costs = new CostTables();
        var goods = new LineGroups();
        var counted = SideBySide.Each(
            waves, wave => Counted.Of(folder, wave.Wave, wave.Published, snapshot, catalogs.LoadGoodsAndStores(wave.Wave.Validity.Start), profiles, costs, goods, stop), stop);

        var ofShards = new Sums[HistoryStore.Shards][];
        long done = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, shard =>
        {
            var sums = counted.Select(wave => new Sums(wave)).ToArray();
            var purchases = new PurchaseSums(costs.All);
            var groups = goods.Another();
            var read = 0;
            foreach (var history in histories.ReadShard(snapshot, shard))
            {
                purchases.Read(history.Lines);
                groups.Read(history.Lines);
                foreach (var sum in sums) sum.Add(history, purchases, groups, profiles);
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
        /// <summary>Channels may be combined in so many ways.</summary>
        const int Combinations = (int)Channels.All + 1;

        // Twice the segment plus one for the held-out, plus one; 0 for who isn't assigned. By number of the customer.
        readonly ushort[] _arms;
        readonly int[] _cityOfStore;
        readonly List<string> _cities;
        readonly ImmutableArray<string> _segments;
        readonly ImmutableArray<(Dimension Dimension, string Name)> _goodsGroups;
        readonly long[] _assigned;
        readonly long[] _assignedHalves = new long[2 * BaseCell.Halves];
        readonly Wave _wave;
        readonly Channels _channels;
        readonly double _holdoutShare;
        readonly ImmutableArray<OfferCount> _offers;

        long _treatedWithoutOffers;

        Counted(Wave wave, DateOnly published, Plan plan, Snapshot snapshot, Catalog catalog, int customers, CostTables costs, LineGroups goods, OfferPackStore pack, TrialOffer[] trial)
        {
            (_wave, _channels, _holdoutShare) = (wave, plan.Channels, plan.HoldoutShare);
            _segments = [.. plan.Segments.Select(segment => segment.Name)];
            Tried = new TriedKinds(trial);
            _arms = new ushort[customers];
            (Before, Earlier) = BeforeOf(wave, published, snapshot);
            Base = Before is { } known ? BaseWindows.Of(known.End, wave.Validity.Days, Days(Before) + Days(Earlier)) : null;

            _cities = [.. catalog.Stores.Where(store => store is { City.Length: > 0 }).Select(store => store!.City).Distinct().Order(StringComparer.Ordinal)];
            _cityOfStore = [.. catalog.Stores.Select(store => store is null ? -1 : _cities.IndexOf(store.City))];
            CustomerCells = 2 * ((_segments.Length * Combinations) + _cities.Count);
            _assigned = new long[CustomerCells];

            (_offers, var targets) = pack.CountOffers();
            Offered = new OfferedGoods(catalog, targets.Where(target => target.Kind == TargetKind.Product).Select(target => (target.Target, target.Offers)));
            var groups = new GoodsTable(catalog);
            FirstOffered = groups.Names.Length;
            _goodsGroups = [.. groups.Names, .. Offered.Names];

            // Waves are read side by side; which number a table gets is of no matter.
            lock (goods) (Costs, Goods) = (costs.Add([.. catalog.Products.Select(product => product?.Cost)]), goods.Add(groups));
        }

        /// <summary>Which of the tables of costs holds on its first day.</summary>
        public int Costs { get; }

        /// <summary>Which of the tables of goods holds on its first day; after its groups come those of <see cref="Offered"/>.</summary>
        public int Goods { get; }

        /// <summary>The goods offered, and what stands beside them.</summary>
        public OfferedGoods Offered { get; }

        /// <summary>Number of the first group of <see cref="Offered"/>.</summary>
        public int FirstOffered { get; }

        public Period Validity => _wave.Validity;

        /// <summary>The weeks before; null without a history from then.</summary>
        public Period? Before { get; }

        /// <summary>As many days after it.</summary>
        public Period After => new(_wave.Validity.End, _wave.Validity.End.AddDays(_wave.Validity.Days));

        /// <summary>The months before those weeks; null without a history from then.</summary>
        public Period? Earlier { get; }

        /// <summary>Of the customers whom its trial looks at.</summary>
        public TriedKinds Tried { get; }

        /// <summary>By which customers are told apart before the wave; null without enough history.</summary>
        public BaseWindows? Base { get; }

        /// <summary>Segments by combinations of channels, then cities, each times two for the arms: so a customer counts in two cells and not in one for each channel.</summary>
        public int CustomerCells { get; }

        /// <summary>Groups of goods.</summary>
        public int GoodsGroups => _goodsGroups.Length;

        public static Counted Of(
            DataFolder folder, Wave wave, DateOnly published, Snapshot snapshot, Catalog catalog, CustomerProfile[] profiles, CostTables costs, LineGroups goods, CancellationToken stop)
        {
            using var pack = OfferPackStore.Open(folder, wave.Id);
            var counted = new Counted(wave, published, PlanFile.Parse($"{wave.Id}/plan", wave.Plan), snapshot, catalog, profiles.Length, costs, goods, pack, TrialStore.Find(folder, wave.Id) ?? []);
            var place = 0;
            foreach (var customer in pack.All())
            {
                if ((place++ & 0xFFFF) == 0) stop.ThrowIfCancellationRequested();
                counted._assignedHalves[BaseCell.ArmOf(customer.Customer, customer.HeldOut ? 1 : 0)]++;
                counted._arms[customer.Customer.Value] = (ushort)((2 * customer.Segment) + (customer.HeldOut ? 1 : 0) + 1);
                if (customer is { HeldOut: false, Offers: 0 }) counted._treatedWithoutOffers++;
                var (ofSegment, ofCity) = counted.CellsOf(profiles[customer.Customer.Value]);
                counted._assigned[ofSegment]++;
                if (ofCity >= 0) counted._assigned[ofCity]++;
            }

            return counted;
        }

        public bool IsAssigned(CustomerId customer) => (uint)customer.Value < (uint)_arms.Length && _arms[customer.Value] > 0;

        /// <summary>The cells in which an assigned customer counts, odd for the held-out; -1 without a city.</summary>
        public (int OfSegment, int OfCity) CellsOf(in CustomerProfile profile)
        {
            var arm = _arms[profile.Id.Value] - 1;
            var (segment, heldOut) = (arm >> 1, arm & 1);
            var city = (uint)profile.HomeStore.Value < (uint)_cityOfStore.Length ? _cityOfStore[profile.HomeStore.Value] : -1;
            return (
                (2 * ((segment * Combinations) + (int)(profile.Consents & _channels))) + heldOut,
                city < 0 ? -1 : (2 * ((_segments.Length * Combinations) + city)) + heldOut);
        }

        public WaveCounts Whole(IReadOnlyList<Sums> shards, Snapshot snapshot)
        {
            var cells = new VectorMoments[CustomerCells];
            for (var cell = 0; cell < cells.Length; cell++)
            {
                cells[cell] = new VectorMoments(Measures.Count);
                foreach (var shard in shards)
                    if (shard.Outcomes[cell] is { } outcomes)
                        cells[cell].Merge(outcomes);
                cells[cell].AddZeros(_assigned[cell] - cells[cell].Count);
            }

            var everyone = new long[2];
            for (var cell = 0; cell < 2 * _segments.Length * Combinations; cell++) everyone[cell & 1] += _assigned[cell];
            return new WaveCounts(
                _wave.Id, _wave.Digest, snapshot.Id, snapshot.LastDay, Days(Before), Days(Earlier),
                [
                    .. _segments.Select((name, segment) => Customers(Dimension.Segment, name, (one, _) => one == segment)),
                    .. ((IEnumerable<GroupCounts>)[
                        .. _cities.Select((name, city) => new GroupCounts(Dimension.City, name, cells[2 * ((_segments.Length * Combinations) + city)], cells[(2 * ((_segments.Length * Combinations) + city)) + 1])),
                        .. SingleChannels.Select(channel => Customers(Dimension.Channel, channel.ToString(), (_, channels) => (channels & channel) != 0)),
                    ]).Where(group => group.Treated.Count + group.HeldOut.Count > 0),
                    .. _goodsGroups.Select((group, i) => new GroupCounts(group.Dimension, group.Name, OfGoods(2 * i), OfGoods((2 * i) + 1)))
                        .Where(group => group.Treated.Sum(0) != 0 || group.HeldOut.Sum(0) != 0),
                    .. SlotSums.Whole(Tried, [.. shards.Select(shard => shard.Slots)]),
                ],
                _treatedWithoutOffers, _offers)
            {
                Version = WaveCounts.NewestVersion,
                Base = Base is { } windows ? BaseSums.Whole(windows, [.. shards.Select(shard => shard.Base!)], _assignedHalves) : null,
                Capped = CappedSums.Whole([.. shards.Select(shard => shard.Capped)], everyone),
                TriedHeldOutShare = TriedHeldOutShare(),
            };

            GroupCounts Customers(Dimension dimension, string name, Func<int, Channels, bool> belongs)
            {
                VectorMoments[] arms = [new(Measures.Count), new(Measures.Count)];
                for (var segment = 0; segment < _segments.Length; segment++)
                    for (var channels = 0; channels < Combinations; channels++)
                        if (belongs(segment, (Channels)channels))
                            for (var arm = 0; arm < 2; arm++)
                                arms[arm].Merge(cells[(2 * ((segment * Combinations) + channels)) + arm]);
                return new GroupCounts(dimension, name, arms[0], arms[1]);
            }

            VectorMoments OfGoods(int cell)
            {
                var sums = default(PairSums);
                foreach (var shard in shards) sums.Merge(shard.Goods[cell]);
                return sums.ToMoments(everyone[cell & 1]);
            }
        }

        /// <summary>Of the customers whom the trial looks at so large a share was to be held out; null in a wave made by hand.</summary>
        double? TriedHeldOutShare() => _wave.Statistics is { } json && WaveStatistics.FromJson(json) is var made
            ? new Trial(_wave.Seed, _holdoutShare, (int)(made.Customers + made.UniversallyHeldOut)).HeldOutShare : null;

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
        readonly double[] _values = new double[Measures.Count];

        // What one customer spent on a group of goods, within and before; a group's number is in the list once its mark is that of the customer.
        readonly long[] _spent;
        readonly int[] _marks, _touched;
        int _mark, _touchedCount;

        public Sums(Counted wave)
        {
            _wave = wave;
            Outcomes = new VectorMoments?[wave.CustomerCells];
            Goods = new PairSums[2 * wave.GoodsGroups];
            (_spent, _marks, _touched) = (new long[2 * wave.GoodsGroups], new int[wave.GoodsGroups], new int[wave.GoodsGroups]);
            Base = wave.Base is { } windows ? new BaseSums(windows) : null;
            Slots = new SlotSums(wave.Tried);
        }

        /// <summary>By cell, null where nobody bought.</summary>
        public VectorMoments?[] Outcomes { get; }

        /// <summary>By group of goods, times two for the arms.</summary>
        public PairSums[] Goods { get; }

        public BaseSums? Base { get; }

        public CappedSums Capped { get; } = new();

        public SlotSums Slots { get; }

        public void Add(CustomerHistory history, PurchaseSums purchases, LineGroups groups, CustomerProfile[] profiles)
        {
            if (!_wave.IsAssigned(history.Customer)) return;
            var within = history.PlacesWithin(_wave.Validity);
            var before = _wave.Before is { } period ? history.PlacesWithin(period) : default;
            var earlier = _wave.Earlier is { } months ? history.PlacesWithin(months) : default;
            var after = history.PlacesWithin(_wave.After);

            // Who bought at none of these times is all zeros, and these are added at the end.
            if (within.Start == within.End && before.Start == before.End && earlier.Start == earlier.End && after.Start == after.End) return;

            CustomerOutcome.Measure(purchases.Between(within, _wave.Costs), purchases.Between(before, _wave.Costs), purchases.Between(earlier, _wave.Costs), purchases.Between(after, _wave.Costs), _values);
            var (ofSegment, ofCity) = _wave.CellsOf(profiles[history.Customer.Value]);
            var heldOut = ofSegment & 1;
            (Outcomes[ofSegment] ??= new VectorMoments(Measures.Count)).Add(_values);
            if (ofCity >= 0) (Outcomes[ofCity] ??= new VectorMoments(Measures.Count)).Add(_values);
            AddGoods(history.Lines, groups, within, before, heldOut);
            Capped.Add(heldOut, (long)_values[(int)Measure.Spend], (long)_values[(int)Measure.SpendBefore]);
            Base?.Add(history.Customer, heldOut, purchases.DaysBought, _values);
            Slots.Add(history.Customer, history.Lines[within.Start..within.End], history.Lines[before.Start..before.End], _values);
        }

        void AddGoods(ReadOnlySpan<PurchaseLine> lines, LineGroups groups, (int Start, int End) within, (int Start, int End) before, int heldOut)
        {
            _mark++;
            _touchedCount = 0;
            AddLines(lines, groups, within, 0);
            AddLines(lines, groups, before, 1);
            foreach (var group in _touched.AsSpan(0, _touchedCount)) Goods[(2 * group) + heldOut].Add(_spent[2 * group], _spent[(2 * group) + 1]);
        }

        void AddLines(ReadOnlySpan<PurchaseLine> lines, LineGroups groups, (int Start, int End) places, int time)
        {
            var ofLines = groups.Of(_wave.Goods, places);
            for (var i = places.Start; i < places.End; i++, ofLines = ofLines[GoodsTable.Kinds..])
            {
                ref readonly var line = ref lines[i];
                foreach (var group in ofLines[..GoodsTable.Kinds])
                    if (group >= 0) Spent(group, time) += line.PaidMinor;
                var (beside, product) = _wave.Offered.Of(line.Product);
                if (beside >= 0) Spent(_wave.FirstOffered + beside, time) += line.PaidMinor;
                if (product >= 0) Spent(_wave.FirstOffered + product, time) += line.PaidMinor;
            }
        }

        ref long Spent(int group, int time)
        {
            if (_marks[group] != _mark)
            {
                _marks[group] = _mark;
                _touched[_touchedCount++] = group;
                _spent[2 * group] = _spent[(2 * group) + 1] = 0;
            }

            return ref _spent[(2 * group) + time];
        }
    }
}
