using System.Runtime.InteropServices;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers.Pack;
using Volna.Redemptions;

namespace Volna.Simulation;

/// <summary>What the tills did in some days.</summary>
/// <param name="Receipts">Closed at the tills.</param>
/// <param name="Paid">For these receipts, by what the tills answered.</param>
/// <param name="Redeemed">Lines on which an offer was spent, and whole baskets.</param>
/// <param name="Surprises">Lines that cost something else at the till than the customer had reckoned; there should be none.</param>
/// <param name="Path">The receipts as a file, as the retailer sends them next.</param>
/// <param name="Truth">Null where nobody was treated.</param>
sealed record Trade(long Receipts, Money Paid, long Redeemed, Money Discount, long Surprises, string Path, TrueEffect? Truth);

/// <summary>
/// Lets days pass: customers who saw their offers come and choose, each receipt is closed by the real till, and what each treated customer would have
/// bought in these days without the offers is reckoned beside it.
/// </summary>
/// <param name="pack">Of the wave that is live, or null for days without offers.</param>
/// <param name="productKey">A product's key by its number in the pack.</param>
sealed class TradeJob(World world, Population population, Till till, OfferPackStore? pack, Func<int, string> productKey)
{
    readonly Dictionary<string, int> _products = world.Assortment.Goods.ToDictionary(good => good.Key, good => good.Number);

    /// <summary>Place in the pack by customer of the world, -1 for those who aren't assigned.</summary>
    readonly int[] _places = [.. population.Shoppers.Select(shopper => pack?.Find(Hash64.Of(shopper.Key)) ?? -1)];

    /// <param name="watch">Sees what was sold, days and customers in a fixed order.</param>
    public Trade Run(Period days, string receiptsPath, IProgress<StepProgress>? progress, CancellationToken stop, Action<ReceiptBook>? watch = null)
    {
        var treated = population.Shoppers.Where(shopper => _places[shopper.Number] >= 0 && !pack!.At(_places[shopper.Number]).HeldOut).ToArray();
        Array.Fill(population.Offers, ShopperOffers.None);
        foreach (var shopper in treated)
        {
            var place = _places[shopper.Number];
            population.Offers[shopper.Number] = ShopperOffers.Of(world, shopper, OffersOf(place), days, pack!.At(place).Closed, BasketOf(place));
        }

        var before = treated.Select(shopper => population.States[shopper.Number].Copy()).ToArray();

        var taken = new Takings[population.Shoppers.Length];
        long receipts = 0, redeemed = 0, surprises = 0;
        Money paid = Money.Zero, discount = Money.Zero;
        var rows = new ReceiptRows(world, population.Chunks);
        var books = new ReadOnlyMemory<ReceiptBook>[population.Chunks];
        using (var file = RetailerFeed.Create(receiptsPath))
        {
            for (var passed = 0; passed < days.Days; passed += 7)
            {
                stop.ThrowIfCancellationRequested();
                population.Live(world.Day(days.Start) + passed, Math.Min(7, days.Days - passed), (chunk, ofDays) => books[chunk] = ofDays);
                for (var chunk = 0; chunk < books.Length; chunk++)
                {
                    stop.ThrowIfCancellationRequested();
                    foreach (var book in books[chunk].Span)
                    {
                        Close(book);
                        watch?.Invoke(book);
                    }

                    rows.Add(chunk, books[chunk]);
                    progress?.Report(new StepProgress(new("Tills", "Кассы"), receipts, null, new("receipts", "чеков")));
                }

                rows.Flush(file);
            }
        }

        return new Trade(receipts, paid, redeemed, discount, surprises, receiptsPath, treated.Length == 0 ? null : TrueEffect(treated, before, taken, days));

        void Close(ReceiptBook book)
        {
            var atTill = book.Receipts.Where(receipt => !receipt.IsReturn).ToArray();
            var answers = till.CloseMany([.. atTill.Select(receipt => AtTill(receipt, book))]);
            var lines = CollectionsMarshal.AsSpan(book.Lines);
            for (var i = 0; i < atTill.Length; i++)
            {
                for (var k = 0; k < answers[i].Lines.Count; k++)
                {
                    ref var line = ref lines[atTill[i].FirstLine + k];
                    var answer = answers[i].Lines[k];
                    if (line.Paid != answer.Total) surprises++;
                    if (answer.Offer is not null) redeemed++;
                    line = line with { Paid = answer.Total };
                }

                if (answers[i].BasketOffer is not null) redeemed++;
                receipts++;
                paid += answers[i].Total;
                discount += answers[i].Discount;
            }

            foreach (var receipt in book.Receipts) taken[receipt.Shopper] += Counterfactual.Of(world, book.LinesOf(receipt));
        }
    }

    TillReceipt AtTill(Receipt receipt, ReceiptBook book)
    {
        var shop = world.Shops[receipt.Shop];
        var time = new DateTimeOffset(world.Date(receipt.Day).ToDateTime(new TimeOnly(receipt.Minute / 60, receipt.Minute % 60)), TimeSpan.FromHours(shop.City.OffsetHours));
        var lines = new List<TillLine>(receipt.Lines);
        foreach (var line in book.LinesOf(receipt))
            lines.Add(new TillLine(
                (lines.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), world.Assortment.Goods[line.Product].Key, new Quantity(line.QuantityThousandths), line.ShelfPrice));
        return new TillReceipt(receipt.Id, shop.Key, Shopper.KeyOf(receipt.Shopper), time, lines);
    }

    WorldOffer[] OffersOf(int place) => [.. pack!.OffersAt(place).Where(offer => offer.TargetKind == TargetKind.Product).Select(offer => WorldOffer.Of(_products[productKey(offer.Target)], offer))];

    WorldBasketOffer? BasketOf(int place) =>
        pack!.OffersAt(place).FirstOrDefault(offer => offer.TargetKind == TargetKind.Basket) is { } offer ? new WorldBasketOffer(offer.LeastTotal, offer.Depth, offer.Mechanic, offer.Amount) : null;

    TrueEffect TrueEffect(Shopper[] treated, ShopperState[] before, Takings[] taken, Period days)
    {
        var without = new Takings[treated.Length];
        Parallel.For(0, treated.Length, population.Threads, i => without[i] = Counterfactual.Live(world, treated[i], before[i], ShopperOffers.None, days));
        var difference = default(Takings);
        foreach (var shopper in treated) difference += taken[shopper.Number];
        foreach (var takings in without) difference -= takings;
        return new TrueEffect(treated.Length, difference.Spend, difference.Margin);
    }
}

/// <summary>What a wave really brought: its treated customers with their offers less the same customers, on the same days with the same luck, without.</summary>
/// <param name="Treated">Customers assigned to the wave and not held out, whether they got an offer or not.</param>
/// <param name="Spend">Additional spend of all of them.</param>
/// <param name="Margin">Additional margin of all of them; what the offers cost is taken off.</param>
public sealed record TrueEffect(int Treated, Money Spend, Money Margin)
{
    /// <summary>In minor units, as in the report.</summary>
    public double SpendPerCustomer => (double)Spend.Minor / Treated;

    public double MarginPerCustomer => (double)Margin.Minor / Treated;
}
