using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Learning.Portraits;
using Volna.Offers.Allocation;
using Volna.Offers.Filter;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Offers.Choice;

/// <summary>Gives a customer's candidates on the morning of a day, likeliest first; see <see cref="DemandModel.Score"/>.</summary>
delegate void Scoring(CustomerHistory history, DateOnly day, List<Candidate> candidates, int homeStore);

/// <summary>
/// Filters and values one customer's candidates: each ends refused with a reason, or as something she may be offered, with what it is expected to bring
/// and to cost at each depth. The same whatever the order of customers; one instance serves one thread.
/// </summary>
sealed class OfferValuation
{
    public const int Kinds = 8;

    readonly Plan _plan;
    readonly Goods _goods;
    readonly SharedLimits _limits;
    readonly bool _hasBudgets;
    readonly Trial _trial;
    readonly OptionSieve? _sieve;
    readonly ImmutableArray<ImmutableArray<int>> _slotsByKind;
    readonly Eligibility _eligibility;
    readonly Scoring _score;
    readonly PortraitFinder? _portraits;
    readonly ulong _seed;
    readonly Period _validity;
    readonly double _windows;
    readonly PricedLadder?[] _ladders;

    // What a purchase more is worth beside margin and turnover; null where the plan asks for nothing of it.
    readonly BesideWorth? _beside;
    readonly TriedOutcome? _margins;
    readonly CustomerChoice? _choice;
    readonly GoodPrices? _free;
    double _usualMarginMinor;

    readonly CustomerFacts _facts = new();
    readonly UsualReceipts _receipts = new();
    readonly List<Candidate> _candidates = [];
    readonly List<OfferRefusal> _refusals = [];
    readonly int[,] _refusedByKind = new int[Kinds, 128];
    readonly List<SlotKind> _also = [];
    readonly int[] _ofBrand, _ofPriceLevel = new int[Goods.PriceLevels];

    // Places in the list of refusals of those that were valued.
    readonly List<int> _valued = [];
    bool[] _kept = [];
    readonly int[] _slots = new int[Kinds], _newToHer = new int[Kinds];

    /// <param name="prices">Between which prices it will be shared out: options that are needed at none are left out. Null to keep all.</param>
    /// <param name="modelWindowDays">The days for which the candidates' chances hold.</param>
    public OfferValuation(Plan plan, Goods goods, SharedLimits limits, PriceRange? prices, Trial trial, Period validity, ulong seed, int modelWindowDays, Scoring score, PortraitFinder? portraits = null)
    {
        _plan = plan;
        _goods = goods;
        _limits = limits;
        _hasBudgets = limits.Limits.Any(limit => limit.Counts == LimitUnit.Money);
        _trial = trial;
        _eligibility = new Eligibility(goods, plan, validity.Start);
        _score = score;
        _portraits = portraits;
        _seed = seed;
        _validity = validity;
        _windows = (double)validity.Days / modelWindowDays;
        _ofBrand = new int[goods.Brands + 1];
        var problem = limits.Problem(plan, []);
        _slotsByKind = problem.Slots;
        if (prices is not null) _sieve = new OptionSieve(problem, prices);
        _ladders = Array.ConvertAll(DepthsOf(plan), depths => depths is null ? null : new PricedLadder(goods, limits, _eligibility, depths, _sieve));
        if (plan.SlotKinds.Values.Any(terms => terms.Pull != 0) || plan.MessageCost > 0) _margins = new TriedOutcome(goods.Catalog, plan.AssumedCost);
        if (BesideWorth.IsAskedFor(plan)) _beside = new BesideWorth(plan, goods, _windows);
        if (plan.MessageCost > 0) (_choice, _free) = (new CustomerChoice(problem), new GoodPrices(problem, new double[problem.Limits.Length]));
    }

    /// <summary>The ladder of each kind of slot that the plan values.</summary>
    public static DepthChoice?[] DepthsOf(Plan plan)
    {
        var depths = new DepthChoice?[Kinds];
        foreach (var (kind, terms) in plan.SlotKinds) depths[(int)kind] = new DepthChoice(plan.StepsOf(kind), terms);
        return depths;
    }

    /// <summary>The candidates of the customer valued last, likeliest first, with the reason against each, or <see cref="OfferRefusal.None"/>.</summary>
    public IEnumerable<(Candidate Candidate, OfferRefusal Refusal)> Judged => _candidates.Zip(_refusals);

    /// <summary>Values one customer's candidates.</summary>
    /// <param name="past">What she was offered before.</param>
    /// <param name="tally">Counts the candidates and those that are refused.</param>
    /// <param name="block">Gets her as its last customer.</param>
    /// <param name="ghosts">Gets her if she is held out and the trial looks at her, with what she would be offered otherwise; null to leave that out.</param>
    public void Value(in CustomerProfile profile, CustomerHistory history, PastOffers past, WaveTally tally, ValuedBlockBuilder block, ValuedBlockBuilder? ghosts = null)
    {
        var lines = history.Before(_validity.Start);
        var segment = SegmentOf(lines);
        var heldOut = WaveHoldout.Includes(_seed, _plan.HoldoutShare, profile.KeyHash);
        Clear();
        if (heldOut && ghosts is not null && _trial.LooksAtHeldOut(profile.KeyHash))
        {
            Filter(profile, history, lines, segment, past, ghosts);
            ghosts.Add(new ValuedCustomer(profile.Id, profile.KeyHash, segment, _facts.MainStore, true, default, (float)_usualMarginMinor));
            Clear();
        }

        if (!heldOut)
        {
            Filter(profile, history, lines, segment, past, block);
            tally.Candidates(_refusals);
        }

        block.Add(new ValuedCustomer(
            profile.Id, profile.KeyHash, segment, heldOut ? 0 : _facts.MainStore, heldOut, CommonestRefusals(), heldOut ? 0 : (float)_usualMarginMinor)
        {
            Closed = heldOut ? Channels.None : past.Closed,
        });
    }

    void Clear()
    {
        _candidates.Clear();
        _refusals.Clear();
        Array.Clear(_refusedByKind);
    }

    void Filter(in CustomerProfile profile, CustomerHistory history, ReadOnlySpan<PurchaseLine> lines, int segment, PastOffers past, ValuedBlockBuilder block)
    {
        _facts.Take(profile, lines, _goods.Catalog);
        if (_plan.NotDisturbedFrom is not null) _facts.FindBaseConversion(lines, _validity.Start, _validity.Days);
        // What she left before a wave was learnt from is looked up in as many days.
        _usualMarginMinor = (float)(_margins?.MarginOf(history.Within(new Period(_validity.Start.AddDays(-ResponseJob.UsualDays), _validity.Start))) ?? 0) * _validity.Days / ResponseJob.UsualDays;
        _score(history, _validity.Start, _candidates, profile.HomeStore.Value);
        _beside?.Take(CollectionsMarshal.AsSpan(_candidates));
        _valued.Clear();
        Filter(_plan.Segments[segment].Slots.AsSpan(), past, block);
        if (_slots[(int)SlotKind.Basket] > 0) FilterBasket(lines, past, block);
        if (_choice is not null && IsNotWorthMessage(segment, block)) LeaveAlone(block);
        else if (_sieve is not null) Sift(_sieve, segment, block);
    }

    int SegmentOf(ReadOnlySpan<PurchaseLine> lines)
    {
        for (var index = 0; index < _plan.Segments.Length; index++)
            if (_plan.Segments[index].When?.Fits(_validity.Start, lines, _goods.Catalog, _portraits) ?? true)
                return index;
        throw new InvalidOperationException("The plan's last segment must fit everybody.");
    }

    /// <summary>Whether the best of what she may be offered is worth less than being written to costs. Limits aren't asked, so it errs on the side of writing; what is promised is kept.</summary>
    bool IsNotWorthMessage(int segment, ValuedBlockBuilder block)
    {
        var options = CollectionsMarshal.AsSpan(block.Options);
        if (options.IsEmpty) return false;
        foreach (ref readonly var option in options)
            if (_limits.IsPromised(option.Good))
                return false;
        return _choice!.Choose(options, _slotsByKind[segment], _free!) < 1_000 * _plan.MessageCost * _usualMarginMinor;
    }

    void LeaveAlone(ValuedBlockBuilder block)
    {
        // It is why her slots stay empty, whatever stood against other candidates.
        foreach (ref readonly var candidate in CollectionsMarshal.AsSpan(block.Candidates)) _refusedByKind[(int)candidate.Kind, (int)OfferRefusal.NotWorthMessage] = _candidates.Count + 1;
        foreach (var place in _valued) _refusals[place] = OfferRefusal.NotWorthMessage;
        block.Candidates.Clear();
        block.Options.Clear();
    }

    /// <summary>Leaves out what is needed at none of the prices, and gives the reason for candidates of which nothing is left.</summary>
    void Sift(OptionSieve sieve, int segment, ValuedBlockBuilder block)
    {
        var options = CollectionsMarshal.AsSpan(block.Options);
        var candidates = CollectionsMarshal.AsSpan(block.Candidates);
        if (_kept.Length < options.Length) _kept = new bool[2 * options.Length];
        sieve.Sift(options, _slotsByKind[segment], _kept.AsSpan(0, options.Length));
        var (keptCandidates, keptOptions, at) = (0, 0, 0);
        for (var place = 0; place < candidates.Length; place++)
        {
            var (candidate, before) = (candidates[place], keptOptions);
            for (; at < options.Length && _limits.ProductOf(options[at].Good) == candidate.Product && options[at].Kind == (int)candidate.Kind; at++)
                if (_kept[at]) options[keptOptions++] = options[at];

            if (keptOptions > before)
            {
                _valued[keptCandidates] = _valued[place];
                candidates[keptCandidates++] = candidate;
                continue;
            }

            _refusals[_valued[place]] = OfferRefusal.Outranked;
            _refusedByKind[(int)candidate.Kind, (int)OfferRefusal.Outranked]++;
        }

        // A product may be left in another kind of slot.
        for (var place = 0; place < keptCandidates; place++) _refusals[_valued[place]] = OfferRefusal.None;
        CollectionsMarshal.SetCount(block.Candidates, keptCandidates);
        CollectionsMarshal.SetCount(block.Options, keptOptions);
    }

    /// <summary>Finds the reason against each candidate, or values it for the kinds of slots that it fits.</summary>
    void Filter(ReadOnlySpan<Slot> slots, PastOffers past, ValuedBlockBuilder block)
    {
        Array.Clear(_slots);
        Array.Clear(_newToHer);
        Array.Clear(_ofBrand);
        Array.Clear(_ofPriceLevel);
        foreach (var slot in slots) _slots[(int)slot.Kind] += slot.Count;
        var ofHer = _eligibility.Check(_facts, past);
        foreach (ref readonly var candidate in CollectionsMarshal.AsSpan(_candidates))
        {
            var main = KindOf(candidate);
            var refusal = ofHer != OfferRefusal.None ? ofHer : _eligibility.CheckProduct(candidate.Product, _facts, past);
            if (refusal == OfferRefusal.None) refusal = CheckVariety(candidate.Product);
            FindOtherKinds(candidate, main);
            if (refusal != OfferRefusal.None)
            {
                _refusedByKind[(int)main, (int)refusal]++;
                foreach (var kind in _also) _refusedByKind[(int)kind, (int)refusal]++;
            }
            else
            {
                // The model's window and the wave's validity differ: at a steady rate the chance of no purchase is a power of the other's.
                var chance = (float)Math.Min(1 - Math.Pow(1 - candidate.Chance, _windows), 0.999999);
                var isFirst = main == SlotKind.Discovery;
                refusal = _slots[(int)main] > 0 ? Value(candidate, chance, main, isFirst, block) : OfferRefusal.NoSlotOfItsKind;
                foreach (var kind in _also)
                    if (Value(candidate, chance, kind, isFirst, block) is var other && refusal != OfferRefusal.None)
                        refusal = other;
                if (refusal is OfferRefusal.None or OfferRefusal.LimitReached) Count(candidate.Product);
            }

            _refusals.Add(refusal);
        }
    }

    /// <summary>The same for her whole basket.</summary>
    void FilterBasket(ReadOnlySpan<PurchaseLine> lines, PastOffers past, ValuedBlockBuilder block)
    {
        var depths = _ladders[(int)SlotKind.Basket]!.Depths;
        var (refusal, terms) = (_eligibility.Check(_facts, past), default(BasketTerms));
        if (refusal == OfferRefusal.None)
        {
            _receipts.Take(lines, _goods, _validity.Start);
            refusal = _eligibility.CheckBasket(_facts, past, _receipts, _validity.Days, depths.Terms, depths.Steps[0], out terms);
        }

        var candidate = new Candidate(Candidate.WholeBasket, CandidateKind.Discovery, terms.Chance, CandidateReason.LargerBasket, (int)Math.Min(terms.Least.Minor, int.MaxValue));
        _candidates.Add(candidate);
        if (refusal == OfferRefusal.None)
        {
            Span<Rung> rungs = stackalloc Rung[depths.Steps.Length];
            refusal = AddOptions(candidate with { Because = block.Baskets.Count }, SlotKind.Basket, terms.Chance, isFirst: false, 0, terms.Price, rungs[..depths.Reduce(terms.Price, rungs)], block);
            block.Baskets.Add(terms.Price);
        }

        if (refusal != OfferRefusal.None) _refusedByKind[(int)SlotKind.Basket, (int)refusal]++;
        _refusals.Add(refusal);
    }

    /// <summary>
    /// No more of a brand, or of a price level, than she may be offered are looked at: her likeliest ones, which come first. So the rule holds whatever is chosen
    /// of them, and sharing out needs to know nothing of it.
    /// </summary>
    OfferRefusal CheckVariety(int product)
    {
        ref readonly var facts = ref _goods[product];
        if (facts.Brand != 0 && _ofBrand[facts.Brand] >= _plan.MostPerBrand) return OfferRefusal.BrandFull;
        return _ofPriceLevel[facts.PriceLevel] >= _plan.MostPerPriceLevel ? OfferRefusal.PriceLevelFull : OfferRefusal.None;
    }

    void Count(int product)
    {
        _ofBrand[_goods[product].Brand]++;
        _ofPriceLevel[_goods[product].PriceLevel]++;
    }

    /// <param name="chance">That she buys without an offer, within the wave's validity.</param>
    /// <param name="isFirst">She never bought it.</param>
    OfferRefusal Value(in Candidate candidate, float chance, SlotKind kind, bool isFirst, ValuedBlockBuilder block)
    {
        var tier = kind == SlotKind.Discovery && _facts.KnowsCategory(new CategoryId(_goods[candidate.Product].Category)) ? 1 : 0;
        var refusal = _ladders[(int)kind]!.Check(candidate.Product, _facts.MainStore, chance, out var terms, out var rungs);
        if (refusal == OfferRefusal.None) refusal = AddOptions(candidate, kind, chance, isFirst, tier, terms, rungs, block);
        if (refusal != OfferRefusal.None) _refusedByKind[(int)kind, (int)refusal]++;
        return refusal;
    }

    /// <summary>Adds the depths at which an offer is worth anything; the shallower of two equally good ones.</summary>
    OfferRefusal AddOptions(in Candidate candidate, SlotKind kind, float chance, bool isFirst, int tier, in PriceTerms terms, ReadOnlySpan<Rung> rungs, ValuedBlockBuilder block)
    {
        var depths = _ladders[(int)kind]!.Depths;
        Span<Expectation> expected = stackalloc Expectation[rungs.Length];
        var besideMinor = _beside?.Of(candidate.Product, chance, isFirst, depths.Terms) ?? 0;
        depths.Expect(chance, terms, rungs, expected, _usualMarginMinor, besideMinor);
        var decision = depths.Decide(expected);
        var good = _limits.GoodOf(candidate.Product, _facts.MainStore);
        var promised = _limits.IsPromised(good);
        if (decision.Gain < PricedLadder.LeastGainMinor && !promised) return OfferRefusal.NoGain;
        // Goods from categories new to her go first, as far as there are any.
        if (tier == 1 && _newToHer[(int)kind] >= _slots[(int)kind] && !promised) return OfferRefusal.Outranked;
        var before = block.Options.Count;
        var drawn = DepthChoice.Explore(decision.Allowed, _plan.ExplorationShare, new Draw(_seed, "explore", _facts.Profile.KeyHash ^ (ulong)candidate.Product));
        if (drawn is { } rung)
        {
            // Taken as gladly as at its best depth, so that what is learnt is true of all who may be offered it.
            Add(Option(good, kind, rungs[rung].Step, decision.Gain, expected[rung]));
        }
        else
        {
            var best = promised ? double.NegativeInfinity : 0;
            for (var at = 0; at < expected.Length; at++)
            {
                var gain = depths.Gain(expected[at]);
                if (gain <= best) continue;
                best = gain;
                Add(Option(good, kind, rungs[at].Step, gain, expected[at]));
            }
        }

        if (block.Options.Count == before) return OfferRefusal.LimitReached;
        if (tier == 0) _newToHer[(int)kind]++;
        _valued.Add(_refusals.Count);
        block.Candidates.Add(new ValuedCandidate(candidate.Product, chance, candidate.Because, candidate.Reason, kind, drawn is { } tried ? (byte)rungs[tried].Step : ValuedCandidate.NotDrawn, (byte)tier, besideMinor));
        return OfferRefusal.None;

        void Add(in Option option)
        {
            // What costs more than an option holds would count against a budget with less than it costs.
            if (_hasBudgets && option.CostMilli == int.MaxValue) return;
            if (_sieve is null || _sieve.MayCount(option)) block.Options.Add(option);
        }
    }

    static Option Option(int good, SlotKind kind, int step, double gain, in Expectation expected) => new(
        good, (int)kind, step, (int)Math.Clamp(gain * 1_000, int.MinValue, int.MaxValue), (int)Math.Min(Math.Ceiling(expected.Discount * 1_000), int.MaxValue));

    ulong CommonestRefusals()
    {
        var packed = 0UL;
        for (var kind = Kinds - 1; kind >= 0; kind--) packed = (packed << 8) | (byte)CommonestRefusal((SlotKind)kind);
        return packed;
    }

    /// <summary>Why too little was left for a kind of slot: the commonest refusal, or none where there were too few candidates.</summary>
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

    /// <summary>The kinds of slots of her segment that it fits besides its main one.</summary>
    void FindOtherKinds(in Candidate candidate, SlotKind main)
    {
        _also.Clear();
        if (_slots[(int)SlotKind.Margin] > 0 && HasHigherMargin(candidate.Product)) _also.Add(SlotKind.Margin);
        if (_slots[(int)SlotKind.Supplier] > 0 && _goods[candidate.Product].InCampaign) _also.Add(SlotKind.Supplier);
        if (_slots[(int)SlotKind.Complement] > 0 && main == SlotKind.Discovery && candidate.Reason == CandidateReason.GoesWith) _also.Add(SlotKind.Complement);
        if (_slots[(int)SlotKind.Points] > 0) _also.Add(SlotKind.Points);
    }

    /// <summary>Earns a higher share of its price than what she usually buys; assumed costs prove nothing.</summary>
    bool HasHigherMargin(int product) => _goods.MarginShare(product, _facts.MainStore) > _facts.UsualMargin;
}
