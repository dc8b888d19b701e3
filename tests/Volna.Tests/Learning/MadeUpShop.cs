using Volna.Intake.History;
using Volna.Kernels;

namespace Volna.Tests.Learning;

/// <summary>A shop whose customers' habits are known, to learn from: 40 weeks until the morning of <see cref="Today"/>.</summary>
static class MadeUpShop
{
    public const int Milk = 1, Tea = 2, Biscuits = 3, Pasta = 4, Sauce = 5, Delisted = 6, FirstOther = 7, Others = 60;

    public const int Weeks = 40;

    public static readonly DateOnly Today = new(2026, 6, 1);

    /// <summary>
    /// Customers come one after the other, and from then on buy milk every week and now and then another product. Half of them drink tea, and each
    /// week 8 % of these find the biscuits; the others likewise pasta and then sauce. One product was bought by everybody in the first half of the
    /// time and then delisted.
    /// </summary>
    public static List<CustomerHistory> Customers(int count = 200, ulong seed = 1) =>
        [.. Enumerable.Range(1, count).Select(number => Customer(number, seed))];

    public static CustomerHistory Customer(int number, ulong seed)
    {
        var draw = new Draw(seed, "shop", (ulong)number);
        var (first, second) = number % 2 == 0 ? (Tea, Biscuits) : (Pasta, Sauce);
        var foundSecond = false;
        var lines = new List<PurchaseLine>();
        for (var week = draw.NextBelow(Weeks - 4); week < Weeks; week++)
        {
            var day = (7 * (week - Weeks)) + 1;
            lines.Add(Line(day, Milk));
            if (draw.NextUnit() < 0.6) lines.Add(Line(day, first));
            if (foundSecond && draw.NextUnit() < 0.6) lines.Add(Line(day, second));
            foundSecond |= draw.NextUnit() < 0.08;
            if (week < Weeks / 2) lines.Add(Line(day, Delisted));
            if (draw.NextUnit() < 0.5) lines.Add(Line(day, FirstOther + draw.NextBelow(Others)));
        }

        return new CustomerHistory(new CustomerId(number), lines);
    }

    public static CustomerHistory Customer(params PurchaseLine[] lines) => new(new CustomerId(100_000), lines);

    /// <param name="day">0 is <see cref="Today"/>, -1 the day before.</param>
    /// <param name="pieces">Negative on a return.</param>
    public static PurchaseLine Line(int day, int product, int pieces = 1)
    {
        var minute = Clock.Minute(Today.AddDays(day)) + (12 * 60);
        return new PurchaseLine((ulong)minute, minute, 1, product, pieces * 1000, pieces * 100, 0);
    }
}
