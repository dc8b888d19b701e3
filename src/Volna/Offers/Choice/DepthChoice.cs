using System.Collections.Immutable;
using Volna.Offers.Filter;
using Volna.Offers.Plans;

namespace Volna.Offers.Choice;

/// <summary>
/// How deep an offer goes: of the ladder's steps that keep the floor, the one with the highest expected gain, the shallower where gains are equal.
///
/// With chance p0 without an offer and p at the discounted price s' (regular price s, cost c), the gain is
/// p (s' - c) - p0 (s - c) + worth (p s' - p0 s): incremental margin, plus what incremental turnover is worth beyond it. Who buys anyway gets the discount, too, so
/// there is little to gain where p0 is near 1. How p grows is the plan's assumption, or learnt: odds p / (1 - p) times a factor for being offered at all and one for
/// each 10 % off, of an amount off or a fixed price for what it really takes off; p0 is the model's chance, corrected where it was learnt how. One piece is reckoned with. Points are counted as money off, but for turnover; of a set
/// of N + M the gain is that of one piece, as if she stocked up on the others, while the cost is that of the whole set. Where it was learnt that offers make customers
/// come more often, that share of her usual margin is added. What the supplier pays of the discount is no cost of the retailer's: of s - s' its share comes back.
/// And each purchase more, p - p0, may have a worth of its own beside margin and turnover: that of a first one, of a customer kept, less what is taken from other goods.
/// </summary>
sealed class DepthChoice(ImmutableArray<Percent> steps, SlotTerms terms)
{
    readonly double[] _oddsFactors = [.. steps.Select(step => OddsFactor(terms, step))];

    public ImmutableArray<Percent> Steps => steps;

    public SlotTerms Terms => terms;

    /// <param name="chance">That she buys without an offer, within the wave's validity.</param>
    /// <param name="price">At least its smallest step keeps the floor.</param>
    /// <param name="perCost">What a unit of discount costs beyond itself, because others could use the money; 0 where there is enough.</param>
    public DepthDecision Decide(double chance, in PriceTerms price, double perCost = 0, double usualMarginMinor = 0, double besideMinor = 0)
    {
        Span<Expectation> expected = stackalloc Expectation[steps.Length];
        return Decide(expected[..Expect(chance, price, expected, usualMarginMinor, besideMinor)], perCost);
    }

    /// <param name="expected">At each rung that keeps the floor.</param>
    /// <inheritdoc cref="Decide(double, in PriceTerms, double, double, double)"/>
    public DepthDecision Decide(ReadOnlySpan<Expectation> expected, double perCost = 0)
    {
        var best = new DepthDecision(-1, expected.Length, double.NegativeInfinity);
        for (var rung = 0; rung < expected.Length; rung++)
        {
            var gain = Gain(expected[rung]) - (perCost * expected[rung].Discount);
            if (gain > best.Gain) best = best with { Best = rung, Gain = gain };
        }

        return best;
    }

    /// <summary>
    /// A chance below which an offer is worth less than an amount w at any step. At a step that multiplies the odds by f, a chance p becomes f p / (1 + (f - 1) p). With a
    /// what a purchase is worth and b what one without an offer would be, so is a f p / (1 + (f - 1) p) - b p = w, a quadratic in p; its least root is looked for.
    /// </summary>
    /// <param name="rungs">From <see cref="Reduce"/>.</param>
    /// <param name="perCost">What a unit of discount costs beyond itself, at least.</param>
    /// <returns>0 where nothing can be said, 1 where no chance is enough.</returns>
    public double LeastChance(double worthMinor, in PriceTerms price, ReadOnlySpan<Rung> rungs, double perCost)
    {
        if (worthMinor < 0 || terms.Pull != 0 || terms.ChanceSlope <= 0) return 0;
        double mostBesideMinor = (terms.TrialWorth + terms.RetentionWorth).Minor;
        var least = 1.0;
        foreach (ref readonly var rung in rungs)
        {
            var (offered, factor) = (ExpectOf(0, 1, price, rung, 0, mostBesideMinor), OddsFactor(rung));
            // Where offers keep from buying, what a purchase more is worth makes them worth less.
            if (factor < 1 && mostBesideMinor > 0) return 0;
            var (a, b) = (Gain(offered) - (perCost * offered.Discount), -Gain(ExpectOf(1, 0, price, rung, 0, mostBesideMinor)));
            var (square, linear) = (-b * (factor - 1), (a * factor) - b - (worthMinor * (factor - 1)));
            if (square > 0) return 0;
            var divisor = linear + Math.Sqrt((linear * linear) + (4 * square * worthMinor));
            if (divisor > 0) least = Math.Min(least, 2 * worthMinor / divisor);
        }

        if (least < 1 && terms is not { ChanceShift: 0, ChanceSlope: 1 }) least = 1 / (1 + Math.Exp((terms.ChanceShift - Math.Log(least / (1 - least))) / terms.ChanceSlope));
        // A little less, for what is rounded on the way.
        return least * (1 - 1e-6);
    }

    /// <summary>What an expectation is worth by the plan.</summary>
    public double Gain(in Expectation expected) => expected.Margin + (terms.TurnoverWorth * expected.Turnover) + expected.Beside;

    /// <summary>What is expected at each rung of the ladder, from the first, that keeps the floor.</summary>
    /// <param name="expected">As many as there are steps, or more.</param>
    /// <param name="usualMarginMinor">What the customer usually leaves in as many days as the wave is valid.</param>
    /// <param name="besideMinor">What a purchase more is worth beside margin and turnover.</param>
    /// <returns>How many they are; at least one.</returns>
    public int Expect(double chance, in PriceTerms price, Span<Expectation> expected, double usualMarginMinor = 0, double besideMinor = 0)
    {
        Span<Rung> rungs = stackalloc Rung[steps.Length];
        var allowed = Reduce(price, rungs);
        Expect(chance, price, rungs[..allowed], expected, usualMarginMinor, besideMinor);
        return allowed;
    }

    /// <summary>The ladder at a price: its steps, from the first, that keep the floor; of those that are the same offer, the first.</summary>
    /// <param name="rungs">As many as there are steps, or more.</param>
    /// <returns>How many they are; at least one.</returns>
    public int Reduce(in PriceTerms price, Span<Rung> rungs)
    {
        var count = 0;
        for (var step = 0; step < steps.Length && price.After(terms, steps[step]) is var left && left >= price.Floor; step++)
            if (count == 0 || !terms.IsInMoney || left != rungs[count - 1].Left)
                rungs[count++] = new Rung(step, terms.DepthOf(price.Base, steps[step]), left);
        return count > 0 ? count : throw new InvalidOperationException($"No step of the ladder keeps the floor {price.Floor} of the price {price.Price}.");
    }

    /// <summary>The rung whose depth is nearest to one that was taken at this price.</summary>
    public Rung Nearest(in PriceTerms price, Percent depth)
    {
        var rungs = new Rung[steps.Length];
        return rungs[..Reduce(price, rungs)].MinBy(rung => Math.Abs(rung.Depth.BasisPoints - depth.BasisPoints));
    }

    /// <param name="rungs">From <see cref="Reduce"/>.</param>
    /// <inheritdoc cref="Expect(double, in PriceTerms, Span{Expectation}, double, double)"/>
    public void Expect(double chance, in PriceTerms price, ReadOnlySpan<Rung> rungs, Span<Expectation> expected, double usualMarginMinor, double besideMinor)
    {
        var corrected = Corrected(chance);
        for (var at = 0; at < rungs.Length; at++) expected[at] = ExpectOf(corrected, price, rungs[at], usualMarginMinor, besideMinor);
    }

    /// <summary>What is expected at a rung of the ladder.</summary>
    public Expectation Expect(double chance, in PriceTerms price, in Rung rung, double usualMarginMinor = 0, double besideMinor = 0) =>
        ExpectOf(Corrected(chance), price, rung, usualMarginMinor, besideMinor);

    /// <summary>Margin expected of the product without an offer.</summary>
    public double Without(double chance, in PriceTerms price) => Corrected(chance) * (price.Price - price.Cost).Minor;

    double Corrected(double chance) => terms is { ChanceShift: 0, ChanceSlope: 1 } ? chance : 1 / (1 + Math.Exp(-terms.ChanceShift - (terms.ChanceSlope * Math.Log(chance / (1 - chance)))));

    static double OddsFactor(SlotTerms terms, Percent depth) => Math.Exp(terms.OfferedLogOdds) * Math.Pow(terms.OddsPerTenPercent, depth.BasisPoints / 1_000.0);

    double OddsFactor(in Rung rung) => rung.Depth == steps[rung.Step] ? _oddsFactors[rung.Step] : OddsFactor(terms, rung.Depth);

    Expectation ExpectOf(double chance, in PriceTerms price, in Rung rung, double usualMarginMinor, double besideMinor)
    {
        var odds = chance / (1 - chance) * OddsFactor(rung);
        return ExpectOf(chance, odds / (1 + odds), price, rung, usualMarginMinor, besideMinor);
    }

    Expectation ExpectOf(double chance, double bought, in PriceTerms price, in Rung rung, double usualMarginMinor, double besideMinor)
    {
        double regular = price.Price.Minor, reduced = rung.Left.Minor, cost = price.Cost.Minor;
        var pieces = terms.Mechanic == Mechanic.NPlusM ? terms.Sets[rung.Step].Buy + terms.Sets[rung.Step].Free : 1;
        var paid = terms.Mechanic == Mechanic.Points ? regular : reduced;
        var discount = bought * (regular - reduced);
        return new Expectation(
            bought, discount * pieces, discount * pieces * price.SupplierShare,
            (bought * (reduced - cost)) - (chance * (regular - cost)) + (discount * price.SupplierShare) + (terms.Pull * rung.Depth.BasisPoints / 1_000.0 * usualMarginMinor), (bought * paid) - (chance * regular), (bought - chance) * besideMinor);
    }

    /// <summary>With the exploration probability a rung drawn evenly among the allowed ones, else null.</summary>
    public static int? Explore(int allowed, double explorationShare, Kernels.Draw draw) =>
        allowed > 1 && draw.NextUnit() < explorationShare ? draw.NextBelow(allowed) : null;

    /// <summary>The probability with which this policy takes a rung for a candidate that it offers.</summary>
    /// <param name="decision">At the prices of the wave's limits.</param>
    /// <param name="drawn">The rung that was drawn, or null for the best one.</param>
    public static double Propensity(in DepthDecision decision, double explorationShare, int? drawn)
    {
        if (decision.Allowed == 1) return 1;
        var even = explorationShare / decision.Allowed;
        return drawn is { } rung && rung != decision.Best ? even : 1 - explorationShare + even;
    }
}

/// <summary>A step of a ladder at a price.</summary>
/// <param name="Step">Its place in the plan's ladder.</param>
/// <param name="Depth">What it really takes off; see <see cref="SlotTerms.DepthOf"/>.</param>
/// <param name="Left">What is left to pay.</param>
readonly record struct Rung(int Step, Percent Depth, Money Left);

/// <param name="Best">Index of the best rung.</param>
/// <param name="Allowed">How many rungs, from the first, keep the floor.</param>
readonly record struct DepthDecision(int Best, int Allowed, double Gain);

/// <summary>What one offer is expected to do, in minor units.</summary>
/// <param name="Bought">Chance that she buys.</param>
/// <param name="Discount">Cost of the discount, whoever pays it.</param>
/// <param name="BySupplier">Of it, what the supplier pays.</param>
/// <param name="Margin">Margin against no offer, what the supplier pays and that of more visits included.</param>
/// <param name="Turnover">Turnover against no offer.</param>
/// <param name="Beside">What the purchases more are worth beside both, by the plan.</param>
readonly record struct Expectation(double Bought, double Discount, double BySupplier, double Margin, double Turnover, double Beside);
