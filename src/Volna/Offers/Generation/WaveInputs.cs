using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning.Portraits;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Offers.Generation;

/// <summary>What a wave is a function of, loaded.</summary>
/// <param name="Profiles">By number; entry 0 is default.</param>
/// <param name="Shards">Number of shards of the history.</param>
/// <param name="ReadShard">A shard's customers with purchases; of some of them, told by number, or all.</param>
/// <param name="LatestSales">Day of each product's latest sale before the model's day, by product number; default for none.</param>
/// <param name="ReadLate">A shard's customers with, at least, their purchases since the model's day.</param>
/// <param name="Earlier">Packs of the waves before, latest first.</param>
sealed record WaveInputs(
    Wave Wave, Plan Plan, Catalog Catalog, CustomerProfile[] Profiles, int Shards, Func<int, Func<int, bool>?, IEnumerable<CustomerHistory>> ReadShard,
    int ModelWindowDays, Scoring Score, DateOnly[] LatestSales, Func<int, IEnumerable<CustomerHistory>> ReadLate, IReadOnlyList<OfferPackStore> Earlier)
{
    const int FewestOfParts = 1 << 15, MostOfShard = 4;

    /// <summary>In so many parts each shard is worked on, by customers' numbers: a part is kept once it is finished, and only what is at work is in memory.</summary>
    public int PartsOfShard { get; init; } = Math.Clamp(Profiles.Length / Shards / FewestOfParts, 1, MostOfShard);

    /// <summary>The parts of all shards, and as many of those who never bought.</summary>
    public int Parts => (Shards + 1) * PartsOfShard;

    /// <summary>The channels of the plans of <see cref="Earlier"/>; empty where nobody asks.</summary>
    public IReadOnlyList<Channels> EarlierChannels { get; init; } = [];

    /// <summary>The model's, where the plan's segments ask for them.</summary>
    public PortraitSet? Portraits { get; init; }

    /// <summary>What became of the limits of the latest wave before.</summary>
    public ImmutableArray<LimitOutcome> LatestLimits { get; init; } = [];

    /// <summary>The prices that limits of the same names had in the latest wave before; 0 for a new one.</summary>
    public ImmutableArray<double> ExpectedPrices(SharedLimits limits)
    {
        if (LatestLimits.IsEmpty) return [];
        var prices = LatestLimits.DistinctBy(limit => (limit.Name, limit.Money)).ToDictionary(limit => (limit.Name, limit.Money), limit => limit.Price);
        return [.. limits.Limits.Select(limit => prices.GetValueOrDefault((limit.Name, limit.Counts == LimitUnit.Money)))];
    }

    public Goods Goods(ReadOnlySpan<int> lastSold) => new(Catalog, Plan, Wave.Validity, lastSold);

    /// <param name="prices">Between which prices it will be shared out: options that are needed at none are left out. Null to keep all.</param>
    public OfferValuation Valuation(Goods goods, SharedLimits limits, PriceRange? prices = null) => new(Plan, goods, limits, prices, Trial, Wave.Validity, Wave.Seed, ModelWindowDays, Score, Portraits is null ? null : new PortraitFinder(Portraits, Catalog));

    public Trial Trial => new(Wave.Seed, Plan.HoldoutShare, Profiles.Length);

    public OfferAssembly Assembly(Goods goods, SharedLimits limits, GoodPrices prices) => new(Plan, goods, limits, Wave.Validity.Start, prices);

    /// <summary>The part of a shard that a customer is in.</summary>
    /// <param name="shard">The number of shards for those who never bought.</param>
    public int PartOf(int shard, int customer) => (shard * PartsOfShard) + (int)((long)customer * PartsOfShard / Profiles.Length);

    /// <summary>The customers of a shard who bought something, by ascending number.</summary>
    /// <param name="wanted">By number; null for all.</param>
    public IEnumerable<(CustomerProfile Profile, CustomerHistory History)> Buyers(int shard, Func<int, bool>? wanted = null) => ReadShard(shard, wanted).Select(history => (Profiles[history.Customer.Value], history));

    /// <summary>The others, likewise.</summary>
    /// <param name="bought">True for those in the shards, by number.</param>
    public IEnumerable<(CustomerProfile Profile, CustomerHistory History)> NonBuyers(bool[] bought) =>
        Profiles.Where(profile => profile.Id.Value != 0 && !bought[profile.Id.Value]).Select(profile => (profile, new CustomerHistory(profile.Id, [])));

    /// <summary>She isn't assigned to any wave.</summary>
    public bool IsUniversallyHeldOut(in CustomerProfile profile) => UniversalHoldout.Includes(Plan.UniversalHoldoutShare, profile.KeyHash);

    /// <summary>What a customer was offered before.</summary>
    public void LookBack(ulong keyHash, CustomerHistory history, PastOffers past)
    {
        past.Clear();
        Span<int> targets = stackalloc int[PlanFile.MostOffers];
        for (var ago = 0; ago < Earlier.Count; ago++)
        {
            var pack = Earlier[ago];
            if (pack.Find(keyHash) is not (var place and >= 0)) continue;
            past.Add(
                targets[..pack.TargetsAt(place, targets)], ago < Plan.RepeatAfterWaves, pack.Validity.End <= Wave.Validity.Start, history.Within(pack.Validity),
                late: Plan.Contacts is { } contacts && IsWithin(contacts, pack), basket: pack.HasBasketOffers ? pack.LeastBasketAt(place) : default);
            if (Plan.ChannelContacts.IsEmpty || pack.At(place) is not { Offers: > 0 } packed) continue;
            foreach (var (channel, limit) in Plan.ChannelContacts)
                if ((EarlierChannels[ago] & ~packed.Closed & channel) != 0 && IsWithin(limit, pack))
                    past.AddContact(channel);
        }

        past.Close(Plan.ChannelContacts);
    }

    bool IsWithin(ContactLimit limit, OfferPackStore pack) => pack.Validity.Start > Wave.Validity.Start.AddDays(-limit.Days);
}
