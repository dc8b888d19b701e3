using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Volna.Kernels;
using Volna.Offers.Plans;

namespace Volna.Offers.Response;

/// <summary>
/// What an offer does, learnt from a trial. Of each kind of slot k, with p the model's chance without an offer and d the depth in tens of per cent:
///
/// log odds of buying = log odds of p, corrected by what is usual for such offers (intercept, slope, depth) + for offers made: a_k + b_k d.
///
/// The correction is fitted on made and withheld offers alike, so a_k and b_k are what being offered changes, whomever the policy favours. They are drawn to what all
/// kinds have in common, and that to the plan: a to 0, b to its factor for 10 % off. The posterior is taken as normal around its mode (Laplace).
///
/// Beside the product, an offer changes what she buys else. For each unit of additional turnover that the model expects of it, the margin of other goods of its
/// category changes by some amount (they are what she would have bought instead), and so does that of the whole category in the weeks after (she has it at home
/// already). And offers make her come more often, beyond what the plan's turnoverWorth assumes: by a share of her usual visits for each 10 % off an offer. Visits are counted, not money, because they scatter less. Both are regressed on (made - share made) x what
/// offers should do, which no difference between customers can be mistaken for (Robinson, "Root-N-consistent semiparametric regression", Econometrica, 1988), with
/// normal priors again.
/// </summary>
static class AnswerModel
{
    // Of offers on whole baskets there are no trials: their kind comes after all others.
    const int Kinds = (int)SlotKind.Basket, CellsPerLogit = 20;

    // Standard deviations of the priors: a plan is taken seriously until some thousand customers say otherwise, or else a few weeks' luck would empty whole kinds of slots. The first three: how far the model's chance may be off for offers; the others: what all kinds have in common, and a kind's own part.
    const double Intercept = 1, Slope = 0.3, DepthOfBase = 0.25, CommonOffered = 0.15, OwnOffered = 0.1, CommonDepth = 0.2, OwnDepth = 0.15, CommonAlike = 0.1, OwnAlike = 0.05;

    // About a third of what a promotion adds is bought for store (van Heerde, Leeflang and Wittink, "Decomposing the sales promotion bump with store data", Marketing Science, 2004), and about a third of turnover is margin.
    const double ExpectedAlike = -0.1;

    // Being offered something brings customers to the shop whether they redeem it or not, more so where it saves more, and contributes more than what is redeemed (Venkatesan and Farris, "Measuring and managing returns from retailer-customized coupon campaigns", Journal of Marketing, 2012). How much more often is for the data to say: five offers with 20 % off by 1 % (10 x 0.001), give or take 2.
    const double ExpectedPull = 0.001, CommonPull = 0.002, OwnPull = 0.001;

    const int MostSteps = 50;

    readonly record struct Cell(SlotKind Slot, bool Made, double Depth, int Logit);

    /// <param name="plan">Its assumptions are where learning starts.</param>
    /// <param name="seed">Of the wave that will reckon with it.</param>
    /// <returns>What is known of each kind of slot in the plan of which there were offers.</returns>
    public static ImmutableArray<LearntOdds> Fit(Plan plan, IReadOnlyList<TriedCustomer> customers, ulong seed)
    {
        if (customers.Count == 0) return [];
        var counts = new (long Made, long Ghosts)[Kinds];
        foreach (var customer in customers)
            foreach (ref readonly var offer in customer.Offers.AsSpan())
            {
                if (customer.IsHeldOut) counts[(int)offer.As.Slot].Ghosts++;
                else counts[(int)offer.As.Slot].Made++;
            }

        var depths = new double[Kinds];
        foreach (var (kind, terms) in plan.SlotKinds.Where(kind => kind.Key != SlotKind.Basket)) depths[(int)kind] = Math.Log(terms.OddsPerTenPercent);
        var answer = FitAnswer(depths, customers);
        var (alike, pulls) = (FitAlike(depths, answer.Mean, customers), FitPull(plan, depths, answer.Mean, customers));
        var draw = new Draw(seed, "response", 0);
        var drawn = answer.Sample(ref draw);
        return [.. plan.SlotKinds.OrderBy(kind => kind.Key).Where(kind => kind.Key != SlotKind.Basket && counts[(int)kind.Key].Made > 0).Select(kind =>
        {
            var k = (int)kind.Key;
            int[] offered = [OwnOfferedOf(k), CommonOfferedAt], depth = [OwnDepthOf(k), CommonDepthAt], other = [OwnAlikeOf(k), CommonAlikeAt], pull = [OwnPullAt + k, CommonPullAt];
            double Sum(double[] values, int[] at) => at.Sum(one => values[one]);
            var worth = kind.Value.TurnoverWorth + Sum(alike.Mean, other);
            return new LearntOdds(
                kind.Key, Math.Exp(depths[k] + Sum(answer.Mean, depth)), answer.DeviationOf(depth), counts[k].Made, Math.Max(1, Math.Exp(depths[k] + Sum(drawn, depth))))
            {
                Ghosts = counts[k].Ghosts,
                Offered = new LearntNumber(Sum(answer.Mean, offered), answer.DeviationOf(offered), Sum(drawn, offered)),
                ChanceShift = answer.Mean[k],
                ChanceSlope = 1 + answer.Mean[Kinds + k],
                // Not drawn, like what follows: any offer tells about them, so nothing need be tried for their sake.
                Worth = new LearntNumber(worth, alike.DeviationOf(other), worth),
                Pull = new LearntNumber(Sum(pulls.Mean, pull), pulls.DeviationOf(pull), Sum(pulls.Mean, pull)),
            };
        })];
    }

    // Places of the parameters of the answer.
    const int CommonOfferedAt = 5 * Kinds, CommonDepthAt = CommonOfferedAt + 1, AnswerSize = CommonDepthAt + 1;

    static int OwnOfferedOf(int kind) => (3 * Kinds) + kind;

    static int OwnDepthOf(int kind) => (4 * Kinds) + kind;

    /// <summary>The answer of the odds: correction of the chance, what being offered does, what depth does beyond the plan's assumption.</summary>
    static NormalPosterior FitAnswer(double[] planDepths, IReadOnlyList<TriedCustomer> customers)
    {
        // Offers that are alike, chance included, count as one cell, so that their number doesn't matter.
        var cells = new Dictionary<Cell, (long Offers, long Bought)>();
        foreach (var customer in customers)
            foreach (ref readonly var offer in customer.Offers.AsSpan())
            {
                ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, new Cell(offer.As.Slot, !customer.IsHeldOut, offer.As.Depth, (int)Math.Round(CellsPerLogit * LogOdds(offer.As.Chance))), out _);
                cell = (cell.Offers + 1, cell.Bought + (offer.Bought ? 1 : 0));
            }

        // In a fixed order, so that sums come out alike to the last bit.
        var ordered = cells.OrderBy(one => one.Key.Slot).ThenBy(one => one.Key.Made).ThenBy(one => one.Key.Depth).ThenBy(one => one.Key.Logit).ToList();
        var mean = new double[AnswerSize];
        Span<int> parameters = stackalloc int[7];
        Span<double> factors = stackalloc double[7];
        for (var step = 0; ; step++)
        {
            var posterior = new NormalPosterior(AnswerSize);
            for (var kind = 0; kind < Kinds; kind++)
            {
                foreach (var (at, deviation) in ((int, double)[])[(kind, Intercept), (Kinds + kind, Slope), ((2 * Kinds) + kind, DepthOfBase), (OwnOfferedOf(kind), OwnOffered), (OwnDepthOf(kind), OwnDepth)])
                    posterior.Expect(at, 0, deviation);
            }

            posterior.Expect(CommonOfferedAt, 0, CommonOffered);
            posterior.Expect(CommonDepthAt, 0, CommonDepth);
            foreach (var (cell, (offers, bought)) in ordered)
            {
                var (logit, kind) = ((double)cell.Logit / CellsPerLogit, (int)cell.Slot);
                var used = Describe(kind, cell.Made, cell.Depth, logit, parameters, factors);
                double score = logit + (cell.Made ? planDepths[kind] * cell.Depth : 0), linear = 0;
                for (var i = 0; i < used; i++) linear += factors[i] * mean[parameters[i]];
                var chance = Logistic(score + linear);
                var variance = Math.Max(chance * (1 - chance), 1e-9);
                // Newton's step as a weighted least squares problem (iteratively reweighted).
                posterior.Observe(parameters[..used], factors[..used], linear + (((double)bought / offers) - chance) / variance, offers * variance);
            }

            posterior.Solve();
            var change = 0.0;
            for (var at = 0; at < AnswerSize; at++)
            {
                var toGo = Math.Clamp(posterior.Mean[at] - mean[at], -1, 1);
                change = Math.Max(change, Math.Abs(toGo));
                mean[at] += toGo;
            }

            if (change < 1e-9 || step == MostSteps) return posterior;
        }
    }

    static int Describe(int kind, bool made, double depth, double logit, Span<int> parameters, Span<double> factors)
    {
        (parameters[0], factors[0]) = (kind, 1);
        (parameters[1], factors[1]) = (Kinds + kind, logit);
        (parameters[2], factors[2]) = ((2 * Kinds) + kind, depth);
        if (!made) return 3;
        (parameters[3], factors[3]) = (OwnOfferedOf(kind), 1);
        (parameters[4], factors[4]) = (CommonOfferedAt, 1);
        (parameters[5], factors[5]) = (OwnDepthOf(kind), depth);
        (parameters[6], factors[6]) = (CommonDepthAt, depth);
        return 7;
    }

    /// <summary>Turnover of the product that the offer is expected to add, at the means.</summary>
    static double AddedTurnover(in TriedOffer offer, double[] planDepths, double[] answer)
    {
        var kind = (int)offer.As.Slot;
        var logit = LogOdds(offer.As.Chance);
        var without = logit + answer[kind] + (answer[Kinds + kind] * logit) + (answer[(2 * Kinds) + kind] * offer.As.Depth);
        var with = without + answer[OwnOfferedOf(kind)] + answer[CommonOfferedAt] + ((planDepths[kind] + answer[OwnDepthOf(kind)] + answer[CommonDepthAt]) * offer.As.Depth);
        return offer.As.PriceMinor * ((Logistic(with) * (1 - (offer.As.Depth / 10))) - Logistic(without));
    }

    const int CommonAlikeAt = 4 * Kinds;

    static int OwnAlikeOf(int kind) => (3 * Kinds) + kind;

    /// <summary>Margin of what she bought beside and after it of its category.</summary>
    static double Beside(in TriedOffer offer) => offer.AlikeMarginMinor + offer.LaterMarginMinor;

    static double UsuallyBeside(in TriedOffer offer) => offer.UsualAlikeMarginMinor + offer.UsualLaterMarginMinor;

    static NormalPosterior FitAlike(double[] planDepths, double[] answer, IReadOnlyList<TriedCustomer> customers)
    {
        var (made, all, squares, means) = (new double[Kinds], new double[Kinds], new double[Kinds], new double[Kinds]);
        foreach (var customer in customers)
            foreach (ref readonly var offer in customer.Offers.AsSpan())
            {
                var (kind, rest) = ((int)offer.As.Slot, Beside(offer) - UsuallyBeside(offer));
                all[kind]++;
                means[kind] += rest;
                squares[kind] += rest * rest;
                if (!customer.IsHeldOut) made[kind]++;
            }

        var posterior = new NormalPosterior(CommonAlikeAt + 1);
        for (var kind = 0; kind < Kinds; kind++)
        {
            for (var control = 0; control < 3; control++) posterior.Expect((control * Kinds) + kind, control == 1 ? 1 : 0, 1e6);
            posterior.Expect(OwnAlikeOf(kind), 0, OwnAlike);
        }

        posterior.Expect(CommonAlikeAt, ExpectedAlike, CommonAlike);
        foreach (var customer in customers)
            foreach (ref readonly var offer in customer.Offers.AsSpan())
            {
                var kind = (int)offer.As.Slot;
                var variance = Variance(squares[kind], means[kind], all[kind]);
                if (variance <= 0) continue;
                var added = AddedTurnover(offer, planDepths, answer);
                var treated = ((customer.IsHeldOut ? 0 : 1) - (made[kind] / all[kind])) * added;
                posterior.Observe([kind, Kinds + kind, (2 * Kinds) + kind, OwnAlikeOf(kind), CommonAlikeAt], [1, UsuallyBeside(offer), added, treated, treated], Beside(offer), 1 / variance);
            }

        posterior.Solve();
        return posterior;
    }

    // Three controls, then each kind's own part and what all have in common.
    const int OwnPullAt = 3, CommonPullAt = OwnPullAt + Kinds;

    static NormalPosterior FitPull(Plan plan, double[] planDepths, double[] answer, IReadOnlyList<TriedCustomer> customers)
    {
        // Purchases are counted, so the variance grows with their mean.
        static double Scale(TriedCustomer customer) => Math.Max(customer.UsualReceipts, 0.1);
        var made = (double)customers.Count(customer => !customer.IsHeldOut) / customers.Count;
        var spread = customers.Average(customer => Math.Pow(customer.Receipts - customer.UsualReceipts, 2) / Scale(customer));
        var posterior = new NormalPosterior(CommonPullAt + 1);
        for (var control = 0; control < OwnPullAt; control++) posterior.Expect(control, control == 1 ? 1 : 0, 1e6);
        for (var kind = 0; kind < Kinds; kind++) posterior.Expect(OwnPullAt + kind, 0, OwnPull);
        posterior.Expect(CommonPullAt, ExpectedPull, CommonPull);
        if (spread <= 0) spread = 1;
        var (factors, all) = (new double[CommonPullAt + 1], Enumerable.Range(0, CommonPullAt + 1).ToArray());
        foreach (var customer in customers)
        {
            Array.Clear(factors);
            double assumedMargin = 0, depth = 0;
            var treated = (customer.IsHeldOut ? 0 : 1) - made;
            foreach (ref readonly var offer in customer.Offers.AsSpan())
            {
                depth += offer.As.Depth;
                factors[OwnPullAt + (int)offer.As.Slot] += treated * customer.UsualReceipts * offer.As.Depth;
                if (plan.SlotKinds.TryGetValue(offer.As.Slot, out var terms)) assumedMargin += terms.TurnoverWorth * AddedTurnover(offer, planDepths, answer);
            }

            (factors[0], factors[1], factors[2], factors[CommonPullAt]) = (1, customer.UsualReceipts, customer.UsualReceipts * depth, treated * customer.UsualReceipts * depth);
            var assumed = customer.UsualMarginMinor > 0 ? assumedMargin / customer.UsualMarginMinor * customer.UsualReceipts : 0;
            posterior.Observe(all, factors, customer.Receipts - (treated * assumed), 1 / (spread * Scale(customer)));
        }

        posterior.Solve();
        return posterior;
    }

    static double Variance(double squares, double sum, double count) => count < 2 ? 0 : (squares - (sum * sum / count)) / (count - 1);

    static double LogOdds(double chance) => Math.Log(Math.Clamp(chance, 1e-6, 1 - 1e-6)) - Math.Log(1 - Math.Clamp(chance, 1e-6, 1 - 1e-6));

    static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
