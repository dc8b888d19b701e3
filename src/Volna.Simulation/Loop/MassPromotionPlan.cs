namespace Volna.Simulation.Loop;

/// <summary>
/// Spends a budget on shelf discounts: each week best-selling goods, which then rest for a month, at one depth for everybody, as many as the money is
/// expected to last for. What a discount costs is reckoned from usual sales, corrected by what earlier weeks really cost.
/// </summary>
sealed class MassPromotionPlan
{
    const int Percent = 20, RestWeeks = 4;

    /// <summary>Weeks in which each product, by number in the world, may be promoted again.</summary>
    readonly Dictionary<int, int> _restsUntil = [];
    double _reckoned, _cost;

    /// <summary>Chooses the goods of a week and adds them to the promotions that there are anyway.</summary>
    /// <param name="budgetMinor">Money for this week, with what is left of the weeks before.</param>
    /// <param name="sellers">Goods that may be discounted with a usual week's turnover, the most sold first.</param>
    public byte[] Choose(int week, double budgetMinor, IEnumerable<(Good Good, double WeekMinor)> sellers, byte[] promotions)
    {
        var chosen = (byte[])promotions.Clone();
        var correction = _reckoned > 0 ? _cost / _reckoned : 1.5;
        var planned = 0.0;
        foreach (var (good, weekMinor) in sellers)
        {
            var cost = weekMinor * Percent / 100;
            if (chosen[good.Number] != 0 || _restsUntil.GetValueOrDefault(good.Number) > week || MassPromotionsOfWeek.Price(good.Price, Percent) <= good.Cost) continue;
            if ((planned + cost) * correction > budgetMinor) continue;
            planned += cost;
            chosen[good.Number] = Percent;
            _restsUntil[good.Number] = week + 1 + RestWeeks;
        }

        _reckoned += planned;
        return chosen;
    }

    /// <summary>Tells what a week's promotions really cost.</summary>
    public void Spent(long discountMinor) => _cost += discountMinor;
}
