using Volna.Samples;

// till-client http://localhost:5080 CUSTOMER PRODUCT PRICE [KEY]: sells one piece of a product.
if (args is not [var server, var customer, var product, var price, ..])
{
    Console.Error.WriteLine("till-client SERVER CUSTOMER PRODUCT PRICE-IN-KOPECKS [KEY]");
    return 2;
}

using var till = new TillClient(new Uri(server), args.ElementAtOrDefault(4), "till-journal.jsonl");
await till.ReplayAsync();
var receipt = new Receipt($"sample-{Guid.NewGuid():N}", "", customer, DateTimeOffset.Now, [new Line("1", product, 1, long.Parse(price, System.Globalization.CultureInfo.InvariantCulture))]);
var priced = till.Confirm(receipt, await till.PriceAsync(receipt));
Console.WriteLine(priced.Fallback == Fallback.None
    ? $"to pay {priced.TotalMinor}, personal offers took off {priced.DiscountMinor}"
    : $"to pay {priced.TotalMinor}, without personal offers: {priced.Fallback} ({priced.Why})");
Console.WriteLine(await till.CloseAsync(receipt, priced) ? "closed" : $"will be closed later; waiting: {till.Waiting}");
return 0;
