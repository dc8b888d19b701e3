using System.Collections.Immutable;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Pack;
using Volna.Offers.Plans;

namespace Volna.Offers.Generation;

/// <summary>Tells why a customer got her offers, and why not others.</summary>
/// <param name="Segment">Its name.</param>
/// <param name="Offers">As they stand in the pack.</param>
/// <param name="Candidates">All that was looked at, likeliest first; null where the data have changed since, so that it can't be worked out again.</param>
public sealed record WaveAnswer(CustomerId Customer, string Segment, bool HeldOut, IReadOnlyList<Offer> Offers, IReadOnlyList<JudgedCandidate>? Candidates)
{
    /// <summary>She gets nothing in any wave; she isn't assigned and has no segment.</summary>
    public bool UniversallyHeldOut { get; init; }

    /// <summary>Of each offer the strongest reasons for its chance; empty where the data have changed since.</summary>
    public IReadOnlyList<ImmutableArray<Explanation>> Reasons { get; init; } = [];
}

/// <param name="Refusal"><see cref="OfferRefusal.None"/> for an offered one.</param>
public sealed record JudgedCandidate(Candidate Candidate, OfferRefusal Refusal);

/// <summary>Answers why a customer got what she got: reads the pack, and decides once more for her alone.</summary>
public static class WhyJob
{
    /// <exception cref="BadInputException">The wave or the customer is unknown, or the wave isn't generated.</exception>
    public static WaveAnswer Explain(DataFolder folder, StateStore state, string waveId, string customerKey)
    {
        var wave = new WaveStore(state).Get(waveId);
        if (wave.Digest is null)
            throw new BadInputException("wave-not-generated", new Text(
                $"wave {waveId}: isn't generated yet; run `volna wave generate {waveId}`.",
                $"волна {waveId}: ещё не сформирована; выполните `volna wave generate {waveId}`."));
        if (new CatalogStore(state).FindCustomer(customerKey) is not { } customer) throw Unassigned();

        using var pack = OfferPackStore.Open(folder, waveId);
        var plan = PlanFile.Parse($"wave {waveId}", wave.Plan);
        var keyHash = Kernels.Hash64.Of(customerKey);
        var place = pack.Find(keyHash);
        if (place < 0 && UniversalHoldout.Includes(plan.UniversalHoldoutShare, keyHash)) return new WaveAnswer(customer, "", true, [], []) { UniversallyHeldOut = true };
        if (place < 0) throw Unassigned();
        var packed = pack.At(place);
        var segment = plan.Segments[packed.Segment].Name;
        return DecideAgain(folder, state, wave, new WaveAnswer(customer, segment, packed.HeldOut, pack.OffersAt(place), null));

        BadInputException Unassigned() => new("customer-unknown", new Text(
            $"{customerKey}: wave {waveId} has no such customer; expected the retailer's key, such as a card number.",
            $"{customerKey}: в волне {waveId} нет такого покупателя; ожидался ключ из данных сети, например номер карты."));
    }

    static WaveAnswer DecideAgain(DataFolder folder, StateStore state, Wave wave, WaveAnswer answer)
    {
        using var store = HistoryStore.Open(folder, state);
        var parts = new WavePartsStore(folder, wave);
        if (store.Snapshot().Id != wave.SnapshotId || parts.ReadLastSold() is not { } lastSold) return answer;
        using var loaded = LoadedInputs.Load(folder, state, wave, store, only: answer.Customer);
        var inputs = loaded.Inputs;
        var profile = inputs.Profiles[answer.Customer.Value];
        var history = store.Read(loaded.Snapshot, answer.Customer);
        var limits = new SharedLimits(inputs.Plan, inputs.Catalog);
        var model = new ModelStore(folder).Load(wave.ModelVersion!);
        return answer with
        {
            Candidates = Judge(
                inputs, inputs.Goods(lastSold), limits, parts.ReadPrices(limits.Limits.Length), WaveStatistics.FromJson(wave.Statistics!).Limits, profile, history, answer.Offers),
            Reasons = [.. answer.Offers.Select(offer => offer.TargetKind == TargetKind.Basket ? [] : model.Explain(history, wave.Validity.Start, offer.Target, profile.HomeStore.Value))],
        };
    }

    /// <summary>Finds the reason for each of a customer's candidates as the generation did.</summary>
    /// <param name="prices">Between which it was shared out; null where all options were kept.</param>
    /// <param name="outcomes">At what prices, in the end.</param>
    /// <param name="offers">What she got.</param>
    internal static List<JudgedCandidate> Judge(
        WaveInputs inputs, Goods goods, SharedLimits limits, PriceRange? prices, IEnumerable<LimitOutcome> outcomes, in CustomerProfile profile, CustomerHistory history, IReadOnlyList<Offer> offers)
    {
        var past = new PastOffers();
        inputs.LookBack(profile.KeyHash, history, past);
        var (valuation, block, tally) = (inputs.Valuation(goods, limits, prices), new ValuedBlockBuilder(), new WaveTally(inputs.Plan.Segments.Length));
        valuation.Value(profile, history, past, tally, block);
        var valued = block.Build();
        var assembly = inputs.Assembly(goods, limits, new GoodPrices(limits.Problem(inputs.Plan, []), [.. outcomes.Select(limit => limit.Price)]));
        assembly.Assemble(valued, 0, Chosen(valued.OptionsOf(0), offers, inputs.Plan, limits), tally);
        var refusals = assembly.Judged.ToDictionary(judged => judged.Product, judged => judged.Refusal);
        return [.. valuation.Judged.Select(judged => new JudgedCandidate(judged.Candidate, judged.Refusal != OfferRefusal.None ? judged.Refusal : refusals[judged.Candidate.Product]))];
    }

    /// <summary>Where among the options those stand that she got.</summary>
    static ushort[] Chosen(ReadOnlySpan<Option> options, IReadOnlyList<Offer> offers, Plan plan, SharedLimits limits)
    {
        var chosen = new List<ushort>();
        for (var at = 0; at < options.Length; at++)
            foreach (var offer in offers)
                if (offer.Target == limits.ProductOf(options[at].Good) && (int)offer.Slot == options[at].Kind && IsAt(offer, plan.StepsOf(offer.Slot)[options[at].Step]))
                    chosen.Add((ushort)at);
        return [.. chosen];

        // By the amount, where there is one: waves made before kept the step for the depth of amounts off and fixed prices.
        bool IsAt(Offer offer, Percent step)
        {
            var terms = plan.SlotKinds[offer.Slot];
            return terms.IsInMoney ? offer.Amount == terms.AmountOf(offer.TargetKind == TargetKind.Basket ? offer.LeastTotal : offer.RegularPrice, step) : offer.Depth == step;
        }
    }
}
