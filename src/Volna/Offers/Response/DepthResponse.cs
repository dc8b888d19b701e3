namespace Volna.Offers.Response;

/// <summary>Offers that may be compared: of one wave, one kind of slot, and as many depths to choose among.</summary>
/// <param name="Wave">Place in the list of waves.</param>
/// <param name="Allowed">How many steps of the ladder kept the floor.</param>
readonly record struct Stratum(int Wave, SlotKind Slot, int Allowed);

/// <summary>Sums over offers of one stratum and depth, each offer weighted by one over the probability with which the policy chose its depth.</summary>
record struct DepthSums(long Offers, double Weight, double SquaredWeight, double BoughtWeight)
{
    /// <summary>So many offers of equal weight would tell as much (Kish, Survey Sampling, 1965).</summary>
    public readonly double EffectiveOffers => Weight * Weight / SquaredWeight;

    public readonly double Share => BoughtWeight / Weight;
}

/// <summary>
/// A Bayesian logistic model of the answer to depth: log odds of buying = a of the stratum + b times the depth in tens of per cent, with a normal prior of b around the
/// plan's assumption and none of a. The policy gives deep discounts to whom they pay, so depths are compared only after weighting by one over the propensity, as if each
/// had been drawn evenly (Horvitz and Thompson, 1952). The posterior of b is taken as normal around its mode (Laplace).
/// </summary>
static class DepthResponse
{
    /// <summary>The plan's factor is taken to be right within a factor of e^0.5 in two cases of three.</summary>
    const double PriorDeviation = 0.5;

    const int MostSteps = 50;

    /// <param name="priorLogOdds">Logarithm of the plan's factor for each 10 % off.</param>
    /// <param name="strata">Of each its depths, in tens of per cent, with their sums.</param>
    /// <returns>Mean and standard deviation of b.</returns>
    public static (double LogOdds, double Deviation) Fit(double priorLogOdds, IReadOnlyList<IReadOnlyList<(double Depth, DepthSums Sums)>> strata)
    {
        // Where nobody or everybody bought, the stratum's own odds explain everything.
        var telling = strata.Where(depths => depths.Count > 1 && Bought(depths) is > 0 and var bought && bought < depths.Sum(one => one.Sums.EffectiveOffers)).ToList();
        var logOdds = priorLogOdds;
        for (var step = 0; ; step++)
        {
            var (slope, information) = ((priorLogOdds - logOdds) / (PriorDeviation * PriorDeviation), 1 / (PriorDeviation * PriorDeviation));
            foreach (var depths in telling)
            {
                var own = OwnLogOdds(depths, logOdds);
                double variance = 0, first = 0, second = 0;
                foreach (var (depth, sums) in depths)
                {
                    var chance = Chance(own + (logOdds * depth));
                    slope += depth * sums.EffectiveOffers * (sums.Share - chance);
                    var v = sums.EffectiveOffers * chance * (1 - chance);
                    (variance, first, second) = (variance + v, first + (v * depth), second + (v * depth * depth));
                }

                information += second - (first * first / variance);
            }

            var change = Math.Clamp(slope / information, -1, 1);
            logOdds += change;
            if (Math.Abs(change) < 1e-9 || step == MostSteps) return (logOdds, 1 / Math.Sqrt(information));
        }
    }

    static double Bought(IReadOnlyList<(double Depth, DepthSums Sums)> depths) => depths.Sum(one => one.Sums.EffectiveOffers * one.Sums.Share);

    /// <summary>The stratum's own log odds, with which as many buy as did.</summary>
    static double OwnLogOdds(IReadOnlyList<(double Depth, DepthSums Sums)> depths, double logOdds)
    {
        var bought = Bought(depths);
        double low = -60, high = 60;
        while (high - low > 1e-10)
        {
            var middle = (low + high) / 2;
            if (depths.Sum(one => one.Sums.EffectiveOffers * Chance(middle + (logOdds * one.Depth))) < bought) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    static double Chance(double logOdds) => 1 / (1 + Math.Exp(-logOdds));
}
