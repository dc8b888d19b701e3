using System.Net;
using System.Net.Http.Headers;
using Volna.Redemptions;
using Volna.Redemptions.Offline;

namespace Volna.Samples;

/// <summary>
/// Personal offers while the centre is away, from the store's pack. What it sold is sent when the centre is back; see docs/till.md, "Off-line tills".
/// </summary>
/// <param name="folder">On the disk of the store's server, for its tills together.</param>
/// <param name="key">From <c>volna till pack --store KEY</c>.</param>
public sealed class StorePack(HttpClient http, string folder, string store, byte[] key) : IDisposable
{
    readonly OfflineTill _till = OfflineTill.Open(folder, store, key, TimeProvider.System);

    /// <inheritdoc cref="OfflineTill.MustSellFromPack"/>
    public bool MustSellFromPack => _till.MustSellFromPack;

    /// <summary>Null where the pack can't price it: then it is sold at shelf prices.</summary>
    public Priced? Price(Receipt receipt, Fallback fallback, string why)
    {
        try
        {
            var answer = _till.Price(Told(receipt));
            return new Priced(answer.Total.Minor, answer.Discount.Minor, fallback, why) { IsFromPack = true };
        }
        catch (GuardException)
        {
            return null;
        }
    }

    /// <summary>Sells the receipt, on the disk when this returns, at what its offers give now; null where the pack was sealed since it was priced.</summary>
    public Priced? Close(Receipt receipt, Fallback fallback, string why)
    {
        try
        {
            var answer = _till.Close(Told(receipt));
            return new Priced(answer.Total.Minor, answer.Discount.Minor, fallback, why) { IsFromPack = true, IsBooked = true };
        }
        catch (GuardException refusal) when (refusal.Code is "lease-sealed" or "pack-none")
        {
            return null;
        }
    }

    /// <summary>What the centre refused of the last upload, and why: for people to look at. The receipts stay in the store's journal.</summary>
    public IReadOnlyList<UploadedReceiptMessage> Refused { get; private set; } = [];

    public void NoteUsed(Answer answer) => _till.NoteUsed([.. answer.Lines.Select(line => line.Offer).Append(answer.BasketOffer).OfType<string>()]);

    /// <summary>
    /// Sends what was sold and takes the packs of the waves that are live in the next three days, for as long as the centre may be away. To be called
    /// when the centre is back, after the closes that wait, and each night.
    /// </summary>
    public async Task RefreshAsync()
    {
        foreach (var lease in _till.Leases)
            if (lease.HasToSettle && (lease.Receipts > 0 || lease.HasEnded))
            {
                // Sealed, a pack sells nothing more: so only when the centre answers, and takes the till's key.
                var wave = Uri.EscapeDataString(lease.Id.Split('/')[0]);
                using (var answer = await http.GetAsync(new Uri($"till/v1/offline?wave={wave}", UriKind.Relative)).ConfigureAwait(false)) answer.EnsureSuccessStatusCode();
                var refused = new List<UploadedReceiptMessage>();
                foreach (var upload in lease.Seal()) refused.AddRange(lease.Refused(await PostAsync("till/v1/offline/upload", upload).ConfigureAwait(false)));
                Refused = refused;
                await PostAsync("till/v1/offline/settle", lease.Settlement()).ConfigureAwait(false);
                lease.Settled();
            }

        EntityTagHeaderValue? last = null;
        for (var days = 0; days <= 3; days++)
        {
            using var ask = new HttpRequestMessage(HttpMethod.Get, new Uri($"till/v1/stores/{Uri.EscapeDataString(store)}/pack?day={DateTime.Today.AddDays(days):yyyy-MM-dd}", UriKind.Relative));
            if (last is not null) ask.Headers.IfNoneMatch.Add(last);
            using var response = await http.SendAsync(ask).ConfigureAwait(false);
            // The same wave as the day before, or none.
            if (response.StatusCode is HttpStatusCode.NotModified or HttpStatusCode.NotFound) continue;
            response.EnsureSuccessStatusCode();
            last = response.Headers.ETag;
            _till.Take(await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false));
        }
    }

    public void Dispose() => _till.Dispose();

    async Task<byte[]> PostAsync(string path, byte[] json)
    {
        using var body = new ByteArrayContent(json) { Headers = { ContentType = new("application/json") } };
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), body).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
    }

    static TillReceipt Told(Receipt receipt) => new(
        receipt.Id, receipt.Store, receipt.Customer ?? "", receipt.Time,
        [.. receipt.Lines.Select(line => new TillLine(line.Id, line.Product, Quantity.Of(line.Quantity), new Money(line.UnitPriceMinor)))]);
}
