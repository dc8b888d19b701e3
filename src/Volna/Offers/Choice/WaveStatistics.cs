using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Volna.Offers.Filter;

namespace Volna.Offers.Choice;

/// <summary>What the generation of a wave counted. Parts can be added, in the order of shards, so that sums come out alike to the last bit.</summary>
public sealed record WaveStatistics
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public long Customers { get; init; }
    public long HeldOut { get; init; }

    /// <summary>Customers who get nothing in any wave; not among <see cref="Customers"/>. Known for the whole wave only.</summary>
    public long UniversallyHeldOut { get; init; }

    /// <summary>Customers who get at least one offer.</summary>
    public long WithOffers { get; init; }
    public long Offers { get; init; }

    /// <summary>Customers who get none because every offer that they may get would cost more than it brings: best left undisturbed.</summary>
    public long LeftAlone { get; init; }

    /// <summary>By segment, in the plan's order.</summary>
    public ImmutableArray<SegmentCount> Segments { get; init; } = [];

    /// <summary>By kind of slot.</summary>
    public ImmutableArray<SlotCount> Slots { get; init; } = [];

    /// <summary>Candidates looked at: offers and refusals.</summary>
    public long Candidates { get; init; }

    /// <summary>Candidates not offered, by reason.</summary>
    public ImmutableSortedDictionary<OfferRefusal, long> Refusals { get; init; } = ImmutableSortedDictionary<OfferRefusal, long>.Empty;

    /// <summary>Slots that stayed empty, by the commonest refusal; <see cref="OfferRefusal.None"/> where there were too few candidates.</summary>
    public ImmutableArray<EmptySlotCount> EmptySlots { get; init; } = [];

    /// <summary>Offers whose depth was drawn and differs from the best.</summary>
    public long Explored { get; init; }

    /// <summary>Offers whose cost is the plan's assumption.</summary>
    public long CostAssumed { get; init; }

    /// <summary>Sum of the depths in basis points.</summary>
    public long DepthBasisPoints { get; init; }

    /// <summary>Expected purchases, cost of discounts, margin and turnover against no offers (in minor units), under the plan's assumptions.</summary>
    public double ExpectedPurchases { get; init; }

    /// <inheritdoc cref="ExpectedPurchases"/>
    public double ExpectedDiscountMinor { get; init; }

    /// <summary>Of the cost of discounts, what suppliers pay.</summary>
    public double ExpectedBySuppliersMinor { get; init; }

    /// <inheritdoc cref="ExpectedPurchases"/>
    public double ExpectedMarginMinor { get; init; }

    /// <inheritdoc cref="ExpectedPurchases"/>
    public double ExpectedTurnoverMinor { get; init; }

    /// <summary>What the additional purchases are worth beside margin and turnover, by the plan: first ones, customers kept, less what is taken from other goods.</summary>
    public double ExpectedBesideMinor { get; init; }

    /// <summary>Sum over the offers of the chance that the product would be bought without an offer.</summary>
    public double ChanceSum { get; init; }

    /// <summary>Offers on the ten products most offered; known for the whole wave only.</summary>
    public long TopTenOffers { get; init; }

    /// <summary>The plan's total budget, the smallest where there are several; null without. Known for the whole wave only.</summary>
    public double? TotalBudgetMinor { get; init; }

    /// <summary>Distinct products offered to somebody; known for the whole wave only.</summary>
    public int DistinctProducts { get; init; }

    /// <summary>Products that could be offered to somebody.</summary>
    public int OfferableProducts { get; init; }

    /// <summary>What the plan says the offers bring together, in minor units: what was maximised. Known for the whole wave only, as the next two.</summary>
    public double ValueMinor { get; init; }

    /// <summary>No way of sharing out within the limits is worth more.</summary>
    public double BoundMinor { get; init; }

    /// <summary>Ways to offer something that were weighed against each other for all customers together: product, kind of slot and depth. Known for the whole wave only.</summary>
    public long Options { get; init; }

    /// <summary>The plan's limits, and what became of them.</summary>
    public ImmutableArray<LimitOutcome> Limits { get; init; } = [];

    /// <summary>How far at most the wave is from the best one possible, as a share of it.</summary>
    public double Gap => BoundMinor <= 0 ? 0 : 1 - (ValueMinor / BoundMinor);

    public double MeanDepthPercent => Offers == 0 ? 0 : DepthBasisPoints / 100.0 / Offers;

    /// <summary>What a sample counted, for all customers; distinct products are those of the sample.</summary>
    internal WaveStatistics Times(double each)
    {
        long Of(long count) => (long)Math.Round(count * each);
        return this with
        {
            Customers = Of(Customers),
            HeldOut = Of(HeldOut),
            UniversallyHeldOut = Of(UniversallyHeldOut),
            WithOffers = Of(WithOffers),
            Offers = Of(Offers),
            LeftAlone = Of(LeftAlone),
            Segments = [.. Segments.Select(one => new SegmentCount(one.Segment, Of(one.Customers), Of(one.HeldOut), Of(one.WithOffers), Of(one.Offers)))],
            Slots = [.. Slots.Select(one => new SlotCount(one.Kind, Of(one.Wanted), Of(one.Filled)))],
            Candidates = Of(Candidates),
            Refusals = Refusals.ToImmutableSortedDictionary(one => one.Key, one => Of(one.Value)),
            EmptySlots = [.. EmptySlots.Select(one => one with { Count = Of(one.Count) })],
            Explored = Of(Explored),
            CostAssumed = Of(CostAssumed),
            DepthBasisPoints = Of(DepthBasisPoints),
            ExpectedPurchases = ExpectedPurchases * each,
            ExpectedDiscountMinor = ExpectedDiscountMinor * each,
            ExpectedBySuppliersMinor = ExpectedBySuppliersMinor * each,
            ExpectedMarginMinor = ExpectedMarginMinor * each,
            ExpectedTurnoverMinor = ExpectedTurnoverMinor * each,
            ExpectedBesideMinor = ExpectedBesideMinor * each,
            ChanceSum = ChanceSum * each,
            TopTenOffers = Of(TopTenOffers),
            ValueMinor = ValueMinor * each,
            BoundMinor = BoundMinor * each,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static WaveStatistics FromJson(string json) => JsonSerializer.Deserialize<WaveStatistics>(json, Json)!;

    public static WaveStatistics operator +(WaveStatistics a, WaveStatistics b) => new()
    {
        Customers = a.Customers + b.Customers,
        HeldOut = a.HeldOut + b.HeldOut,
        WithOffers = a.WithOffers + b.WithOffers,
        Offers = a.Offers + b.Offers,
        LeftAlone = a.LeftAlone + b.LeftAlone,
        Segments = Merge(a.Segments, b.Segments, one => one.Segment, (x, y) => new(x.Segment, x.Customers + y.Customers, x.HeldOut + y.HeldOut, x.WithOffers + y.WithOffers, x.Offers + y.Offers)),
        Slots = Merge(a.Slots, b.Slots, one => (int)one.Kind, (x, y) => new(x.Kind, x.Wanted + y.Wanted, x.Filled + y.Filled)),
        Candidates = a.Candidates + b.Candidates,
        Refusals = a.Refusals.Concat(b.Refusals).GroupBy(one => one.Key).ToImmutableSortedDictionary(group => group.Key, group => group.Sum(one => one.Value)),
        EmptySlots = Merge(a.EmptySlots, b.EmptySlots, one => ((int)one.Kind * 1_000) + (int)one.Reason, (x, y) => x with { Count = x.Count + y.Count }),
        Explored = a.Explored + b.Explored,
        CostAssumed = a.CostAssumed + b.CostAssumed,
        DepthBasisPoints = a.DepthBasisPoints + b.DepthBasisPoints,
        ExpectedPurchases = a.ExpectedPurchases + b.ExpectedPurchases,
        ExpectedDiscountMinor = a.ExpectedDiscountMinor + b.ExpectedDiscountMinor,
        ExpectedBySuppliersMinor = a.ExpectedBySuppliersMinor + b.ExpectedBySuppliersMinor,
        ExpectedMarginMinor = a.ExpectedMarginMinor + b.ExpectedMarginMinor,
        ExpectedTurnoverMinor = a.ExpectedTurnoverMinor + b.ExpectedTurnoverMinor,
        ExpectedBesideMinor = a.ExpectedBesideMinor + b.ExpectedBesideMinor,
        ChanceSum = a.ChanceSum + b.ChanceSum,
    };

    static ImmutableArray<T> Merge<T>(ImmutableArray<T> a, ImmutableArray<T> b, Func<T, int> key, Func<T, T, T> add) =>
        [.. a.Concat(b).GroupBy(key).OrderBy(group => group.Key).Select(group => group.Aggregate(add))];
}

/// <summary>What became of a limit that the customers share.</summary>
/// <param name="Money">True if the expected cost of discounts counts, in thousandths of a minor unit; false if offers count.</param>
/// <param name="Price">The shadow price: what one more unit of money, or 1/1000 of a minor unit for one more offer, would bring; negative where a promise costs.</param>
public sealed record LimitOutcome(string Name, bool Money, long Most, long Least, long Used, double Price)
{
    /// <summary>One of many that the plan doesn't name one by one: offers of a product, because of its stock.</summary>
    public bool IsStock { get; init; }

    /// <summary>Which share of the cost that was shared out is the limit's own money; see <see cref="Allocation.Limit.OwnShare"/>.</summary>
    public double OwnShare { get; init; } = 1;

    /// <summary>In the limit's own money, as people are told.</summary>
    public LimitOutcome Told() => OwnShare == 1 ? this : this with { Most = (long)Math.Round(Most * OwnShare), Used = (long)Math.Round(Used * OwnShare), Price = Price / OwnShare, OwnShare = 1 };
}

/// <param name="Segment">Index in the plan.</param>
public sealed record SegmentCount(int Segment, long Customers, long HeldOut, long WithOffers, long Offers);

/// <param name="Wanted">Slots that the segments' customers have.</param>
public sealed record SlotCount(SlotKind Kind, long Wanted, long Filled);

public sealed record EmptySlotCount(SlotKind Kind, OfferRefusal Reason, long Count);

/// <summary>Counts while a part of a wave is made.</summary>
sealed class WaveTally(int segments)
{
    const int Kinds = OfferValuation.Kinds, Refusals = 128;

    readonly long[] _customers = new long[segments], _heldOut = new long[segments], _withOffers = new long[segments], _offers = new long[segments];
    readonly long[] _wanted = new long[Kinds], _filled = new long[Kinds], _refusals = new long[Refusals];
    readonly long[,] _empty = new long[Kinds, Refusals];
    long _candidates, _explored, _costAssumed, _depthBasisPoints, _leftAlone;
    double _bought, _discount, _bySuppliers, _margin, _turnover, _beside, _chance;

    /// <summary>Expected so far, in minor units.</summary>
    public double MarginMinor => _margin;

    /// <inheritdoc cref="MarginMinor"/>
    public double TurnoverMinor => _turnover;

    public void Assign(int segment, bool heldOut, int offers, bool isLeftAlone)
    {
        if (isLeftAlone) _leftAlone++;
        _customers[segment]++;
        if (heldOut) _heldOut[segment]++;
        if (offers > 0) _withOffers[segment]++;
        _offers[segment] += offers;
    }

    /// <summary>Counts a customer's candidates and those refused before anything is shared out.</summary>
    public void Candidates(List<OfferRefusal> refusals)
    {
        _candidates += refusals.Count;
        foreach (var refusal in refusals) _refusals[(int)refusal]++;
    }

    /// <summary>Counts a candidate that was refused, or not, when all was shared out.</summary>
    public void Judge(OfferRefusal refusal) => _refusals[(int)refusal]++;

    public void Slot(SlotKind kind, int wanted, int filled, OfferRefusal reason)
    {
        _wanted[(int)kind] += wanted;
        _filled[(int)kind] += filled;
        _empty[(int)kind, (int)reason] += wanted - filled;
    }

    public void Offer(Percent depth, bool explored, bool costAssumed, double chance, in Expectation expected)
    {
        _chance += chance;
        if (explored) _explored++;
        if (costAssumed) _costAssumed++;
        _depthBasisPoints += depth.BasisPoints;
        _bought += expected.Bought;
        _discount += expected.Discount;
        _bySuppliers += expected.BySupplier;
        _margin += expected.Margin;
        _turnover += expected.Turnover;
        _beside += expected.Beside;
    }

    public WaveStatistics Sum() => new()
    {
        Customers = _customers.Sum(),
        HeldOut = _heldOut.Sum(),
        WithOffers = _withOffers.Sum(),
        Offers = _offers.Sum(),
        LeftAlone = _leftAlone,
        Segments = [.. Enumerable.Range(0, segments).Select(index => new SegmentCount(index, _customers[index], _heldOut[index], _withOffers[index], _offers[index]))],
        Slots = [.. Enumerable.Range(0, Kinds).Where(kind => _wanted[kind] > 0).Select(kind => new SlotCount((SlotKind)kind, _wanted[kind], _filled[kind]))],
        Candidates = _candidates,
        Refusals = Enumerable.Range(1, Refusals - 1).Where(refusal => _refusals[refusal] > 0).ToImmutableSortedDictionary(refusal => (OfferRefusal)refusal, refusal => _refusals[refusal]),
        EmptySlots = [.. from kind in Enumerable.Range(0, Kinds)
                         from refusal in Enumerable.Range(0, Refusals)
                         where _empty[kind, refusal] > 0
                         select new EmptySlotCount((SlotKind)kind, (OfferRefusal)refusal, _empty[kind, refusal])],
        Explored = _explored,
        CostAssumed = _costAssumed,
        DepthBasisPoints = _depthBasisPoints,
        ExpectedPurchases = _bought,
        ExpectedDiscountMinor = _discount,
        ExpectedBySuppliersMinor = _bySuppliers,
        ExpectedMarginMinor = _margin,
        ExpectedTurnoverMinor = _turnover,
        ExpectedBesideMinor = _beside,
        ChanceSum = _chance,
    };
}
