using System.Collections.Concurrent;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Response;

namespace Volna.Offers.Generation;

/// <summary>
/// Makes a wave's offers: first one part of the customers after the other is filtered and valued (the parts of the history's shards, then those who never bought),
/// each kept when it is finished; then all is shared out among all customers together; at last one pack is written. A broken-off generation goes on with the
/// first unfinished part. The result is the same for any number of threads.
/// </summary>
public static class GenerateWaveJob
{
    /// <summary>Generates a draft, or goes on with a generation that was broken off.</summary>
    /// <param name="by">Who asked for it.</param>
    /// <param name="threads">How many shards are worked on at once.</param>
    /// <exception cref="GuardException">
    /// The wave is past generation, another process is at it, the data have changed since it was made, or it can't keep a promise; then it is rejected.
    /// </exception>
    public static WaveStatistics Generate(
        DataFolder folder, StateStore state, string waveId, string by, TimeProvider time, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var waves = new WaveStore(state);
        var wave = waves.Get(waveId);
        Check(wave);
        if (wave.Status == WaveStatus.Generated)
        {
            Clear(new WavePartsStore(folder, wave));
            waves.Move(waveId, WaveStatus.Generated, WaveStatus.AwaitingApproval, by, time.GetLocalNow());
            return WaveStatistics.FromJson(wave.Statistics!);
        }

        using var history = HistoryStore.Open(folder, state);
        using var inputs = LoadedInputs.Load(folder, state, wave, history);
        var parts = new WavePartsStore(folder, wave);
        WaveStatistics statistics;
        try
        {
            using (parts.Lock())
            {
                // Another process may have done all of it while this one waited or read.
                wave = waves.Get(waveId);
                ReviewWaveJob.Require(wave, WaveStatus.Draft, WaveStatus.Generating);
                if (wave.Status != WaveStatus.Generating) waves.Move(waveId, WaveStatus.Draft, WaveStatus.Generating, by, time.GetLocalNow());
                try
                {
                    (var digest, statistics) = Run(inputs.Inputs, parts, threads, progress, stop);
                    waves.MoveGenerated(waveId, digest, statistics.ToJson(), by, time.GetLocalNow());
                }
                catch (GuardException promise) when (Allocate.IsBrokenPromise(promise))
                {
                    // Plan and data are frozen: made again it would end in the same way.
                    waves.Move(waveId, WaveStatus.Generating, WaveStatus.Rejected, by, time.GetLocalNow(), promise.Sentence.In(inputs.Inputs.Plan.Language));
                    throw;
                }
            }
        }
        catch (GuardException promise) when (Allocate.IsBrokenPromise(promise))
        {
            parts.Clear();
            throw new GuardException(promise.Code, new Text(
                $"{promise.Sentence.English} Wave {waveId} is rejected; make a new one of the changed plan.",
                $"{promise.Sentence.Russian} Волна {waveId} отклонена; создайте новую по изменённому плану."));
        }

        FaultPoint.Pass(FaultPoint.WaveGenerated);
        Clear(parts);
        waves.Move(waveId, WaveStatus.Generated, WaveStatus.AwaitingApproval, by, time.GetLocalNow());
        return statistics;
    }

    static void Clear(WavePartsStore parts)
    {
        parts.Clear();
        FaultPoint.Pass(FaultPoint.PartsCleared);
    }

    /// <summary>Whether a wave's status allows generation; changes nothing.</summary>
    /// <exception cref="GuardException">The wave is past generation.</exception>
    public static void Check(Wave wave) => ReviewWaveJob.Require(wave, WaveStatus.Draft, WaveStatus.Generating, WaveStatus.Generated);

    /// <summary>The work itself.</summary>
    internal static (string Digest, WaveStatistics Statistics) Run(
        WaveInputs inputs, WavePartsStore parts, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = stop };
        var lastSold = parts.ReadLastSold();
        if (lastSold is null) parts.KeepLastSold(lastSold = FindLastSold(inputs, parallel, progress));

        var goods = inputs.Goods(lastSold);
        var limits = new SharedLimits(inputs.Plan, inputs.Catalog);
        PromiseBound.Check(inputs, goods, limits);
        var prices = FindPrices(inputs, goods, limits, parts, parallel, progress);
        Value(inputs, goods, limits, prices, parts, parallel, progress);
        var shared = Share(inputs, limits, prices, parts, threads, progress, stop);
        FaultPoint.Pass(FaultPoint.SharedOut);

        FreeMemory();
        Assemble(inputs, goods, limits, shared, parts, parallel, progress);

        var (digest, statistics) = parts.Merge(inputs.Parts, stop);
        FaultPoint.Pass(FaultPoint.PackMerged);
        return (digest, statistics with
        {
            OfferableProducts = goods.Offerable,
            TotalBudgetMinor = inputs.Plan.Limits.Where(limit => limit.IsForAll && limit.Budget is not null).Min(limit => (double?)limit.Budget!.Value.Minor),
            UniversallyHeldOut = inputs.Profiles.LongCount(profile => profile.Id.Value != 0 && inputs.IsUniversallyHeldOut(profile)),
            Options = shared.Options,
            ValueMinor = shared.ValueMilli / 1_000.0,
            BoundMinor = shared.BoundMilli / 1_000.0,
            Limits = limits.Outcomes(shared.Limits),
        });
    }

    /// <summary>What isn't needed any more is given back to the system: left to itself the collector would keep it beside what comes next.</summary>
    internal static void FreeMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);

    /// <summary>Between what prices it will be shared out; kept, so that a broken-off generation goes on with the same ones.</summary>
    static PriceRange? FindPrices(WaveInputs inputs, Goods goods, SharedLimits limits, WavePartsStore parts, ParallelOptions parallel, IProgress<StepProgress>? progress)
    {
        if (parts.ReadPrices(limits.Limits.Length) is { } known) return known;
        progress?.Report(new StepProgress(new Text("Prices of limits in a sample", "Цены ограничений по выборке"), 0, 1, new Text("samples", "выборок")));
        var prices = PriceSurvey.Of(inputs, goods, limits, parallel);
        if (prices is not null) parts.KeepPrices(prices);
        return prices;
    }

    /// <summary>Filters and values each part's candidates.</summary>
    static void Value(WaveInputs inputs, Goods goods, SharedLimits limits, PriceRange? prices, WavePartsStore parts, ParallelOptions parallel, IProgress<StepProgress>? progress)
    {
        var bought = new bool[inputs.Profiles.Length];
        var total = inputs.Profiles.Count(profile => profile.Id.Value != 0);
        var done = 0;
        Parallel.ForEach(OneByOne(inputs.Shards), parallel, () => new Room(inputs.Valuation(goods, limits, prices)), (shard, _, room) =>
        {
            Shard(shard, room, wanted => inputs.Buyers(shard, wanted));
            return room;
        }, _ => { });
        Shard(inputs.Shards, new Room(inputs.Valuation(goods, limits, prices)), wanted => inputs.NonBuyers(bought).Where(customer => wanted(customer.Profile.Id.Value)));

        void Shard(int shard, Room room, Func<Func<int, bool>, IEnumerable<(CustomerProfile Profile, CustomerHistory History)>> read)
        {
            var first = shard * inputs.PartsOfShard;
            bool[] isValued = [.. Enumerable.Range(first, inputs.PartsOfShard).Select(parts.IsValued)];
            using var customers = read(customer => !isValued[inputs.PartOf(shard, customer) - first]).GetEnumerator();
            var more = Array.Exists(isValued, valued => !valued) && customers.MoveNext();
            for (var part = first; part < first + inputs.PartsOfShard; part++)
                if (isValued[part - first]) Skip(part);
                else Part(part, room, OfPart(part));
            if (more) throw new InvalidOperationException($"Customer {customers.Current.History.Customer.Value} of shard {shard} comes after others with higher numbers.");

            IEnumerable<(CustomerProfile Profile, CustomerHistory History)> OfPart(int part)
            {
                for (; more && inputs.PartOf(shard, customers.Current.History.Customer.Value) == part; more = customers.MoveNext()) yield return customers.Current;
            }
        }

        void Skip(int part)
        {
            var valued = parts.ReadCustomers(part);
            foreach (var customer in valued) bought[customer.Customer.Value] = true;
            Report(valued.Length);
        }

        void Part(int part, Room room, IEnumerable<(CustomerProfile Profile, CustomerHistory History)> customers)
        {
            room.Block.Clear();
            room.Ghosts.Clear();
            var counts = PartOfWave.Value(inputs, room.Valuation, customers, bought, room.Block, room.Ghosts, Report, parallel.CancellationToken);
            parts.KeepValued(part, room.Block, room.Ghosts, counts);
        }

        void Report(int customers) => progress?.Report(new StepProgress(
            new Text("Offers", "Предложения"), Interlocked.Add(ref done, customers), total, new Text("customers", "покупатели")));
    }

    /// <summary>Parts are few and large: a thread that took several at once would let the others wait in the end.</summary>
    static OrderablePartitioner<int> OneByOne(int parts) => Partitioner.Create(Enumerable.Range(0, parts), EnumerablePartitionerOptions.NoBuffering);

    /// <summary>What a thread values one part after the other with.</summary>
    sealed record Room(OfferValuation Valuation)
    {
        public ValuedBlockBuilder Block { get; } = new();

        public ValuedBlockBuilder Ghosts { get; } = new();
    }

    /// <summary>Shares out among all customers together what they may be offered.</summary>
    static Allocated Share(WaveInputs inputs, SharedLimits limits, PriceRange? prices, WavePartsStore parts, int threads, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        using var valued = parts.OpenToShare(inputs.Parts);
        return Allocate.Run(limits.Problem(inputs.Plan, valued.Blocks) with { Expected = inputs.ExpectedPrices(limits) }, prices, threads, progress, stop);
    }

    static void Assemble(WaveInputs inputs, Goods goods, SharedLimits limits, Allocated shared, WavePartsStore parts, ParallelOptions parallel, IProgress<StepProgress>? progress)
    {
        var problem = limits.Problem(inputs.Plan, []);
        var prices = new GoodPrices(problem, [.. shared.Limits.Select(limit => limit.Price)]);
        var done = 0;
        Report();
        Parallel.ForEach(OneByOne(inputs.Parts), parallel, part =>
        {
            if (parts.Find(part) is not null) return;
            var (block, counts) = parts.ReadValued(part);
            var assembly = inputs.Assembly(goods, limits, prices);
            var tally = new WaveTally(inputs.Plan.Segments.Length);
            var tried = new List<TrialOffer>();
            // The limits' prices are found without the held-out, so what they would get takes nothing from the others.
            var (ghosts, choice) = (parts.ReadGhosts(part), new CustomerChoice(problem));
            for (var customer = 0; customer < ghosts.Customers.Length; customer++)
            {
                assembly.AssembleGhosts(ghosts, customer, choice, problem.Slots);
                tried.AddRange(assembly.Tried);
            }

            parts.Keep(part, Assignments(), tried, () => counts + tally.Sum());
            Interlocked.Increment(ref done);
            Report();

            // Made one by one as they are written: all offers of a part together would take more memory than all else.
            IEnumerable<Assignment> Assignments()
            {
                ulong[] hashes = [.. block.Customers.Select(customer => customer.KeyHash)];
                int[] order = [.. Enumerable.Range(0, hashes.Length)];
                hashes.AsSpan().Sort(order);
                foreach (var customer in order)
                {
                    parallel.CancellationToken.ThrowIfCancellationRequested();
                    yield return assembly.Assemble(block, customer, shared.Of(part, customer), tally);
                    if (inputs.Trial.LooksAtOffered(block.Customers[customer].KeyHash)) tried.AddRange(assembly.Tried);
                }
            }
        });

        void Report() => progress?.Report(new StepProgress(new Text("Offer pack", "Пакет предложений"), done, inputs.Parts, new Text("parts", "частей")));
    }

    /// <summary>
    /// Day number of each product's latest sale before the wave, by product number; 0 for never. The model knows them up to its day; only what was bought
    /// since is looked through.
    /// </summary>
    internal static int[] FindLastSold(WaveInputs inputs, ParallelOptions parallel, IProgress<StepProgress>? progress)
    {
        var lastSold = new int[inputs.Catalog.Products.Length];
        for (var product = 0; product < Math.Min(lastSold.Length, inputs.LatestSales.Length); product++) lastSold[product] = inputs.LatestSales[product].DayNumber;
        var gate = new Lock();
        var done = 0;
        Parallel.For(0, inputs.Shards, parallel, () => new int[lastSold.Length], (shard, _, latest) =>
        {
            foreach (var history in inputs.ReadLate(shard))
            {
                parallel.CancellationToken.ThrowIfCancellationRequested();
                foreach (ref readonly var line in history.Before(inputs.Wave.Validity.Start))
                    if (!line.IsReturn)
                        latest[line.Product] = Math.Max(latest[line.Product], line.Day.DayNumber);
            }

            progress?.Report(new StepProgress(new Text("Latest sales", "Последние продажи"), Interlocked.Increment(ref done), inputs.Shards, new Text("shards", "части")));
            return latest;
        }, latest =>
        {
            lock (gate)
                for (var product = 0; product < latest.Length; product++)
                    lastSold[product] = Math.Max(lastSold[product], latest[product]);
        });
        return lastSold;
    }
}
