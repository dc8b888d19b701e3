namespace Volna.Learning.Demand;

/// <summary>
/// What the chance of a purchase is computed from, the same when fitting and when scoring. Only what was known on the morning of the day goes in.
/// </summary>
static class DemandFeatures
{
    /// <summary>The first so many are for the regressions, too, the rest for the trees alone: what counts only together with others, or may be missing.</summary>
    public const int HabitCount = 19, DiscoveryCount = 13;

    public const int HabitColumns = 30, DiscoveryColumns = 22;

    /// <summary>Which columns speak for a reason: how much a chance owes to it is how far it falls when these columns have their usual values.</summary>
    public static readonly (CandidateReason Reason, int[] Columns)[] HabitReasons =
    [
        (CandidateReason.BoughtOften, [0, 2, 3, 4, 5, 18, 19, 20]), (CandidateReason.CycleDue, [6, 7, 24, 25]), (CandidateReason.BoughtLately, [1]),
        (CandidateReason.GoesWith, [16, 17, 28]), (CandidateReason.Popular, [12, 13, 21]), (CandidateReason.BoughtAgain, [14]), (CandidateReason.PriceFits, [22, 23]),
    ];

    public static readonly (CandidateReason Reason, int[] Columns)[] DiscoveryReasons =
    [
        (CandidateReason.GoesWith, [0, 1, 12, 16, 17, 20]), (CandidateReason.Popular, [2, 3, 4, 13]), (CandidateReason.BoughtAgain, [5]), (CandidateReason.PriceFits, [14, 15]),
    ];

    /// <summary>Of a product she bought.</summary>
    public static void Habit(in ShopperFacts shopper, in ProductUse use, in ProductFacts product, int day, int windowDays, in Nearness near, Span<float> x)
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
        x[16] = MathF.Log(near.Sum + 0.01f);
        x[17] = MathF.Log(near.Most + 0.01f);
        x[18] = use.Times == 1 ? 1 : 0;

        x[19] = MathF.Log((use.LongTimes + 1e-6f) / (shopper.MostLongTimes + 1e-6f));
        x[20] = MathF.Log((float)use.Times / shopper.MostTimes);
        x[21] = product.Trend;
        x[22] = product.Price;
        x[23] = product.Price - shopper.Price;
        var ownGap = (use.LastDay - use.FirstDay) / (use.Times - 1f);
        x[24] = use.Times == 1 ? float.NaN : age / ownGap;
        x[25] = use.Times == 1 ? float.NaN : ownGap;
        x[26] = shopper.Visits;
        x[27] = shopper.Long;
        x[28] = near.Lately;
        x[29] = day - use.FirstDay;
    }

    /// <summary>Of a product she didn't.</summary>
    public static void Discovery(in ShopperFacts shopper, in ProductFacts product, in Nearness near, Span<float> x)
    {
        x[0] = MathF.Log(near.Sum + 0.01f);
        x[1] = MathF.Log(near.Most + 0.01f);
        x[2] = product.Popularity;
        x[3] = product.LatelyPopularity;
        x[4] = product.SinceSaleOrLaunch;
        x[5] = product.Repeats;
        x[6] = shopper.VisitDue;
        x[7] = shopper.SinceVisit;
        x[8] = shopper.Lately;
        x[9] = shopper.Long;
        x[10] = shopper.Breadth;
        x[11] = shopper.BreadthPerVisit;
        x[12] = near.Sum == 0 ? 1 : 0;

        x[13] = product.Trend;
        x[14] = product.Price;
        x[15] = product.Price - shopper.Price;
        x[16] = near.Lately;
        x[17] = near.Sources;
        x[18] = shopper.Visits;
        x[19] = product.GapDays;
        x[20] = near.Sum * product.Appeal;
        x[21] = product.New;
    }

    /// <summary>How near a product is to what she bought, each source by its age and number, together 1.</summary>
    /// <param name="Most">The largest part of the sum.</param>
    /// <param name="Lately">The sum with sources that age much faster.</param>
    /// <param name="Sources">How many of her products lead there.</param>
    public readonly record struct Nearness(float Sum, float Most, float Lately, int Sources);

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
