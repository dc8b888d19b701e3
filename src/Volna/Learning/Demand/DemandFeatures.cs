namespace Volna.Learning.Demand;

/// <summary>
/// What the chance of a purchase is computed from, the same when fitting and when scoring. Only what was known on the morning of the day goes in.
/// </summary>
static class DemandFeatures
{
    public const int HabitCount = 19, DiscoveryCount = 13;

    /// <summary>Of a product she bought.</summary>
    /// <param name="nearness">Sum over what else she bought of its nearness to the product.</param>
    /// <param name="nearest">The largest of these.</param>
    public static void Habit(
        in ShopperFacts shopper, in ProductUse use, in ProductFacts product, int day, int windowDays, float nearness, float nearest, Span<float> x)
    {
        var age = day - use.LastDay;
        x[0] = MathF.Log(use.Times);
        x[1] = MathF.Log(1 + age);
        x[2] = MathF.Log((use.Times + 0.5f) / (shopper.Visits + 1));
        x[3] = MathF.Log(use.LatelyTimes + 0.02f);
        x[4] = MathF.Log(use.LongTimes + 0.02f);
        x[5] = MathF.Log((use.LatelyTimes + 0.05f) / (shopper.LatelyVisits + 0.5f));
        x[6] = DueLogit(age, (use.LastDay - use.FirstDay + product.GapDays) / use.Times, windowDays);
        // A pack larger than usual delays the next.
        x[7] = use.Times == 1 ? 0 : Math.Clamp(MathF.Log(use.LastQuantity * (float)use.Times / use.Quantity), -2, 2);
        x[8] = shopper.VisitDue;
        x[9] = shopper.SinceVisit;
        x[10] = shopper.Lately;
        x[11] = shopper.Breadth;
        x[12] = product.Popularity;
        x[13] = product.LatelyPopularity;
        x[14] = product.Repeats;
        x[15] = product.SinceSale;
        x[16] = MathF.Log(nearness + 0.01f);
        x[17] = MathF.Log(nearest + 0.01f);
        x[18] = use.Times == 1 ? 1 : 0;
    }

    /// <summary>Of a product she didn't.</summary>
    public static void Discovery(in ShopperFacts shopper, in ProductFacts product, float nearness, float nearest, Span<float> x)
    {
        x[0] = MathF.Log(nearness + 0.01f);
        x[1] = MathF.Log(nearest + 0.01f);
        x[2] = product.Popularity;
        x[3] = product.LatelyPopularity;
        x[4] = product.SinceSale;
        x[5] = product.Repeats;
        x[6] = shopper.VisitDue;
        x[7] = shopper.SinceVisit;
        x[8] = shopper.Lately;
        x[9] = shopper.Long;
        x[10] = shopper.Breadth;
        x[11] = shopper.BreadthPerVisit;
        x[12] = nearness == 0 ? 1 : 0;
    }

    /// <summary>
    /// Log odds that something which didn't happen for some days happens within the window, if its gaps follow a log-logistic distribution with a
    /// median of <paramref name="gapDays"/> and shape 2: the survival function is S(t) = 1 / (1 + (t / median)^2), and 1 - S(age + window) / S(age)
    /// the chance.
    /// </summary>
    public static float DueLogit(int ageDays, float gapDays, int windowDays)
    {
        var now = ageDays / gapDays;
        var then = (ageDays + windowDays) / gapDays;
        return MathF.Log(((then * then) - (now * now)) / (1 + (now * now)));
    }
}
