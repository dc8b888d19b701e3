using System.Globalization;
using System.Text.Unicode;
using Volna.Kernels;

namespace Volna.Server.Bench;

/// <summary>A till's calls as bytes. Which customer and products a call is about follows from its number alone, so a repeat is the same call.</summary>
/// <param name="run">Begins the ids of the receipts.</param>
sealed class TillCalls(int customers, DateTimeOffset now, string run)
{
    readonly string _time = now.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>Asks for a customer's offers.</summary>
    public int LookUp(long number, Span<byte> request)
    {
        var customer = new Draw(seed: 7, "bench look-up", (ulong)number).NextBelow(customers);
        Written(Utf8.TryWrite(request, CultureInfo.InvariantCulture, $"GET /till/v1/customers/{BenchShop.FirstKey + customer}/offers?store=S001 HTTP/1.1\r\nHost: localhost\r\n\r\n", out var length));
        return length;
    }

    /// <summary>Closes a receipt of three lines, one of them of a product for which the customer has an offer: the next one at her next receipt.</summary>
    public int Close(long number, Span<byte> request) => Close(number, 10_000, request);

    /// <summary>Another receipt under the same id: it costs a kopeck less.</summary>
    public int CloseOther(long number, Span<byte> request) => Close(number, 9_999, request);

    // All have the time of the run's begin, which may be long ago: hence replayed.
    int Close(long number, int unitPriceMinor, Span<byte> request)
    {
        var customer = (int)(number % customers);
        var product = BenchShop.Product(customer, (int)(number / customers % BenchShop.OffersEach));
        Span<byte> body = stackalloc byte[1_024];
        Written(Utf8.TryWrite(
            body, CultureInfo.InvariantCulture,
            $$"""
            {"id":"{{run}}-{{number:000000000}}","store":"S{{number % BenchShop.Stores:000}}","customer":"{{BenchShop.FirstKey + customer}}","time":"{{_time}}","replay":true,"lines":[{"id":"1","product":"{{BenchShop.FirstProduct + product}}","quantity":1,"unitPriceMinor":{{unitPriceMinor}}},{"id":"2","product":"{{BenchShop.FirstProduct + ((product + 7) % BenchShop.Products)}}","quantity":2,"unitPriceMinor":4990},{"id":"3","product":"{{BenchShop.FirstProduct + ((product + 11) % BenchShop.Products)}}","quantity":0.455,"unitPriceMinor":45900}]}
            """,
            out var length));
        Written(Utf8.TryWrite(request, CultureInfo.InvariantCulture, $"POST /till/v1/receipts/close HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n", out var head));
        body[..length].CopyTo(request[head..]);
        return head + length;
    }

    static void Written(bool fits)
    {
        if (!fits) throw new InvalidOperationException("A request is longer than its buffer.");
    }
}
