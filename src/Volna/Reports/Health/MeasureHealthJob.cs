using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Intake.Import;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Redemptions;

namespace Volna.Reports.Health;

/// <summary>Measures the health of the retailer and of a live wave on the newest day whose receipts are whole.</summary>
static class MeasureHealthJob
{
    /// <summary>Waves in a row after which silence counts as ignoring.</summary>
    const int IgnoredWaves = 3;

    /// <summary>Refused rows are counted in so many files: those of some days.</summary>
    const int NewestFiles = 20;

    /// <summary>Variety is told from so many redemptions, by so many goods.</summary>
    const int LeastRedemptions = 50, MostRedeemed = 10;

    /// <summary>The newest day that is past and has receipts; null without any.</summary>
    public static DateOnly? NewestDay(Snapshot snapshot, DateTimeOffset now) =>
        snapshot.LastDay is { } last ? last < DateOnly.FromDateTime(now.DateTime) ? last : last.AddDays(-1) : null;

    /// <summary>Figures that concern no single wave: turnover and margin of the days that a band is learnt from, refused rows, opt-outs.</summary>
    public static void Keep(DataFolder folder, StateStore state, DateOnly day, CancellationToken stop)
    {
        var kept = new HealthStore(state);
        if (kept.Find(HealthFigure.Turnover, "", day) is null) kept.Keep("", Days(folder, state, day, stop));

        // The level is kept with its day; the change against the one before is the figure.
        var today = Levels(state);
        var before = kept.Find(HealthFigure.OptOuts, HealthStore.Level, day.AddDays(-1));
        kept.Keep(HealthStore.Level, [new Measured(HealthFigure.OptOuts, day, today.OptedOutShare)]);
        if (before is { } earlier) kept.Keep("", [new Measured(HealthFigure.OptOuts, day, Math.Max(0, today.OptedOutShare - earlier))]);
        kept.Keep("", [new Measured(HealthFigure.Rejects, day, today.RejectedShare)]);
    }

    /// <summary>What is known of a live wave on that day, and of the retailer.</summary>
    public static IReadOnlyList<Measured> Of(DataFolder folder, StateStore state, Wave wave, Plan plan, DateOnly day, DateOnly today, CancellationToken stop)
    {
        var kept = new HealthStore(state);
        var redemptions = new RedemptionStore(state).OfWave(wave.Id);
        var measured = new List<Measured>();
        void Add(HealthFigure figure, double? value)
        {
            if (value is { } known) measured.Add(new Measured(figure, day, known));
        }

        if (new PublicationStore(state).Channels(wave.Id) is { Count: > 0 } channels)
            Add(HealthFigure.Delivery, channels.Max(channel => (double)channel.Written / Math.Max(1, channel.Written + channel.NoConsent + channel.NoAddress)));
        using (var pack = OfferPackStore.Open(folder, wave.Id))
        {
            Add(HealthFigure.Redemption, pack.Offers == 0 ? null : (double)redemptions.Count(one => one.Day == day) / pack.Offers);
            Add(HealthFigure.FloorHits, FloorHits(pack, [.. redemptions.Where(one => one.Day == day)]));
            Add(HealthFigure.Variety, Variety(pack, [.. redemptions.Where(one => one.Day <= day)]));
            var (coverage, offersEach) = Reach(pack, new CatalogStore(state).LoadProfiles(), plan.Channels);
            Add(HealthFigure.Coverage, coverage);
            Add(HealthFigure.OffersPerCustomer, offersEach);
            Add(HealthFigure.Match, kept.Find(HealthFigure.Match, wave.Id, day) ?? Match(folder, state, pack, day, stop));
        }

        var turnover = kept.Find(HealthFigure.Turnover, "", day);
        Add(HealthFigure.DiscountShare, turnover is > 0 ? redemptions.Where(one => one.Day == day).Sum(one => one.Discount.Minor) / turnover : null);
        if (plan.Till.Budget is { Minor: > 0 } budget)
            Add(HealthFigure.BudgetPace, (double)redemptions.Where(one => one.Day <= day).Sum(one => one.Discount.Minor) / budget.Minor / ((day.DayNumber + 1.0 - wave.Validity.Start.DayNumber) / wave.Validity.Days));
        Add(HealthFigure.Ignored, Ignored(folder, state, wave));
        kept.Keep(wave.Id, measured);

        foreach (var figure in (HealthFigure[])[HealthFigure.Turnover, HealthFigure.Margin, HealthFigure.OptOuts, HealthFigure.Rejects, HealthFigure.Satisfaction, HealthFigure.Complaints])
            Add(figure, kept.Find(figure, "", day));

        // What a call of a till takes is known at once, and a slow day must not wait for its receipts.
        if (kept.Find(HealthFigure.Latency, "", today) is { } latency) measured.Add(new Measured(HealthFigure.Latency, today, latency));
        return measured;
    }

    /// <summary>Of the redemptions of percentages, the share whose discount fell short of the percentage; null without any.</summary>
    internal static double? FloorHits(OfferPackStore pack, IReadOnlyList<Redemption> redemptions)
    {
        if (redemptions.Count == 0) return null;
        var offers = OffersOf(pack, redemptions);
        int percentages = 0, hits = 0;
        foreach (var redemption in redemptions)
        {
            // Of a larger quantity only a part may be discounted; whether the floor took something of it can't be told.
            if (!offers.TryGetValue((redemption.Customer, redemption.OfferIndex), out var offer) || offer.Mechanic != Mechanic.PercentOff) continue;
            if (offer.MostPieces.Thousandths > 0 && offer.MostPieces.Thousandths < redemption.Quantity.Thousandths) continue;
            percentages++;

            // Prices are whole minor units, so a piece may lose one by rounding.
            var whole = (redemption.Paid.Minor + redemption.Discount.Minor) * (offer.Depth.BasisPoints / 10_000.0);
            if (redemption.Discount.Minor < whole - 1 - (redemption.Quantity.Thousandths / 1_000.0)) hits++;
        }

        return percentages == 0 ? null : (double)hits / percentages;
    }

    /// <summary>Of the redemptions, the share of other targets than the most redeemed; null where they are few.</summary>
    static double? Variety(OfferPackStore pack, IReadOnlyList<Redemption> redemptions)
    {
        if (redemptions.Count < LeastRedemptions) return null;
        var offers = OffersOf(pack, redemptions);
        var most = redemptions.Select(redemption => offers.GetValueOrDefault((redemption.Customer, redemption.OfferIndex))).OfType<Offer>()
            .CountBy(offer => (offer.TargetKind, offer.Target)).OrderByDescending(target => target.Value).Take(MostRedeemed).Sum(target => target.Value);
        return 1 - ((double)most / redemptions.Count);
    }

    /// <summary>Of the customers not held out, the share with offers who agree to one of the channels still, and how many offers each of these has.</summary>
    static (double? Coverage, double? OffersEach) Reach(OfferPackStore pack, CustomerProfile[] profiles, Channels channels)
    {
        long treated = 0, reached = 0, offers = 0;
        foreach (var customer in pack.All())
        {
            if (customer.HeldOut) continue;
            treated++;
            if (customer.Offers == 0 || (profiles[customer.Customer.Value].Consents & channels) == Channels.None) continue;
            reached++;
            offers += customer.Offers;
        }

        return (treated == 0 ? null : (double)reached / treated, reached == 0 ? null : (double)offers / reached);
    }

    static Dictionary<(CustomerId Customer, int Index), Offer> OffersOf(OfferPackStore pack, IReadOnlyList<Redemption> redemptions)
    {
        var customers = redemptions.Select(redemption => redemption.Customer).ToHashSet();
        var offers = new Dictionary<(CustomerId, int), Offer>();
        for (var place = 0; place < pack.Customers; place++)
            if (customers.Contains(pack.At(place).Customer))
                foreach (var offer in pack.OffersAt(place))
                    offers[(offer.Customer, offer.Index)] = offer;
        return offers;
    }

    /// <summary>Of the customers with offers who bought on the day, the share who bought something offered to them; null without any.</summary>
    static double? Match(DataFolder folder, StateStore state, OfferPackStore pack, DateOnly day, CancellationToken stop)
    {
        var offered = new Dictionary<int, int>();
        for (var place = 0; place < pack.Customers; place++)
            if (pack.At(place) is { Offers: > 0 } customer)
                offered.Add(customer.Customer.Value, place);
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Since(histories.Snapshot(), day);
        var ofDay = new Period(day, day.AddDays(1));
        long buyers = 0, matched = 0;
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, shard =>
        {
            foreach (var history in histories.ReadShard(snapshot, shard, offered.ContainsKey))
            {
                var lines = history.Within(ofDay);
                var (bought, fits) = (false, false);
                IReadOnlyList<Offer>? offers = null;
                foreach (ref readonly var line in lines)
                {
                    if (line.IsReturn) continue;
                    bought = true;
                    offers ??= pack.OffersAt(offered[history.Customer.Value]);
                    foreach (var offer in offers) fits |= offer.TargetKind == TargetKind.Product && offer.Target == line.Product;
                }

                if (bought) Interlocked.Increment(ref buyers);
                if (fits) Interlocked.Increment(ref matched);
            }
        });
        return buyers == 0 ? null : (double)matched / buyers;
    }

    /// <summary>What all customers paid on each of the days, and what was left of it; one pass over the history, once for each new day.</summary>
    static IEnumerable<Measured> Days(DataFolder folder, StateStore state, DateOnly day, CancellationToken stop)
    {
        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        Money?[] costs = [.. new CatalogStore(state).LoadGoodsAndStores(day).Products.Select(product => product?.Cost)];
        var days = new Period(day.AddDays(-Corridor.MostDays), day.AddDays(1));
        var ofShards = new (long Paid, long Margin)[HistoryStore.Shards][];
        Parallel.For(0, HistoryStore.Shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, shard =>
        {
            var sums = new (long Paid, long Margin)[days.Days];
            foreach (var history in histories.ReadShard(snapshot, shard))
                foreach (ref readonly var line in history.Within(days))
                {
                    ref var sum = ref sums[line.Day.DayNumber - days.Start.DayNumber];
                    sum.Paid += line.PaidMinor;
                    if ((uint)line.Product < (uint)costs.Length && costs[line.Product] is { } cost) sum.Margin += line.PaidMinor - new Quantity(line.QuantityThousandths).Times(cost).Minor;
                }

            ofShards[shard] = sums;
        });

        for (var i = 0; i < days.Days; i++)
        {
            var on = days.Start.AddDays(i);
            var paid = ofShards.Sum(shard => shard[i].Paid);

            // A day before the first receipt teaches nothing.
            if (on < snapshot.FirstDay) continue;
            yield return new Measured(HealthFigure.Turnover, on, paid);
            yield return new Measured(HealthFigure.Margin, on, ofShards.Sum(shard => shard[i].Margin));
        }
    }

    static (double OptedOutShare, double RejectedShare) Levels(StateStore state)
    {
        var profiles = new CatalogStore(state).LoadProfiles().Where(profile => profile.Id.Value != 0).ToList();
        var (read, rejected) = new BatchStore(state).NewestRows(NewestFiles);
        return (
            profiles.Count == 0 ? 0 : (double)profiles.Count(profile => profile.Consents == Channels.None) / profiles.Count,
            read == 0 ? 0 : (double)rejected / read);
    }

    /// <summary>Of those offered something in each of the last waves, the share who redeemed nothing of it; null with fewer waves.</summary>
    static double? Ignored(DataFolder folder, StateStore state, Wave wave)
    {
        var waves = new WaveStore(state).List()
            .Where(one => one.Status is WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported && one.Validity.Start <= wave.Validity.Start).Take(IgnoredWaves).ToList();
        if (waves.Count < IgnoredWaves) return null;
        HashSet<int>? offered = null;
        var redeemed = new HashSet<int>();
        foreach (var one in waves)
        {
            using var pack = OfferPackStore.Open(folder, one.Id);
            var ofWave = pack.All().Where(customer => customer.Offers > 0).Select(customer => customer.Customer.Value).ToHashSet();
            if (offered is null) offered = ofWave;
            else offered.IntersectWith(ofWave);
            foreach (var redemption in new RedemptionStore(state).OfWave(one.Id)) redeemed.Add(redemption.Customer.Value);
        }

        return offered is { Count: > 0 } ? (double)offered.Count(customer => !redeemed.Contains(customer)) / offered.Count : null;
    }
}
