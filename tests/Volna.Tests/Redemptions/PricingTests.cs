using Volna.Offers;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

public sealed class PricingTests
{
    // Unit price, regular price, percent, floors of the offer and of the product's policy; then what is paid and why no offer was used.
    [Fact]
    public void A_line_costs_what_the_table_says()
    {
        const string Table =
            """
            quantity  price  regular  percent  offer floor  product floor  pays   refusal
            1         10000  10000    10       0            0              9000   None
            1         99     99       10       0            0              90     None
            1         9      9        10       0            0              9      NoBenefit
            1         10     10       10       0            0              9      None
            1         19     19       10       0            0              18     None
            1         20     20       10       0            0              18     None
            3         33     33       10       0            0              90     None
            1         10000  10000    0        0            0              10000  NoBenefit
            1         10000  10000    100      0            0              0      None
            1         0      0        50       0            0              0      NoBenefit
            1         10000  10000    20       8000         0              8000   None
            1         10000  10000    20       8001         0              8001   None
            1         10000  10000    20       9999         0              9999   None
            1         10000  10000    20       10000        0              10000  FloorReached
            1         10000  10000    20       12000        0              12000> FloorReached
            1         10000  10000    20       0            9500           9500   None
            1         10000  10000    20       9000         9500           9500   None
            1         10000  10000    20       9500         9000           9500   None
            0.333     9999   9999     15       0            0              2831   None
            0.5       101    101      10       0            0              46     None
            0.001     10000  10000    10       0            0              9      None
            0.001     9999   9999     10       0            0              9      None
            0.333     10000  10000    20       9001         0              2998   None
            0.333     10000  10000    20       9999         0              3330   FloorReached
            1         8000   10000    30       0            0              7000   None
            1         8000   10000    20       0            0              8000   NoBenefit
            1         8000   10000    19       0            0              8000   NoBenefit
            1         8000   10000    21       0            0              7900   None
            1         8000   10000    30       7500         0              7500   None
            1         8000   10000    30       8000         0              8000   FloorReached
            2         8000   10000    30       0            0              14000  None
            1         12000  10000    10       0            0              10800  None
            """;
        foreach (var row in Table.Split('\n').Skip(1))
        {
            var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var line = Line(decimal.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture), long.Parse(cells[1]), long.Parse(cells[2]), long.Parse(cells[5]));
            var price = Pricing.Price([line], true, [Held(0, percent: int.Parse(cells[3]), floor: long.Parse(cells[4]))]).Lines[0];
            var pays = cells[6].EndsWith('>') ? line.Total.Minor : long.Parse(cells[6]);
            Assert.True((pays, cells[7]) == (price.Total.Minor, price.Refusal.ToString()), $"{row}: {price}");
            Assert.Equal(line.Total, price.Total + price.Discount);
        }
    }

    // Price and regular price of a unit; the offer; the floor of the offer; then what is paid, the points, and why no offer was used.
    [Fact]
    public void Every_mechanic_costs_what_the_table_says()
    {
        const string Table =
            """
            quantity  price  regular  offer          floor  pays   points  refusal
            1         10000  10000    amount:1500    0      8500   0       None
            3         10000  10000    amount:1500    0      25500  0       None
            0.333     9999   9999     amount:1500    0      2830   0       None
            1         1000   1000     amount:1500    0      0      0       None
            1         10000  10000    amount:1500    9000   9000   0       None
            1         10000  10000    amount:1500    10000  10000  0       FloorReached
            1         8000   10000    amount:1500    0      8000   0       NoBenefit
            1         8000   10000    amount:2500    0      7500   0       None
            1         10000  10000    fixed:7990     0      7990   0       None
            2         10000  10000    fixed:7990     0      15980  0       None
            0.5       10000  10000    fixed:7991     0      3996   0       None
            1         10000  10000    fixed:7990     8500   8500   0       None
            1         7990   10000    fixed:7990     0      7990   0       NoBenefit
            1         7000   10000    fixed:7990     0      7000   0       NoBenefit
            1         10000  10000    fixed:0        0      0      0       None
            1         10000  10000    points:10%     0      10000  1000    None
            1         9      9        points:10%     0      9      0       NoBenefit
            3         33     33       points:10%     0      99     9       None
            0.455     45900  45900    points:10%     0      20885  2088    None
            2         10000  10000    points:500     0      20000  1000    None
            1         8000   10000    points:10%     0      8000   800     None
            1         10000  10000    points:10%     10000  10000  1000    None
            2         10000  10000    2+1            0      20000  0       NoBenefit
            3         10000  10000    2+1            0      20000  0       None
            5         10000  10000    2+1            0      40000  0       None
            6         10000  10000    2+1            0      40000  0       None
            2         10000  10000    1+1            0      10000  0       None
            3         10000  10000    2+1            7000   21000  0       None
            3         9000   10000    2+1            0      20000  0       None
            3         6000   10000    2+1            0      18000  0       NoBenefit
            3.5       10000  10000    2+1            0      35000  0       NoBenefit
            5         10000  10000    percent:20/2   0      46000  0       None
            2         10000  10000    percent:20/2   0      16000  0       None
            1.5       10000  10000    percent:20/2   0      12000  0       None
            5         10000  10000    amount:1000/3  0      47000  0       None
            5         10000  10000    points:10%/2   0      50000  2000    None
            """;
        foreach (var row in Table.Split('\n').Skip(1))
        {
            var cells = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var line = Line(decimal.Parse(cells[0], System.Globalization.CultureInfo.InvariantCulture), long.Parse(cells[1]), long.Parse(cells[2]));
            var held = Held(0, percent: 0, floor: long.Parse(cells[4]));
            var price = Pricing.Price([line], true, [held with { Offer = Told(held.Offer, cells[3]) }]).Lines[0];
            Assert.True((cells[5], cells[6], cells[7]) == ($"{price.Total.Minor}", $"{price.Points.Minor}", price.Refusal.ToString()), $"{row}: {price}");
            Assert.Equal(line.Total, price.Total + price.Discount);
        }

        // "amount:1500", "points:10%", "2+1"; "/3" at the end: at most three pieces.
        static Offer Told(Offer offer, string told)
        {
            var parts = told.Split('/');
            if (parts.Length > 1) offer = offer with { MostPieces = Quantity.Of(long.Parse(parts[1])) };
            if (parts[0].Split('+') is [var buy, var free]) return offer with { Mechanic = Mechanic.NPlusM, Buy = int.Parse(buy), Free = int.Parse(free) };
            var (name, value) = (parts[0].Split(':')[0], parts[0].Split(':')[1]);
            offer = offer with { Mechanic = name switch { "amount" => Mechanic.AmountOff, "fixed" => Mechanic.FixedPrice, "points" => Mechanic.Points, _ => Mechanic.PercentOff } };
            return name == "percent" || value.EndsWith('%') ? offer with { Depth = new Percent(100 * int.Parse(value.TrimEnd('%'))) } : offer with { Amount = new Money(long.Parse(value)) };
        }
    }

    [Fact]
    public void An_offer_is_spent_on_the_line_with_the_largest_benefit_and_only_there()
    {
        var prices = Pricing.Price([Line(1, 100), Line(3, 100), Line(2, 100), Line(3, 100)], true, [Held(0, percent: 10)]).Lines;
        Assert.Equal([100L, 270, 200, 300], prices.Select(price => price.Total.Minor));
        Assert.Equal(
            [TillRefusal.OfferUsed, TillRefusal.None, TillRefusal.OfferUsed, TillRefusal.OfferUsed],
            prices.Select(price => price.Refusal));
    }

    [Fact]
    public void Two_offers_for_a_product_go_to_two_lines_the_deeper_one_to_the_dearer()
    {
        var prices = Pricing.Price([Line(1, 100), Line(1, 1000)], true, [Held(0, percent: 10), Held(1, percent: 30)]).Lines;
        Assert.Equal([90L, 700], prices.Select(price => price.Total.Minor));
    }

    [Fact]
    public void A_spent_offer_and_an_offer_for_another_product_are_told_apart()
    {
        var prices = Pricing.Price([Line(1, 100), Line(1, 100) with { Product = new ProductId(2) }], true, [Held(0, percent: 10) with { Blocked = TillRefusal.OfferUsed }]).Lines;
        Assert.Equal([TillRefusal.OfferUsed, TillRefusal.NoOfferForProduct], prices.Select(price => price.Refusal));
        Assert.Equal(TillRefusal.CustomerUnknown, Pricing.Price([Line(1, 100)], false, []).Lines[0].Refusal);
    }

    [Fact]
    public void Whatever_comes_prices_never_rise_never_fall_below_floors_and_offers_are_used_once()
    {
        const int Seed = 20_261_126;
        var random = new Random(Seed);
        for (var run = 0; run < 20_000; run++)
        {
            var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ => new ReceiptLine(
                new ProductId(random.Next(0, 3)), new Quantity(random.Next(1, 5_000)), new Money(random.Next(0, 2_000)), new Money(random.Next(0, 2_000)), new Money(random.Next(4) == 0 ? random.Next(2_000) : 0))).ToArray();
            var offers = Enumerable.Range(0, random.Next(0, 5)).Select(i => Held(i, random.Next(101), random.Next(3) == 0 ? random.Next(2_000) : 0, random.Next(1, 3)) with { Blocked = random.Next(5) == 0 ? TillRefusal.OfferUsed : TillRefusal.None }).ToArray();
            var prices = Pricing.Price(lines, true, offers).Lines;
            var about = $"seed {Seed}, run {run}: {string.Join("; ", lines)} | {string.Join("; ", offers.Select(offer => offer.Offer))}";
            for (var i = 0; i < lines.Length; i++)
            {
                Assert.True(prices[i].Total <= lines[i].Total && prices[i].Total >= Money.Zero, about);
                Assert.True(prices[i].Discount > Money.Zero == prices[i].Used is not null, about);
                if (prices[i].Used is not { } used) continue;
                Assert.True(used.Blocked == TillRefusal.None && used.Offer.Target == lines[i].Product.Value, about);
                Assert.True((decimal)prices[i].Total.Minor >= used.Offer.Floor.Minor * lines[i].Quantity.Amount, about);
                Assert.True((decimal)prices[i].Total.Minor >= lines[i].Floor.Minor * lines[i].Quantity.Amount, about);
            }

            var usedOffers = prices.Where(price => price.Used is not null).Select(price => price.Used!.Offer.Index).ToArray();
            Assert.True(usedOffers.Distinct().Count() == usedOffers.Length, about);
        }
    }

    static ReceiptLine Line(decimal quantity, long price, long? regular = null, long floor = 0) =>
        new(new ProductId(1), Quantity.Of(quantity), new Money(price), new Money(regular ?? price), new Money(floor));

    static HeldOffer Held(int index, int percent, long floor = 0, int product = 1) => new("w", Shop.Offer(1, index, product, percent, floor), TillRefusal.None);
}
