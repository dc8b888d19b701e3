using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Offers.Allocation;
using Volna.Offers.Filter;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Offers.Choice;

/// <summary>
/// Makes a customer's offers of what was shared out to her, in the order of her segment's slots, and finds for each other candidate and each empty slot the
/// reason. One instance serves one thread.
/// </summary>
/// <param name="prices">Of the wave's limits.</param>
sealed class OfferAssembly(Plan plan, Goods goods, SharedLimits limits, DateOnly day, GoodPrices prices)
{
    readonly Eligibility _eligibility = new(goods, plan, day);
    readonly DepthChoice?[] _depths = OfferValuation.DepthsOf(plan);
    readonly List<(int Tier, double Counts, int KeyRank, int Place, Option Option)> _chosen = [];
    readonly Dictionary<int, int> _inCategory = [];
    readonly HashSet<int> _offered = [];

    // Where each candidate's options start.
    int[] _starts = [];

    // Of the block at work.
    PriceTerms[] _baskets = [];

    /// <summary>Why each of the candidates assembled last isn't offered, or <see cref="OfferRefusal.None"/>; one entry for each product.</summary>
    public List<(int Product, OfferRefusal Refusal)> Judged { get; } = [];

    /// <summary>The offers of the customer assembled last, as a trial keeps them.</summary>
    public List<TrialOffer> Tried { get; } = [];

    /// <summary>What a held-out customer would get at the wave's prices; it never becomes an offer, only <see cref="Tried"/> tells it.</summary>
    /// <param name="block">As valued for the trial.</param>
    /// <param name="customer">Her place there.</param>
    public void AssembleGhosts(ValuedBlock block, int customer, CustomerChoice choice, ImmutableArray<ImmutableArray<int>> slots)
    {
        var heldOut = block.Customers[customer];
        choice.Choose(block.OptionsOf(customer), slots[heldOut.Segment], prices);
        var chosen = choice.Chosen.ConvertAll(place => (ushort)place);
        _baskets = block.Baskets;
        Assemble(heldOut with { HeldOut = false }, block.CandidatesOf(customer), block.OptionsOf(customer), CollectionsMarshal.AsSpan(chosen), new WaveTally(plan.Segments.Length));
        foreach (ref var offer in CollectionsMarshal.AsSpan(Tried)) offer = offer with { IsGhost = true };
    }

    /// <param name="customer">Her place in the block.</param>
    /// <param name="chosen">Places of the chosen among the options.</param>
    public Assignment Assemble(ValuedBlock block, int customer, ReadOnlySpan<ushort> chosen, WaveTally tally)
    {
        _baskets = block.Baskets;
        return Assemble(block.Customers[customer], block.CandidatesOf(customer), block.OptionsOf(customer), chosen, tally);
    }

    Assignment Assemble(in ValuedCustomer customer, ReadOnlySpan<ValuedCandidate> candidates, ReadOnlySpan<Option> options, ReadOnlySpan<ushort> chosen, WaveTally tally)
    {
        var offers = new List<Offer>(chosen.Length);
        Judged.Clear();
        Tried.Clear();
        var (nothingPays, limited) = (false, false);
        if (!customer.HeldOut)
        {
            FindStarts(candidates, options);
            Sort(candidates, options, chosen);
            foreach (var slot in plan.Segments[customer.Segment].Slots)
            {
                var filled = 0;
                foreach (var (_, _, _, place, option) in _chosen)
                {
                    if (candidates[place].Kind != slot.Kind) continue;
                    offers.Add(Offer(customer, candidates[place], option.Step, offers.Count, tally));
                    filled++;
                }

                var empty = filled == slot.Count ? OfferRefusal.None : WhyEmpty(customer, candidates, options, slot.Kind);
                nothingPays |= empty.IsForMoney();
                limited |= empty == OfferRefusal.LimitReached;
                tally.Slot(slot.Kind, slot.Count, filled, empty);
            }

            Judge(candidates, options);
            foreach (var (_, refusal) in Judged) tally.Judge(refusal);
        }

        tally.Assign(customer.Segment, customer.HeldOut, offers.Count, isLeftAlone: offers.Count == 0 && nothingPays && !limited);
        return new Assignment(customer.Customer, customer.KeyHash, customer.Segment, customer.HeldOut, offers) { Closed = customer.Closed };
    }

    void FindStarts(ReadOnlySpan<ValuedCandidate> candidates, ReadOnlySpan<Option> options)
    {
        if (_starts.Length <= candidates.Length) _starts = new int[(candidates.Length + 1) * 2];
        var at = 0;
        for (var place = 0; place < candidates.Length; place++)
        {
            _starts[place] = at;
            while (at < options.Length && limits.ProductOf(options[at].Good) == candidates[place].Product && options[at].Kind == (int)candidates[place].Kind) at++;
        }

        if (at != options.Length) throw new InvalidOperationException($"Option {at} of {options.Length} belongs to none of {candidates.Length} candidates.");
        _starts[candidates.Length] = at;
    }

    /// <summary>The chosen as she shall see them: the best first.</summary>
    void Sort(ReadOnlySpan<ValuedCandidate> candidates, ReadOnlySpan<Option> options, ReadOnlySpan<ushort> chosen)
    {
        _chosen.Clear();
        _inCategory.Clear();
        _offered.Clear();
        foreach (var at in chosen)
        {
            var option = options[at];
            var place = _starts.AsSpan(0, candidates.Length).BinarySearch((int)at);
            if (place < 0) place = ~place - 1;
            var product = candidates[place].Product;
            _chosen.Add((candidates[place].Tier, -prices[option.Good].Counts(option), goods[product].KeyRank, place, option));
            _offered.Add(product);
            var category = goods[product].Category;
            if (category != 0) CollectionsMarshal.GetValueRefOrAddDefault(_inCategory, category, out _)++;
        }

        _chosen.Sort(static (a, b) => (a.Tier, a.Counts, a.KeyRank).CompareTo((b.Tier, b.Counts, b.KeyRank)));
    }

    Offer Offer(in ValuedCustomer customer, in ValuedCandidate candidate, int step, int index, WaveTally tally)
    {
        var depths = _depths[(int)candidate.Kind]!;
        var isBasket = candidate.Kind == SlotKind.Basket;
        PriceTerms terms;
        if (isBasket) terms = _baskets[candidate.Because];
        else if (_eligibility.CheckPrice(candidate.Product, customer.MainStore, depths.Terms, depths.Steps[0], out terms) is var refusal and not OfferRefusal.None)
            throw new InvalidOperationException($"Product {candidate.Product} was valued for customer {customer.Customer.Value} but is refused now: {refusal}.");
        Span<Rung> rungs = stackalloc Rung[depths.Steps.Length];
        rungs = rungs[..depths.Reduce(terms, rungs)];
        // A step that is no rung is the same offer as the last rung before it.
        var at = rungs.Length - 1;
        while (rungs[at].Step > step) at--;
        var rung = rungs[at];
        var decision = depths.Decide(candidate.Chance, terms, prices[limits.GoodOf(candidate.Product, customer.MainStore)].PerCost, customer.UsualMarginMinor, candidate.BesideMinor);
        var drawn = candidate.Drawn == ValuedCandidate.NotDrawn ? (int?)null : at;
        var propensity = DepthChoice.Propensity(decision, plan.ExplorationShare, drawn);
        tally.Offer(rung.Depth, drawn is not null && at != decision.Best, terms.CostAssumed, candidate.Chance, depths.Expect(candidate.Chance, terms, rung, customer.UsualMarginMinor, candidate.BesideMinor));
        // What a trial looks at are purchases of products.
        if (!isBasket) Tried.Add(new TrialOffer(
            customer.Customer.Value, candidate.Product, candidate.Kind, false, (ushort)rung.Depth.BasisPoints, candidate.Chance, (float)propensity, terms.Price.Minor, terms.Cost.Minor));
        var (buy, free) = depths.Terms.Mechanic == Mechanic.NPlusM ? depths.Terms.Sets[rung.Step] : default;
        return new Offer
        {
            Customer = customer.Customer,
            Index = index,
            TargetKind = isBasket ? TargetKind.Basket : TargetKind.Product,
            Target = candidate.Product,
            Depth = rung.Depth,
            Slot = candidate.Kind,
            Reason = candidate.Reason,
            Because = isBasket ? 0 : candidate.Because,
            Mechanic = depths.Terms.Mechanic,
            Amount = depths.Terms.AmountOf(terms.Base, depths.Steps[rung.Step]),
            Buy = buy,
            Free = free,
            MostPieces = isBasket ? default : plan.Till.MostPieces,
            Propensity = propensity,
            Floor = isBasket ? Money.Zero : terms.Floor,
            RegularPrice = isBasket ? Money.Zero : terms.Price,
            LeastTotal = terms.Whole,
        };
    }

    OfferRefusal WhyEmpty(in ValuedCustomer customer, ReadOnlySpan<ValuedCandidate> candidates, ReadOnlySpan<Option> options, SlotKind kind)
    {
        for (var place = 0; place < candidates.Length; place++)
            if (candidates[place].Kind == kind && !_offered.Contains(candidates[place].Product))
                return Refusal(candidates[place].Product, OptionsOf(place, options), slotsFull: false);
        return customer.Empty(kind);
    }

    void Judge(ReadOnlySpan<ValuedCandidate> candidates, ReadOnlySpan<Option> options)
    {
        for (var place = 0; place < candidates.Length; place++)
        {
            // A candidate that fits two kinds of slots stands twice, side by side.
            var product = candidates[place].Product;
            if (place > 0 && candidates[place - 1].Product == product) continue;
            Judged.Add((product, _offered.Contains(product) ? OfferRefusal.None : Refusal(product, OptionsOf(place, options), slotsFull: true)));
        }
    }

    ReadOnlySpan<Option> OptionsOf(int place, ReadOnlySpan<Option> options) => options[_starts[place].._starts[place + 1]];

    OfferRefusal Refusal(int product, ReadOnlySpan<Option> options, bool slotsFull)
    {
        var category = goods[product].Category;
        if (category != 0 && _inCategory.GetValueOrDefault(category) >= plan.MostPerCategory) return OfferRefusal.CategoryFull;
        foreach (ref readonly var option in options)
            if (prices[option.Good].Counts(option) > 0)
                return slotsFull ? OfferRefusal.Outranked : OfferRefusal.LimitReached;
        return OfferRefusal.LimitReached;
    }
}

/// <summary>A customer's part in a wave.</summary>
readonly record struct Assignment(CustomerId Customer, ulong KeyHash, int Segment, bool HeldOut, List<Offer> Offers)
{
    /// <summary>Channels that her offers don't go by.</summary>
    public Channels Closed { get; init; }
}
