using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Volna.Samples;

/// <summary>
/// How a till talks to Volna without ever keeping a customer waiting.
///
/// 1. The total: price the receipt and have its offers kept for it (<c>reserve</c>). No answer within 300 ms: the receipt is sold at shelf prices,
///    without personal offers. Nothing has to be undone: what may have been kept is free again after 15 minutes.
///    A store with a pack (<see cref="StorePack"/>) prices it from there instead.
/// 2. Paid: write the receipt to the till's own journal, then close it. No answer: the journal repeats the close later, until it is acknowledged. Volna
///    gives a repeat the first answer, so repeating is always safe with the same id and content.
///
/// One HttpClient for the life of the till: its connections are kept open, and a new one costs a round trip.
/// </summary>
public sealed class TillClient : IDisposable
{
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    readonly HttpClient _http;
    readonly ClosesToRepeat _journal;
    readonly StorePack? _pack;

    /// <param name="key">From <c>volna key create --for till</c>; null where none is needed.</param>
    /// <param name="journal">File on the till's own disk.</param>
    /// <param name="pack">Makes the store's pack, which prices while Volna is away; null where the store has none.</param>
    public TillClient(Uri server, string? key, string journal, Func<HttpClient, StorePack>? pack = null)
    {
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { BaseAddress = server };
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        _journal = new ClosesToRepeat(journal);
        _pack = pack?.Invoke(_http);
    }

    /// <summary>Paid receipts whose close isn't acknowledged yet.</summary>
    public int Waiting => _journal.Waiting.Count;

    /// <summary>What the customer has to pay. Always answers, within the budget.</summary>
    public async Task<Priced> PriceAsync(Receipt receipt)
    {
        if (_pack is { MustSellFromPack: true }) return FromPack(receipt, Fallback.Unsent, "sold from the pack before");
        var (answer, fallback, why) = await CallAsync("till/v1/receipts/price", new { receipt.Id, receipt.Store, receipt.Customer, receipt.Time, receipt.Lines, reserve = true });
        if (answer is null) return FromPack(receipt, fallback, why);
        _pack?.NoteUsed(answer);
        return new Priced(answer.TotalMinor, answer.DiscountMinor, Fallback.None, why);
    }

    /// <summary>Tells Volna that the receipt was paid as priced. True if it is acknowledged, false if the journal will repeat it.</summary>
    /// <param name="priced">What <see cref="PriceAsync"/> said; sold at shelf prices, there is nothing to tell.</param>
    public async Task<bool> CloseAsync(Receipt receipt, Priced priced)
    {
        if (priced.IsFromPack) _pack!.Close(receipt);
        if (priced.Fallback != Fallback.None) return true;
        _journal.Add(receipt);
        return await RepeatAsync(receipt);
    }

    /// <summary>Repeats what waits, oldest first, until one isn't answered: then the server is still away. To be called every minute or so.</summary>
    public async Task ReplayAsync()
    {
        foreach (var receipt in _journal.Waiting)
            if (!await RepeatAsync(receipt))
                return;
        if (_pack is not null) await _pack.RefreshAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        _pack?.Dispose();
        _http.Dispose();
        _journal.Dispose();
    }

    Priced FromPack(Receipt receipt, Fallback fallback, string why) =>
        _pack?.Price(receipt, fallback, why) ?? new Priced(receipt.Lines.Sum(line => line.TotalMinor), 0, fallback, why);

    async Task<bool> RepeatAsync(Receipt receipt)
    {
        var (answer, _, _) = await CallAsync("till/v1/receipts/close", new { receipt.Id, receipt.Store, receipt.Customer, receipt.Time, receipt.Lines, replay = true });
        if (answer is null) return false;
        _journal.Remove(receipt);
        return true;
    }

    /// <summary>One call within the budget. A broken connection is tried once more with the same content; it may be a kept one that the server closed.</summary>
    async Task<(Answer? Answer, Fallback Fallback, string Why)> CallAsync(string path, object content)
    {
        using var budget = new CancellationTokenSource(Budget);
        for (var isLast = false; ; isLast = true)
            try
            {
                // The whole body is read within the budget too: a server that drips is as bad as one that is silent.
                using var body = JsonContent.Create(content, options: JsonSerializerOptions.Web);
                using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), body, budget.Token).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.OK)
                    return (await response.Content.ReadFromJsonAsync<Answer>(JsonSerializerOptions.Web, budget.Token).ConfigureAwait(false), Fallback.None, "");
                var why = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(budget.Token).ConfigureAwait(false)}";
                // 429 and 503 come with Retry-After, which is longer than a customer waits.
                return (null, response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError ? Fallback.Unavailable : Fallback.Refused, why);
            }
            catch (OperationCanceledException)
            {
                return (null, Fallback.TooSlow, $"no answer within {Budget.TotalMilliseconds} ms");
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                if (isLast) return (null, Fallback.NotReachable, broken.Message);
            }
            catch (JsonException broken)
            {
                return (null, Fallback.Unavailable, broken.Message);
            }
    }
}
