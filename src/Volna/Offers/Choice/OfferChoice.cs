using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Offers.Choice;

/// <summary>Gives a customer's candidates on the morning of a day, likeliest first; see <see cref="DemandModel.Score"/>.</summary>
delegate void Scoring(CustomerHistory history, DateOnly day, List<Candidate> candidates);

/// <summary>
/// One customer's offers: candidates, filtered first; what is left is valued for each kind of slot it fits, and the segment's slots are filled in order
/// with the highest gains, never more of a category than the plan allows. Every candidate ends offered or with a reason, every slot filled or empty
/// with a reason. The same whatever the order of customers; one instance serves one thread.
/// </summary>
sealed class OfferChoice
{
    const int Kinds = 4;

    readonly Plan _plan;
    readonly Goods _goods;
    readonly Eligibility _eligibility;
    readonly Scoring _score;
    readonly ulong _seed;
    readonly Period _validity;
    readonly double _windows;
    readonly DepthChoice?[] _depths = new DepthChoice?[Kinds];

    readonly CustomerFacts _facts = new();
    readonly List<Candidate> _candidates = [];
    readonly List<OfferRefusal> _refusals = [];
    readonly List<Valued> _valued = [];
    readonly List<Ranked>[] _ranked = [[], [], [], []];
    readonly int[,] _refusedByKind = new int[Kinds, 128];
    readonly Dictionary<int, int> _inCategory = [];
    readonly bool[] _wanted = new bool[Kinds];

    /// <param name="modelWindowDays">The days for which the candidates' chances hold.</param>
    public OfferChoice(Plan plan, Goods goods, Period validity, ulong seed, int modelWindowDays, Scoring score)
    {
        _plan = plan;
        _goods = goods;
        _eligibility = new Eligibility(goods, plan, validity.Start);
        _score = score;
        _seed = seed;
        _validity = validity;
        _windows = (double)validity.Days / modelWindowDays;
        foreach (var (kind, terms) in plan.SlotKinds) _depths[(int)kind] = new DepthChoice(plan.StepsOf(kind), terms);
    }

    /// <summary>What became of each candidate of the customer decided last; for those who ask why.</summary>
    public IEnumerable<(Candidate Candidate, OfferRefusal Refusal)> Judged => _candidates.Zip(_refusals);

    /// <summary>True for the customers who get nothing, so that the effect can be measured: the same ones on every machine.</summary>
    public static bool IsHeldOut(ulong seed, double share, ulong keyHash) => new Draw(seed, "holdout", keyHash).NextUnit() < share;

    /// <summary>Decides one customer's offers.</summary>
    /// <param name="past">What she was offered before.</param>
    /// <param name="tally">Counts it all.</param>
    public Assignment Decide(in CustomerProfile profile, CustomerHistory history, PastOffers past, WaveTally tally)
    {
        var lines = history.Before(_validity.Start);
        var segment = SegmentOf(lines);
        var heldOut = IsHeldOut(_seed, _plan.HoldoutShare, profile.KeyHash);
        var offers = new List<Offer>();
        _candidates.Clear();
        _refusals.Clear();
        if (!heldOut)
        {
            _facts.Take(profile, lines, _goods.Catalog);
            _score(history, _validity.Start, _candidates);
            var slots = _plan.Segments[segment].Slots;
            Filter(slots.AsSpan(), past);
            foreach (var slot in slots) Fill(slot, offers, tally);
            foreach (var refusal in _refusals) tally.Judge(refusal);
        }

        tally.Assign(segment, heldOut, offers.Count);
        return new Assignment(profile.Id, profile.KeyHash, segment, heldOut, offers);
    }

    int SegmentOf(ReadOnlySpan<PurchaseLine> lines)
    {
        for (var index = 0; index < _plan.Segments.Length; index++)
            if (_plan.Segments[index].When?.Fits(_validity.Start, lines, _goods.Catalog) ?? true)
                return index;
        throw new InvalidOperationException("The plan's last segment must fit everybody.");
    }

    /// <summary>Finds the reason against each candidate, or ranks it for the kinds of slots that it fits.</summary>
    void Filter(ReadOnlySpan<Slot> slots, PastOffers past)
    {
        Array.Clear(_wanted);
        Array.Clear(_refusedByKind);
        _inCategory.Clear();
        foreach (var slot in slots) _wanted[(int)slot.Kind] = true;
        _valued.Clear();
        foreach (var ranked in _ranked) ranked.Clear();

        for (var index = 0; index < _candidates.Count; index++)
        {
            var candidate = _candidates[index];
            var main = KindOf(candidate);
            var refusal = _eligibility.Check(candidate.Product, _facts, past);
            if (refusal == OfferRefusal.None)
            {
                refusal = OfferRefusal.NoSlotOfItsKind;
                if (_wanted[(int)main]) refusal = Rank(index, main);
                if (_wanted[(int)SlotKind.Margin] && HasHigherMargin(candidate.Product) && Rank(index, SlotKind.Margin) is var asMargin && refusal != OfferRefusal.None) refusal = asMargin;
            }
            else
            {
                _refusedByKind[(int)main, (int)refusal]++;
                if (_wanted[(int)SlotKind.Margin] && HasHigherMargin(candidate.Product)) _refusedByKind[(int)SlotKind.Margin, (int)refusal]++;
            }

            // Ranked ones are outranked until a slot takes them.
            _refusals.Add(refusal == OfferRefusal.None ? OfferRefusal.Outranked : refusal);
        }

        foreach (var ranked in _ranked) ranked.Sort();
    }

    OfferRefusal Rank(int index, SlotKind kind)
    {
        var depths = _depths[(int)kind]!;
        var candidate = _candidates[index];
        var refusal = _eligibility.CheckPrice(candidate.Product, _facts.MainStore, depths.Steps[0], out var terms);
        if (refusal != OfferRefusal.None)
        {
            _refusedByKind[(int)kind, (int)refusal]++;
            return refusal;
        }

        // The model's window and the wave's validity differ: at a steady rate the chance of no purchase is a power of the other's.
        var chance = Math.Min(1 - Math.Pow(1 - candidate.Chance, _windows), 0.999999);
        var decision = depths.Decide(chance, terms);
        var tier = kind == SlotKind.Discovery && _facts.KnowsCategory(_goods.Catalog.Product(candidate.Product).Category) ? 1 : 0;
        _ranked[(int)kind].Add(new Ranked(decision.Gain, tier, _goods[candidate.Product].KeyRank, _valued.Count));
        _valued.Add(new Valued(index, chance, terms, decision));
        return OfferRefusal.None;
    }

    void Fill(Slot slot, List<Offer> offers, WaveTally tally)
    {
        var depths = _depths[(int)slot.Kind]!;
        var filled = 0;
        foreach (var ranked in _ranked[(int)slot.Kind])
        {
            if (filled == slot.Count) break;
            var valued = _valued[ranked.Place];
            if (_refusals[valued.Index] == OfferRefusal.None) continue;
            var candidate = _candidates[valued.Index];
            var category = _goods.Catalog.Product(candidate.Product).Category.Value;
            // Goods without a category aren't alike for that.
            ref var alike = ref CollectionsMarshal.GetValueRefOrAddDefault(_inCategory, category, out _);
            if (category != 0 && alike == _plan.MostPerCategory)
            {
                _refusals[valued.Index] = OfferRefusal.CategoryFull;
                _refusedByKind[(int)slot.Kind, (int)OfferRefusal.CategoryFull]++;
                continue;
            }

            alike++;
            filled++;
            _refusals[valued.Index] = OfferRefusal.None;
            var (step, propensity) = DepthChoice.Explore(
                valued.Decision, _plan.ExplorationShare, new Draw(_seed, "explore", _facts.Profile.KeyHash ^ (ulong)candidate.Product));
            offers.Add(new Offer
            {
                Customer = _facts.Profile.Id,
                Index = offers.Count,
                TargetKind = TargetKind.Product,
                Target = candidate.Product,
                Depth = depths.Steps[step],
                Slot = slot.Kind,
                Reason = candidate.Reason,
                Because = candidate.Because,
                Propensity = propensity,
                Floor = valued.Terms.Floor,
                RegularPrice = valued.Terms.Price,
            });
            tally.Offer(depths.Steps[step], step != valued.Decision.Best, valued.Terms.CostAssumed, depths.Expect(valued.Chance, valued.Terms, step));
        }

        tally.Slot(slot.Kind, slot.Count, filled, CommonestRefusal(slot.Kind));
    }

    /// <summary>Why nothing was left for a kind of slot: the commonest refusal, or none where there were too few candidates.</summary>
    OfferRefusal CommonestRefusal(SlotKind kind)
    {
        var commonest = 0;
        for (var refusal = 1; refusal < _refusedByKind.GetLength(1); refusal++)
            if (_refusedByKind[(int)kind, refusal] > (commonest == 0 ? 0 : _refusedByKind[(int)kind, commonest]))
                commonest = refusal;
        return (OfferRefusal)commonest;
    }

    SlotKind KindOf(in Candidate candidate)
    {
        if (candidate.Kind == CandidateKind.Discovery || !_facts.TryBought(candidate.Product, out var bought)) return SlotKind.Discovery;
        return bought.RhythmDays is { } rhythm && _validity.Start.DayNumber - bought.LastDay is var silent && silent >= _plan.LapsedAfterDays && silent >= 2 * rhythm
            ? SlotKind.Winback
            : SlotKind.Habit;
    }

    /// <summary>Earns a higher share of its price than what she usually buys; assumed costs prove nothing.</summary>
    bool HasHigherMargin(int number)
    {
        var product = _goods.Catalog.Product(number);
        return product.Cost is { } cost && _facts.UsualMargin is { } usual && _goods.Catalog.Price(number, _facts.MainStore) is { Minor: > 0 } price
            && (double)(price - cost).Minor / price.Minor > usual;
    }

    /// <summary>A candidate that may be offered in a kind of slot.</summary>
    /// <param name="Index">Among the candidates.</param>
    readonly record struct Valued(int Index, double Chance, PriceTerms Terms, DepthDecision Decision);

    /// <summary>Its rank, small, because it is sorted: as slots take them.</summary>
    /// <param name="Place">Among the valued ones.</param>
    readonly record struct Ranked(double Gain, int Tier, int KeyRank, int Place) : IComparable<Ranked>
    {
        public int CompareTo(Ranked other)
        {
            var order = Tier.CompareTo(other.Tier);
            if (order == 0) order = other.Gain.CompareTo(Gain);
            return order == 0 ? KeyRank.CompareTo(other.KeyRank) : order;
        }
    }
}

/// <summary>A customer's part in a wave.</summary>
readonly record struct Assignment(CustomerId Customer, ulong KeyHash, int Segment, bool HeldOut, List<Offer> Offers);
