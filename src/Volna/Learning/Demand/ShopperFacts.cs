namespace Volna.Learning.Demand;

/// <summary>What is told about a customer to score any product for her, computed once; logarithms, so that a linear model can use them.</summary>
/// <param name="Visits">Days on which she bought anything.</param>
/// <param name="LatelyVisits">The same, halved with the age of a window.</param>
/// <param name="VisitDue">Log odds that she comes within the window, by her rhythm.</param>
/// <param name="SinceVisit">Log of the days since she came.</param>
/// <param name="Lately">Log of her late visits.</param>
/// <param name="Long">Log of her visits, halved more slowly.</param>
/// <param name="Breadth">Log of the number of products she knows.</param>
/// <param name="BreadthPerVisit">The same, a visit.</param>
/// <param name="MostTimes">Of all products, the most days on which she bought one; and the same, halved slowly.</param>
/// <param name="Price">Mean of the logs of her products' prices.</param>
readonly record struct ShopperFacts(
    int Visits, float LatelyVisits, float VisitDue, float SinceVisit, float Lately, float Long, float Breadth, float BreadthPerVisit, int MostTimes, float MostLongTimes,
    float Price)
{
    /// <param name="shopper">A customer who bought something.</param>
    public static ShopperFacts Of(Shopper shopper, Market market, int day, int windowDays)
    {
        var sinceVisit = day - shopper.LastDay;
        var gapDays = (shopper.LastDay - shopper.FirstDay + windowDays) / (float)shopper.Visits;
        var (times, longTimes, price, priced) = (0, 0f, 0f, 0);
        foreach (ref readonly var use in shopper.Uses)
        {
            times = Math.Max(times, use.Times);
            longTimes = Math.Max(longTimes, use.LongTimes);
            if (float.IsNaN(market.Facts(use.Product).Price)) continue;
            price += market.Facts(use.Product).Price;
            priced++;
        }

        return new ShopperFacts(
            shopper.Visits,
            shopper.LatelyVisits,
            DemandFeatures.DueLogit(sinceVisit, gapDays, windowDays),
            MathF.Log(1 + sinceVisit),
            MathF.Log(shopper.LatelyVisits + 0.1f),
            MathF.Log(shopper.LongVisits + 0.1f),
            MathF.Log(shopper.Uses.Length),
            MathF.Log((float)shopper.Uses.Length / shopper.Visits),
            times,
            longTimes,
            priced == 0 ? float.NaN : price / priced);
    }
}
