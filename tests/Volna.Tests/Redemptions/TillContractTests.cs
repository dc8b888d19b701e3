using System.Globalization;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Redemptions;
using Volna.Tests.Redemptions.Offline;

namespace Volna.Tests.Redemptions;

/// <summary>What the contract promises, asked as a till asks it: over HTTP.</summary>
public sealed class TillContractTests
{
    // What the customer holds; her basket as product, quantity and shelf price; what it costs, line by line; the points; why no offer was used, line by line.
    [Fact]
    public async Task A_basket_costs_over_http_what_the_table_says()
    {
        const string Table =
            """
            percent milk 20                   | milk 1 10000                   | 8000          | 0    | none
            percent milk 20                   | milk 0.333 9999                | 2664          | 0    | none
            percent milk 10, percent milk 30  | milk 1 5000, milk 1 10000      | 4500 7000     | 0    | none none
            amount milk 1500                  | milk 2 10000                   | 17000         | 0    | none
            amount milk 1500                  | milk 1 1000                    | 0             | 0    | none
            fixed milk 7990                   | milk 1 10000                   | 7990          | 0    | none
            fixed milk 7990                   | milk 0.5 10000                 | 3995          | 0    | none
            points milk 10                    | milk 0.455 45900               | 20885         | 2088 | none
            2+1 milk                          | milk 2 10000                   | 20000         | 0    | no-benefit
            2+1 milk                          | milk 5 10000                   | 40000         | 0    | none
            2+1 milk                          | milk 3.5 10000                 | 35000         | 0    | no-benefit
            category dairy 10                 | milk 1 10000, cheese 1 20000   | 10000 18000   | 0    | offer-used none
            brand B 10                        | tea 1 10000, milk 1 10000      | 9000 10000    | 0    | none no-offer-for-product
            basket 1000 15000                 | milk 1 10000, tea 2 2500       | 9333 4667     | 0    | no-offer-for-product no-offer-for-product
            basket 1000 15000                 | milk 1 10000, tea 2 2499       | 10000 4998    | 0    | no-offer-for-product no-offer-for-product
            basket 1000 0, percent milk 20    | milk 1 10000                   | 7000          | 0    | none
            basket 1000 0                     | tobacco 1 10000, milk 1 10000  | 10000 9000    | 0    | no-offer-for-product no-offer-for-product
            basket 9000 0                     | vodka 1 10000, milk 1 1000     | 9500 0        | 0    | no-offer-for-product no-offer-for-product
            percent vodka 20                  | vodka 1 10000                  | 9500          | 0    | none
            percent tobacco 20                | tobacco 1 10000                | 10000         | 0    | floor-reached
            percent juice 30                  | juice 1 8000                   | 7000          | 0    | none
            percent juice 20                  | juice 1 8000                   | 8000          | 0    | no-benefit
            percent juice 30                  | juice 0.25 8000                | 1750          | 0    | none
            """;
        using var shop = new Shop();
        shop.AddStore(1, "S");
        shop.Run("insert into category (number, path, parent) values (1, 'Dairy', 0)");
        shop.AddProduct(1, "milk", category: 1);
        shop.AddProduct(2, "cheese", category: 1);
        shop.AddProduct(3, "tea");
        shop.AddProduct(4, "vodka", floor: FloorPolicy.MinimumPrice, floorPrice: 95_00);
        shop.AddProduct(5, "tobacco", floor: FloorPolicy.NoDiscount);
        shop.AddProduct(6, "juice");
        shop.AddPromotion(6, 1, 20);
        shop.Run("update product set brand = 'B' where number = 3");
        var rows = Table.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).ToArray();
        shop.AddPublishedWave("w", [.. rows.Select((cells, i) => (i + 1, $"c{i}", (IReadOnlyList<Offer>?)[.. cells[0].Split(", ").Select((told, index) => Told(i + 1, index, told.Split(' ')))]))]);
        await using var served = await ServedTill.Start(shop, new SetClock(Shop.Now));
        foreach (var (i, cells) in rows.Index())
        {
            var lines = cells[1].Split(", ").Select((line, at) => line.Split(' ') is var part ? new { id = $"{at}", product = part[0], quantity = decimal.Parse(part[1], CultureInfo.InvariantCulture), unitPriceMinor = long.Parse(part[2], CultureInfo.InvariantCulture) } : null);
            var receipt = JsonSerializer.Serialize(new { id = $"r{i}", store = "S", customer = $"c{i}", time = Shop.Now, lines });
            foreach (var call in (string[])["price", "close"])
            {
                var (status, answer) = await served.Post($"receipts/{call}", receipt);
                var told = answer.GetProperty("lines").EnumerateArray().ToArray();
                var points = answer.TryGetProperty("pointsMinor", out var earned) ? earned.GetInt64() : 0;
                Assert.True(
                    (200, cells[2], cells[3], cells[4]) == (status, string.Join(' ', told.Select(line => line.GetProperty("totalMinor"))), $"{points}", string.Join(' ', told.Select(line => line.GetProperty("refusal").GetString()))),
                    $"{string.Join(" | ", cells)}: {call}: {status} {answer}");
                Assert.Equal(answer.GetProperty("totalMinor").GetInt64(), told.Sum(line => line.GetProperty("totalMinor").GetInt64()));
                Assert.Equal(answer.GetProperty("discountMinor").GetInt64(), told.Sum(line => line.GetProperty("discountMinor").GetInt64()));
            }
        }

        Assert.Null(new RedemptionStore(shop.State).BooksDifference());

        // "percent milk 20", "2+1 milk", "basket 1000 15000": so much off from that total on.
        static Offer Told(int customer, int index, string[] words)
        {
            var offer = Shop.Offer(customer, index, words[1] switch { "tea" or "B" => 3, "vodka" => 4, "tobacco" => 5, "juice" => 6, _ => 1 }, 0);
            if (words[0].Split('+') is [var buy, var free]) return offer with { Mechanic = Mechanic.NPlusM, Buy = int.Parse(buy, CultureInfo.InvariantCulture), Free = int.Parse(free, CultureInfo.InvariantCulture) };
            var number = int.Parse(words[^1], CultureInfo.InvariantCulture);
            var (amount, depth) = (new Money(number), new Percent(Math.Min(100 * number, 10_000)));
            return words[0] switch
            {
                "amount" => offer with { Mechanic = Mechanic.AmountOff, Amount = amount },
                "fixed" => offer with { Mechanic = Mechanic.FixedPrice, Amount = amount },
                "points" => offer with { Mechanic = Mechanic.Points, Depth = depth },
                "category" => offer with { TargetKind = TargetKind.Category, Depth = depth },
                "brand" => offer with { TargetKind = TargetKind.Brand, Depth = depth },
                "basket" => offer with { TargetKind = TargetKind.Basket, Target = 0, Mechanic = Mechanic.AmountOff, Amount = new Money(long.Parse(words[1], CultureInfo.InvariantCulture)), LeastTotal = amount, RegularPrice = Money.Zero },
                _ => offer with { Depth = depth },
            };
        }
    }

    [Fact]
    public async Task A_receipt_lives_its_life_over_http()
    {
        using var shop = Milk();
        var clock = new SetClock(Shop.Now);
        await using var served = await ServedTill.Start(shop, clock);
        string Receipt(string id, string customer, decimal quantity = 1, bool reserve = false) =>
            JsonSerializer.Serialize(new { id, store = "S", customer, time = clock.Now, reserve, lines = new[] { new { id = "1", product = "milk", quantity, unitPriceMinor = 10000 } } });
        string Back(string id, string back, decimal quantity, string line = "1") => JsonSerializer.Serialize(new { id, @return = back, lines = new[] { new { id = line, quantity } } });
        async Task<JsonElement> Done(string call, string body, string? key = null)
        {
            var (status, answer) = await served.Post($"receipts/{call}", body, key: key);
            Assert.True(status == 200, $"{call} {body}: {status} {answer}");
            Assert.Equal(answer.GetRawText(), (await served.Post($"receipts/{call}", body, key: key)).Body.GetRawText());
            return answer;
        }

        // Refused with a sentence in both languages, and nothing changes.
        async Task Refused(int status, string code, string call, string body, string? key = null)
        {
            var before = (await served.Get($"receipts/{JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()}")).Body.GetRawText();
            var (english, russian) = (await served.Post($"receipts/{call}", body, key: key), await served.Post($"receipts/{call}", body, "ru", key));
            Assert.True((status, code) == (english.Status, english.Body.GetProperty("code").GetString()), $"{call} {body}: {english}");
            Assert.Matches("[.]$", english.Body.GetProperty("detail").GetString());
            Assert.Matches("[а-яё].*[.]$", russian.Body.GetProperty("detail").GetString());
            Assert.Equal(before, (await served.Get($"receipts/{JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()}")).Body.GetRawText());
        }

        static (string?, long) Costs(JsonElement answer) => (answer.GetProperty("state").GetString(), answer.GetProperty("totalMinor").GetInt64());
        static string? Refusal(JsonElement answer) => answer.GetProperty("lines")[0].GetProperty("refusal").GetString();

        // Priced: the offer is kept, the content bound; reopened, it may change.
        var first = Receipt("r1", "anna", reserve: true);
        var priced = await Done("price", first, "k1");
        Assert.Equal(("priced", 8000L), Costs(priced));
        Assert.Equal(clock.Now.AddMinutes(15), priced.GetProperty("reservedUntil").GetDateTimeOffset());
        Assert.Equal("offer-reserved", Refusal(await Done("price", Receipt("r2", "anna"))));
        await Refused(422, "receipt-differs", "price", Receipt("r1", "anna", 2, reserve: true));
        await Refused(422, "key-differs", "close", first, "k1");
        await Refused(409, "receipt-not-closed", "return", Back("r1", "b1", 1));
        Assert.Equal("open", (await Done("reopen", """{"id":"r1"}""")).GetProperty("state").GetString());
        Assert.Equal(("priced", 16000L), Costs(await Done("price", Receipt("r1", "anna", 2, reserve: true))));
        var bound = Receipt("r1", "anna", 2);

        // Time runs out: another receipt takes the offer, and the late close says so on its line.
        clock.Now = clock.Now.AddMinutes(16);
        Assert.Equal("open", (await served.Get("receipts/r1")).Body.GetProperty("state").GetString());
        Assert.Equal(("closed", 8000L), Costs(await Done("close", Receipt("r2", "anna"))));
        var late = await Done("close", bound);
        Assert.Equal((("closed", 20000L), "offer-used"), (Costs(late), Refusal(late)));

        // Time runs out and nobody took it: the customer keeps what she was told, also much later.
        var boris = Receipt("r3", "boris", reserve: true);
        Assert.Equal(("priced", 8000L), Costs(await Done("price", boris)));
        clock.Now = clock.Now.AddMinutes(50);
        Assert.Equal(("closed", 8000L), Costs(await Done("close", boris)));
        await Refused(409, "receipt-closed", "reopen", """{"id":"r3"}""");

        // Goods come back in parts, and with the last one the offer.
        await Refused(422, "line-unknown", "return", Back("r2", "b1", 1, "2"));
        await Refused(422, "return-too-much", "return", Back("r2", "b1", 1.001m));
        var half = await Done("return", Back("r2", "b1", 0.333m));
        Assert.Equal(("partly-returned", 2664L), (half.GetProperty("state").GetString(), half.GetProperty("refundMinor").GetInt64()));
        await Refused(422, "return-differs", "return", Back("r2", "b1", 0.334m));
        Assert.Equal("offer-used", Refusal(await Done("price", Receipt("r4", "anna"))));
        var rest = await Done("return", Back("r2", "b2", 0.667m));
        Assert.Equal(("returned", 5336L), (rest.GetProperty("state").GetString(), rest.GetProperty("refundMinor").GetInt64()));
        await Refused(409, "receipt-returned", "return", Back("r2", "b3", 1));
        await Refused(409, "receipt-returned", "cancel", """{"id":"r2"}""");
        Assert.Equal(("open", 8000L), Costs(await Done("price", Receipt("r4", "anna"))));

        // Cancelled, nothing of it counts; what it was answered stands.
        Assert.Equal("cancelled", (await Done("cancel", """{"id":"r3"}""")).GetProperty("state").GetString());
        Assert.Equal(("closed", 8000L), Costs(await Done("close", boris)));
        await Refused(409, "receipt-cancelled", "return", Back("r3", "b1", 1));
        await Refused(404, "receipt-unknown", "cancel", """{"id":"r9"}""");
        Assert.Equal(404, (await served.Get("receipts/r9")).Status);
        Assert.Empty(new RedemptionStore(shop.State).OfWave("w"));
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
    }

    // The receipts themselves are in TillEndpointsTests. What is wrong, the call, its body, the status and the code.
    [Fact]
    public async Task Bad_input_of_every_other_call_gets_a_code_and_a_sentence_and_has_no_effect()
    {
        const string Sold = """{"store":"S","lease":"none","receipts":[]}""";
        var rows =
            $$$"""
            bad JSON                 | return          | {"id"                                                            | 400 | json-invalid
            no return's id           | return          | {"id":"r1","lines":[{"id":"1","quantity":1}]}                    | 400 | field-missing
            no lines                 | return          | {"id":"r1","return":"b1","lines":[]}                             | 400 | return-empty
            duplicate line ids       | return          | {"id":"r1","return":"b1","lines":[{"id":"1","quantity":0.1},{"id":"1","quantity":0.1}]} | 400 | line-id-twice
            negative quantity        | return          | {"id":"r1","return":"b1","lines":[{"id":"1","quantity":-1}]}     | 400 | line-quantity
            huge quantity            | return          | {"id":"r1","return":"b1","lines":[{"id":"1","quantity":1e27}]}   | 400 | line-quantity
            unknown line             | return          | {"id":"r1","return":"b1","lines":[{"id":"2","quantity":1}]}      | 422 | line-unknown
            too much                 | return          | {"id":"r1","return":"b1","lines":[{"id":"1","quantity":1.5}]}    | 422 | return-too-much
            unknown receipt          | return          | {"id":"r9","return":"b1","lines":[{"id":"1","quantity":1}]}      | 404 | receipt-unknown
            bad JSON                 | cancel          | []                                                               | 400 | json-invalid
            no id                    | cancel          | {}                                                               | 400 | field-missing
            a number as id           | reopen          | {"id":1}                                                         | 400 | json-invalid
            closed already           | reopen          | {"id":"r1"}                                                      | 409 | receipt-closed
            bad JSON                 | /offline/upload | {"store"                                                         | 400 | json-invalid
            no store                 | /offline/upload | {"lease":"none","receipts":[]}                                   | 400 | field-missing
            no receipts              | /offline/upload | {"store":"S","lease":"none"}                                     | 400 | field-missing
            bad JSON                 | /offline/settle | {{{Sold[..^1]}}}                                                 | 400 | json-invalid
            a lease that isn't there | /offline/settle | {"store":"S","lease":"none","receipts":0}                        | 404 | lease-unknown
            """;
        using var shop = Milk();
        await using var served = await ServedTill.Start(shop, new SetClock(Shop.Now));
        await served.Post("receipts/close", $$"""{"id":"r1","store":"S","customer":"anna","time":"{{Shop.Now:O}}","lines":[{"id":"1","product":"milk","quantity":1,"unitPriceMinor":10000}]}""");
        var before = (await served.Get("receipts/r1")).Body.GetRawText();
        foreach (var row in rows.Split('\n'))
        {
            var cells = row.Split('|', StringSplitOptions.TrimEntries);
            var path = cells[1][0] == '/' ? cells[1][1..] : $"receipts/{cells[1]}";
            var (status, answer) = await served.Post(path, cells[2]);
            Assert.True((cells[3], cells[4]) == ($"{status}", answer.GetProperty("code").GetString()), $"{row}: {status} {answer}");
            Assert.Matches("^[^а-яё]*[.]$", answer.GetProperty("detail").GetString());
            Assert.Matches("[а-яё].*[.]$", (await served.Post(path, cells[2], "ru")).Body.GetProperty("detail").GetString());
            Assert.Equal(before, (await served.Get("receipts/r1")).Body.GetRawText());
            Assert.Single(new RedemptionStore(shop.State).OfWave("w"));
        }
    }

    [Fact]
    public async Task A_store_that_was_off_line_sends_its_returns_over_http()
    {
        using var world = new OfflineShop();
        world.AddStores(1);
        world.Shop.AddProduct(1, "milk");
        world.AddCustomer(1, "anna", 1);
        world.AddWave(""" "offline": { "mode": "packs" } """, (1, "anna", [Shop.Offer(1, 0, 1, 20)]));
        await using var served = await ServedTill.Start(world.Shop, world.Clock);
        using var store = world.OpenStore("S1");
        store.Take(await served.Client.GetByteArrayAsync(new Uri("/till/v1/stores/S1/pack", UriKind.Relative), TestContext.Current.CancellationToken));
        store.Close(OfflineShop.Receipt("r1", "S1", "anna", Shop.Now, ("milk", 2, 100_00)));
        var told = store.Return(new TillReturn("r1", "b1", [new ReturnedLine("1", Quantity.Of(1.5m))]));
        var upload = store.Leases[0].Seal()[0];
        var (_, answer) = await served.Post("offline/upload", upload);
        Assert.Equal("partly-returned", answer.GetProperty("receipts")[0].GetProperty("state").GetString());
        Assert.Equal(answer.GetRawText(), (await served.Post("offline/upload", upload)).Body.GetRawText());
        Assert.Equal((40_00L, 10_00L), ((await served.Get("receipts/r1")).Body.GetProperty("totalMinor").GetInt64(), (await served.Get("receipts/r1")).Body.GetProperty("discountMinor").GetInt64()));
        Assert.Equal(TillMessages.Write(told), System.Text.Encoding.UTF8.GetBytes((await served.Post("receipts/return", """{"id":"r1","return":"b1","lines":[{"id":"1","quantity":1.5}]}""")).Body.GetRawText()));
        Assert.Equal(200, (await served.Post("receipts/return", """{"id":"r1","return":"b2","lines":[{"id":"1","quantity":0.5}]}""")).Status);
        Assert.Empty(new RedemptionStore(world.Shop.State).OfWave("w"));
        Assert.Equal(200, (await served.Post("offline/settle", store.Leases[0].Settlement())).Status);
    }

    static Shop Milk()
    {
        var shop = new Shop();
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddPublishedWave("w", (1, "anna", [Shop.Offer(1, 0, 1, 20)]), (2, "boris", [Shop.Offer(2, 0, 1, 20)]));
        return shop;
    }
}
