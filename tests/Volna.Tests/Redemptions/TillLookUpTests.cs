using System.Buffers;
using System.Text;
using Volna.Intake.Catalog;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions;

/// <summary>The quick way of a look-up tells what the plain one does, byte for byte.</summary>
public sealed class TillLookUpTests
{
    [Fact]
    public async Task The_quick_way_tells_the_same_as_the_plain_one()
    {
        using var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk", "Milk \"of the house\" <2 %>, \u043c\u043e\u043b\u043e\u043a\u043e", category: 1);
        shop.AddProduct(2, "bread");
        shop.AddCustomer(9, "known");
        shop.Run("insert into category (number, path, parent) values (1, 'Food', 0); update product set brand = 'Cow'");
        shop.AddPublishedWave(
            "w", (1, "anna", [.. new (TargetKind Kind, int Target)[] { (TargetKind.Product, 1), (TargetKind.Category, 1), (TargetKind.Brand, 1), (TargetKind.Basket, 0) }
                .Select((on, i) => Shop.Offer(1, i, on.Target, 10) with { TargetKind = on.Kind, Depth = new Percent(1_005 + (495 * i)) })]),
            (2, "bo\"ris", [Shop.Offer(2, 0, 2, 20)]), (3, "held out", null));
        shop.AddPublishedWave("later", (1, "anna", [.. Enumerable.Range(0, 10).Select(index => Shop.Offer(1, index, 1 + (index % 2), 5 + index))]));
        using var till = shop.OpenTill(new SetClock(Shop.Now));
        Check();
        await till.ReserveAsync(Shop.Receipt("r1", "anna", ("bread", 1, 100_00)));
        Check();
        till.Close(Shop.Receipt("r2", "anna", ("milk", 1, 100_00)));
        Check();

        void Check()
        {
            foreach (var customer in (string[])["anna", "bo\"ris", "held out", "known", "unknown", "\u0430\u043d\u043d\u0430\n", ""])
                foreach (var (store, at) in ((string, DateTimeOffset)[])[("S", Shop.Now), ("nowhere", Shop.Now), ("S", Shop.Now.AddDays(30))])
                    Assert.Equal(Encoding.UTF8.GetString(TillMessages.Write(till.Offers(customer, store, at))), Written(till, customer, store, at));
        }
    }

    internal static string Written(Till till, string customer, string store, DateTimeOffset at)
    {
        var written = new ArrayBufferWriter<byte>();
        till.WriteOffers(written, customer, store, at);
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }
}
