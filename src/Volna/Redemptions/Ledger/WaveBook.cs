using System.Numerics;
using System.Runtime.InteropServices;
using Volna.Offers.Plans;
using Volna.Redemptions.Life;
using Volna.Redemptions.Offline;

namespace Volna.Redemptions.Ledger;

/// <summary>
/// The rights of one wave, in memory: where each stands, and what its limits and budgets have left. Only rights that aren't free take room: two bits an
/// offer for customers who hold any. Every move names where the right came from; one that doesn't stand there is a mistake of ours and stops the till.
/// </summary>
sealed class WaveBook(string wave, long issued, TillRules rules)
{
    /// <summary>Places that fit into a mask; packs hold at most ten offers a customer.</summary>
    const int MostIndex = 63;

    readonly Dictionary<int, Held> _held = [];
    readonly long[] _counts = [issued, 0, 0, 0];
    readonly Dictionary<int, int> _ofCustomer = [];
    readonly Dictionary<long, int> _ofTarget = [];
    readonly Dictionary<string, int> _inStore = [];
    readonly Dictionary<int, int> _onDay = [];
    readonly Dictionary<string, long> _discounts = [];

    /// <summary>Discounts that the retailer pays, by business day.</summary>
    readonly Dictionary<int, long> _paidOnDay = [];
    readonly bool _limited = rules.Any;

    /// <summary>Extra uses that stand, as a bit for each number.</summary>
    readonly Dictionary<(int Customer, int Offer), ulong> _extra = [];
    readonly Dictionary<string, Slice> _leases = [];
    readonly Dictionary<string, long> _leasedDiscounts = [];
    long _points, _leasedUses, _leasedPoints, _extraUses;

    struct Held
    {
        public ulong Reserved, Redeemed, Expired;
    }

    public string Wave { get; } = wave;

    public TillRules Rules => rules;

    /// <summary>Issued = free + reserved + redeemed + expired.</summary>
    public RightCounts Counts => new(issued, _counts[0], _counts[1], _counts[2], _counts[3]);

    /// <summary>What the discounts and points of rights held come to.</summary>
    public (long Discount, long Points) Spent => (_discounts.Values.Sum(), _points);

    public RightState this[int customer, int index]
    {
        get
        {
            if (!_held.TryGetValue(customer, out var held)) return RightState.Free;
            var bit = 1UL << index;
            return (held.Redeemed & bit) != 0 ? RightState.Redeemed : (held.Reserved & bit) != 0 ? RightState.Reserved : RightState.Free;
        }
    }

    /// <summary>A customer's rights that aren't free, as masks of the offers' places.</summary>
    public (ulong Reserved, ulong Redeemed) HeldBy(int customer) => _held.TryGetValue(customer, out var held) ? (held.Reserved, held.Redeemed) : default;

    /// <summary>Books what a step of a receipt did to a right.</summary>
    /// <exception cref="InvalidOperationException">The right doesn't stand where the step took it from, or a limit would be overspent.</exception>
    public void Move(in Use use, string store, int day)
    {
        if (ExtraUse.Is(use.Index)) MoveExtra(use);
        else MoveRight(use);

        var wasHeld = use.Was is RightState.Reserved or RightState.Redeemed;
        var discount = (use.IsHeld ? use.Value.Discount : 0) - (wasHeld ? use.Before.Discount : 0);
        Add(_discounts, use.Payer, discount);
        if (rules.BudgetPerDay is not null && use.Payer.Length == 0) Add(_paidOnDay, day, discount);
        _points += (use.IsHeld ? use.Value.Points : 0) - (wasHeld ? use.Before.Points : 0);
        if (!_limited || wasHeld == use.IsHeld) return;
        var step = use.IsHeld ? 1 : -1;
        Add(_ofCustomer, use.Customer, step);
        Add(_ofTarget, use.Target, step);
        Add(_inStore, store, step);
        Add(_onDay, day, step);
    }

    /// <summary>The number for one more extra use of an offer.</summary>
    public int NextExtra(int customer, int offer) => ExtraUse.Of(offer, 1 + BitOperations.TrailingZeroCount(~_extra.GetValueOrDefault((customer, offer))));

    /// <summary>Keeps a slice of all limits and budgets aside for a store, in place of what was kept for it before; null gives it back.</summary>
    public void Lease(string store, Slice? slice)
    {
        if (_leases.Remove(store, out var before)) AddLeased(before, -1);
        if (slice is null) return;
        _leases[store] = slice;
        AddLeased(slice, 1);
    }

    /// <summary>A fair part of what is left of each limit and budget, for one of some stores: half of it divided by them, so that half stays for on-line tills.</summary>
    /// <param name="day">The first day on which it may be spent.</param>
    public (Slice Slice, IReadOnlyList<long> WithoutTargets) SliceFor(string store, int stores, int day)
    {
        var parts = 2L * Math.Max(1, stores);
        long? uses = null;
        void Limit(long? most, long used, long among)
        {
            if (most is not null) uses = Math.Min(uses ?? long.MaxValue, Math.Max(0, (most.Value - used) / among));
        }

        Limit(rules.MostPerWave, _counts[(int)RightState.Reserved] + _counts[(int)RightState.Redeemed] + _extraUses + _leasedUses, parts);
        Limit(rules.MostPerDay, _onDay.Where(one => one.Key >= day).Select(one => one.Value).DefaultIfEmpty().Max() + _leasedUses, parts);
        Limit(rules.MostPerStore, _inStore.GetValueOrDefault(store) + LeasedTo(store), 2);
        Limit(rules.MostPerTarget, _leasedUses, parts);
        var discounts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var payer in rules.SupplierBudgets.Keys.Append(""))
            if (Budget(payer) is { } budget)
                discounts[payer] = Math.Max(0, budget.Minor - _discounts.GetValueOrDefault(payer) - _leasedDiscounts.GetValueOrDefault(payer)) / parts;
        if (rules.BudgetPerDay is { } perDay)
        {
            var left = Math.Max(0, perDay.Minor - _paidOnDay.Where(one => one.Key >= day).Select(one => one.Value).DefaultIfEmpty().Max() - _leasedDiscounts.GetValueOrDefault("")) / parts;
            discounts[""] = Math.Min(left, discounts.GetValueOrDefault("", left));
        }

        var slice = new Slice { Uses = uses, Points = Math.Max(0, rules.PointsBudget?.Minor - _points - _leasedPoints ?? 0) / parts, Discounts = discounts };
        if (rules.PointsBudget is null) slice = slice with { Points = null };
        return (slice, [.. _ofTarget.Where(one => one.Value + _leasedUses + uses > rules.MostPerTarget).Select(one => one.Key).Order()]);
    }

    /// <summary>Whether an offer is spent, by its right or an extra use.</summary>
    public bool IsUsed(int customer, int offer) => this[customer, offer] == RightState.Redeemed || HasExtra(customer, offer);

    /// <summary>Whether a store gets a right for off-line times: it is free, and no extra use of it stands, so that there are never more than k.</summary>
    public bool CanBeLeased(int customer, int offer) => this[customer, offer] == RightState.Free && !HasExtra(customer, offer);

    bool HasExtra(int customer, int offer) => _extra.ContainsKey((customer, offer));

    void AddLeased(Slice slice, int sign)
    {
        _leasedUses += sign * (slice.Uses ?? 0);
        _leasedPoints += sign * (slice.Points ?? 0);
        foreach (var (payer, discount) in slice.Discounts) Add(_leasedDiscounts, payer, sign * discount);
    }

    long LeasedTo(string store) => _leases.TryGetValue(store, out var slice) ? slice.Uses ?? 0 : 0;

    void MoveExtra(in Use use)
    {
        var (was, offer, bit) = (use.Was is RightState.Reserved or RightState.Redeemed, (use.Customer, ExtraUse.Offer(use.Index)), ExtraUse.Bit(use.Index));
        var standing = _extra.GetValueOrDefault(offer);
        if ((standing & bit) != 0 != was)
            throw new InvalidOperationException($"Wave {Wave}, customer {use.Customer}, extra use {use.Index}: was to move from {use.Was} to {use.Is}, but is{(was ? " not" : "")} there.");
        standing = use.IsHeld ? standing | bit : standing & ~bit;
        _extraUses += (use.IsHeld ? 1 : 0) - (was ? 1 : 0);
        if (standing == 0) _extra.Remove(offer);
        else _extra[offer] = standing;
    }

    void MoveRight(in Use use)
    {
        if (use.Index > MostIndex) throw new InvalidOperationException($"Wave {Wave}, customer {use.Customer}: offer {use.Index} is beyond the {MostIndex + 1} that can be booked.");
        var standing = this[use.Customer, use.Index];
        if (standing != use.Was)
            throw new InvalidOperationException($"Wave {Wave}, customer {use.Customer}, offer {use.Index}: the right was to move from {use.Was} to {use.Is}, but is {standing}.");

        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, use.Customer, out _);
        var bit = 1UL << use.Index;
        held.Reserved = use.Is == RightState.Reserved ? held.Reserved | bit : held.Reserved & ~bit;
        held.Redeemed = use.Is == RightState.Redeemed ? held.Redeemed | bit : held.Redeemed & ~bit;
        // A receipt that comes late from its till may use a right that was given back after its time.
        _counts[(int)((held.Expired & bit) != 0 ? RightState.Expired : use.Was)]--;
        held.Expired = use.Is == RightState.Expired ? held.Expired | bit : held.Expired & ~bit;
        if ((held.Reserved | held.Redeemed | held.Expired) == 0) _held.Remove(use.Customer);
        _counts[(int)use.Is]++;
    }

    /// <summary>What keeps a customer from one more use now; <see cref="TillRefusal.None"/> if nothing does.</summary>
    /// <param name="before">Uses of the same wave that the same receipt takes before this one.</param>
    public TillRefusal Refusal(in Use use, string store, int day, ReadOnlySpan<Use> before)
    {
        if (!_limited) return TillRefusal.None;
        int count = 1, ofTarget = 1;
        long discount = use.Value.Discount, points = use.Value.Points;
        foreach (var other in before)
        {
            if (other.Wave != Wave) continue;
            count++;
            points += other.Value.Points;
            if (other.Target == use.Target) ofTarget++;
            if (other.Payer == use.Payer) discount += other.Value.Discount;
        }

        if (_ofCustomer.GetValueOrDefault(use.Customer) + count > rules.MostPerCustomer) return TillRefusal.CustomerLimit;
        if (_ofTarget.GetValueOrDefault(use.Target) + ofTarget + _leasedUses > rules.MostPerTarget) return TillRefusal.TargetLimit;
        if (_counts[(int)RightState.Reserved] + _counts[(int)RightState.Redeemed] + _extraUses + _leasedUses + count > rules.MostPerWave) return TillRefusal.WaveLimit;
        if (_inStore.GetValueOrDefault(store) + LeasedTo(store) + count > rules.MostPerStore) return TillRefusal.StoreLimit;
        if (_onDay.GetValueOrDefault(day) + _leasedUses + count > rules.MostPerDay) return TillRefusal.DayLimit;
        if (Budget(use.Payer) is { } budget && _discounts.GetValueOrDefault(use.Payer) + _leasedDiscounts.GetValueOrDefault(use.Payer) + discount > budget.Minor) return TillRefusal.BudgetSpent;
        if (use.Payer.Length == 0 && _paidOnDay.GetValueOrDefault(day) + _leasedDiscounts.GetValueOrDefault("") + discount > rules.BudgetPerDay?.Minor) return TillRefusal.DayBudgetSpent;
        if (_points + _leasedPoints + points > rules.PointsBudget?.Minor) return TillRefusal.BudgetSpent;
        return TillRefusal.None;
    }

    /// <summary>Looks whether the rights add up and no limit is overspent.</summary>
    /// <exception cref="InvalidOperationException">They don't; the message has the values.</exception>
    public void Check()
    {
        var counts = Counts;
        if (counts.Free < 0 || counts.Reserved < 0 || counts.Redeemed < 0 || counts.Expired < 0 || counts.Free + counts.Reserved + counts.Redeemed + counts.Expired != counts.Issued)
            throw new InvalidOperationException($"Wave {Wave}: the rights don't add up: {counts}.");
        if (counts.Reserved + counts.Redeemed + _extraUses + _leasedUses > rules.MostPerWave)
            throw new InvalidOperationException($"Wave {Wave}: {counts} with {_extraUses} extra uses and {_leasedUses} leased ones is over the wave's limit of {rules.MostPerWave}.");
        foreach (var (payer, spent) in _discounts)
            if (spent < 0 || spent + _leasedDiscounts.GetValueOrDefault(payer) > Budget(payer)?.Minor)
                throw new InvalidOperationException($"Wave {Wave}: discounts paid by '{payer}' come to {spent}, the budget is {Budget(payer)?.Minor}.");
        foreach (var (day, paid) in _paidOnDay)
            if (paid < 0 || paid > rules.BudgetPerDay?.Minor)
                throw new InvalidOperationException($"Wave {Wave}: discounts of {DateOnly.FromDayNumber(day):yyyy-MM-dd} come to {paid}, the budget of a day is {rules.BudgetPerDay?.Minor}.");
    }

    Money? Budget(string payer) => payer.Length == 0 ? rules.Budget : rules.SupplierBudgets.TryGetValue(payer, out var budget) ? budget : null;

    static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int step)
        where TKey : notnull => CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) += step;

    static void Add<TKey>(Dictionary<TKey, long> sums, TKey key, long amount)
        where TKey : notnull => CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _) += amount;
}

/// <summary>Where the rights of a wave stand.</summary>
public readonly record struct RightCounts(long Issued, long Free, long Reserved, long Redeemed, long Expired);
