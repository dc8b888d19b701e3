using System.Collections.Immutable;
using Volna.Learning.Policies;
using Volna.Offers.Response;

namespace Volna.Offers.Compare;

/// <summary>What another policy would have done with an offer of a past wave.</summary>
/// <param name="Depths">The probability of each depth, by basis points; empty where it would not have offered the product to her.</param>
/// <param name="ExpectedOfLogged">Margin against no offer that a model expects of the depth logged.</param>
/// <param name="ExpectedOfOwn">The same of the policy's own decision.</param>
readonly record struct OtherDecision(ImmutableDictionary<int, double> Depths, double ExpectedOfLogged, double ExpectedOfOwn)
{
    public bool Offers => !Depths.IsEmpty;
}

/// <summary>An offer of a past wave's trial, made or withheld, with what came of it and what another policy would have done.</summary>
/// <param name="Wave">Offers of one wave and customer are one slate: shown or withheld together.</param>
/// <param name="Customer">The same number for her offers of all waves.</param>
/// <param name="HoldoutShare">Of the customers of its wave's trial: with this probability it was withheld.</param>
/// <param name="RewardMinor">Margin of the product and, in equal parts where there are several offers of its category, of the goods like it.</param>
/// <param name="ExpectedWithoutMinor">The same without an offer, as a model expects it.</param>
readonly record struct LoggedOffer(int Wave, int Customer, TrialOffer As, double HoldoutShare, double RewardMinor, double ExpectedWithoutMinor, OtherDecision Logging, OtherDecision Other);

/// <summary>
/// What another policy would have brought with the offers of past waves. Each offer that the waves decided on was made at a depth with a known probability, or withheld
/// with the share of the hold-out; so what another depth, or no offer, would have brought is known from those who got that. Of offers that the waves didn't decide on
/// nothing is known; how many of them the other policy would make is told, and too many are no value at all.
/// </summary>
/// <param name="Offers">Offers of the past, made and withheld.</param>
/// <param name="Customers">Who had them.</param>
/// <param name="OtherOffers">Offers that the other policy would have made to these customers.</param>
/// <param name="KnownShare">How many of these the waves decided on, too, at whatever depth.</param>
/// <param name="AsItWas">Margin per offer of the past waves' own policy, without a hold-out.</param>
/// <param name="Nothing">The same of no offers at all.</param>
/// <param name="Other">The same of the other policy.</param>
/// <param name="More">By how much the other policy is better than theirs, per offer; null where it can't be said.</param>
/// <param name="Verdict">Why the other policy can't be valued.</param>
/// <param name="SlatesAsItWas">Margin of all offers of a customer in a wave together, of the past waves' own policy; here offers may change what comes of those beside them.</param>
/// <param name="OtherSlates">The same of the other policy.</param>
/// <param name="MoreOfSlates">By how much the other policy is better than theirs, per customer and wave; null where it can't be said.</param>
public sealed record LoggedWaves(
    int Offers, int Customers, long OtherOffers, double KnownShare, OffPolicy AsItWas, OffPolicy Nothing, OffPolicy Other, PolicyEstimate? More, NoPolicyValue Verdict,
    SlateValue SlatesAsItWas, SlateValue OtherSlates, PolicyEstimate? MoreOfSlates)
{
    /// <summary>Where more of its offers are unheard of, a policy isn't valued.</summary>
    const double LeastKnown = 0.5;

    /// <param name="otherOffers">How many offers the other policy would have made to these customers.</param>
    internal static LoggedWaves Of(IReadOnlyList<LoggedOffer> offers, long otherOffers)
    {
        var (asItWas, nothing, other) = (Decisions(offer => offer.Logging), Decisions(_ => new OtherDecision([], 0, 0)), Decisions(offer => offer.Other));
        var known = otherOffers == 0 ? 1 : (double)offers.Count(offer => offer.Other.Offers) / otherOffers;
        var value = OffPolicy.Of(other);
        var (slates, ownSlates) = (Slates(offers, offer => offer.Other), Slates(offers, offer => offer.Logging));
        var ofSlates = SlateValue.Of(slates);
        if (known < LeastKnown)
        {
            value = value with { Verdict = NoPolicyValue.SupportTooThin, Ips = null, Snips = null, DoublyRobust = null };
            ofSlates = ofSlates with { Verdict = NoPolicyValue.SupportTooThin, Value = null, WholeSlates = null };
        }

        var verdict = value.Verdict;
        return new LoggedWaves(
            offers.Count, offers.Select(offer => offer.Customer).Distinct().Count(), otherOffers, known, OffPolicy.Of(asItWas), OffPolicy.Of(nothing), value,
            verdict == NoPolicyValue.None ? OffPolicy.Difference(other, asItWas) : null, verdict,
            SlateValue.Of(ownSlates), ofSlates, ofSlates.Value is null ? null : SlateValue.Difference(slates, ownSlates));

        List<LoggedDecision> Decisions(Func<LoggedOffer, OtherDecision> of) => [.. offers.Select(offer => Decision(offer, of(offer)))];
    }

    /// <summary>Each customer's offers of a wave. They were made or withheld together; made, each depth was drawn by itself.</summary>
    static List<LoggedSlate> Slates(IReadOnlyList<LoggedOffer> offers, Func<LoggedOffer, OtherDecision> of) =>
    [
        .. offers.GroupBy(offer => (offer.Wave, offer.Customer)).Select(slate => new LoggedSlate(slate.Key.Customer, slate.First().As.IsGhost, slate.First().HoldoutShare,
            [.. slate.Select(offer => (Offer: offer, Other: of(offer))).Select(one => new LoggedPlace(one.Offer.RewardMinor, one.Other.Offers, one.Other.Depths.GetValueOrDefault(one.Offer.As.DepthBasisPoints) / one.Offer.As.Propensity))])),
    ];

    static LoggedDecision Decision(in LoggedOffer offer, in OtherDecision other)
    {
        var logged = offer.As.IsGhost ? offer.HoldoutShare : (1 - offer.HoldoutShare) * offer.As.Propensity;
        var target = offer.As.IsGhost ? (other.Offers ? 0 : 1) : other.Depths.GetValueOrDefault(offer.As.DepthBasisPoints);
        return new LoggedDecision(
            offer.RewardMinor, [logged], [target], offer.ExpectedWithoutMinor + (offer.As.IsGhost ? 0 : offer.Logging.ExpectedOfLogged), offer.ExpectedWithoutMinor + other.ExpectedOfOwn, offer.Customer);
    }
}
