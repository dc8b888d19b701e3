namespace Volna.Offers.Allocation;

/// <summary>What the limits' prices mean for each good.</summary>
sealed class GoodPrices
{
    readonly GoodPrice[] _prices;

    /// <param name="prices">What one unit of each limit is worth, in thousandths of a minor unit of value: for a thousandth of money, or for one offer.</param>
    public GoodPrices(AllocationProblem problem, ReadOnlySpan<double> prices)
    {
        _prices = new GoodPrice[problem.Goods.Length];
        for (var good = 0; good < _prices.Length; good++)
            foreach (var limit in problem.Goods[good].Limits)
                _prices[good] += problem.Limits[limit].Counts == LimitUnit.Money ? new GoodPrice(prices[limit], 0) : new GoodPrice(0, prices[limit]);
    }

    public GoodPrice this[int good] => _prices[good];
}

/// <summary>What an offer on a good costs at the limits' prices.</summary>
/// <param name="PerCost">For a thousandth of a minor unit of its discount.</param>
/// <param name="PerOffer">For the offer itself.</param>
readonly record struct GoodPrice(double PerCost, double PerOffer)
{
    /// <summary>What an option is worth beyond what it takes from the limits; in thousandths of a minor unit.</summary>
    public double Counts(in Option option) => option.ValueMilli - (option.CostMilli * PerCost) - PerOffer;

    public static GoodPrice operator +(GoodPrice a, GoodPrice b) => new(a.PerCost + b.PerCost, a.PerOffer + b.PerOffer);
}
