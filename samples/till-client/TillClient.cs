using System.Collections.Concurrent;
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
///    A store with a pack (<see cref="StorePack"/>) prices it from there instead. A basket that changed is priced again under the same id.
/// 2. About to be paid: confirm the total.
/// 3. Paid: write the receipt to the till's own journal, then close it. No answer: the journal repeats the close later, until it is acknowledged. Volna
///    gives a repeat the first answer, so repeating is always safe with the same id and content.
///
/// One HttpClient for the life of the till: its connections are kept open, and a new one costs a round trip.
/// </summary>
public sealed class TillClient : IDisposable
{
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    readonly HttpClient _http;
    readonly ClosesToRepeat _journal;
    readonly ConcurrentDictionary<string, string> _refused = [];
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

    /// <summary>Those of them that Volna refused when they were last sent, by id with its reason: for people to look at. They are sent again, because a wrong key refuses good ones, too.</summary>
    public IReadOnlyDictionary<string, string> Refused => _refused;

    /// <summary>What kept the last replay from renewing the store's pack; empty if nothing did.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>What the customer has to pay. Always answers, within the budget.</summary>
    public async Task<Priced> PriceAsync(Receipt receipt)
    {
        if (_pack is { MustSellFromPack: true }) return FromPack(receipt, Fallback.Unsent, "sold from the pack before");
        using var budget = new CancellationTokenSource(Budget);
        var content = new { receipt.Id, receipt.Store, receipt.Customer, receipt.Time, receipt.Lines, reserve = true };
        var (answer, fallback, why) = await CallAsync("till/v1/receipts/price", content, budget.Token);
        // The basket changed after a first total: what is kept for that one is given back.
        if (fallback == Fallback.Refused && why.Contains("\"receipt-differs\"", StringComparison.Ordinal))
        {
            (answer, fallback, why) = await CallAsync("till/v1/receipts/reopen", new { receipt.Id }, budget.Token);
            if (answer is not null) (answer, fallback, why) = await CallAsync("till/v1/receipts/price", content, budget.Token);
        }

        if (answer is null) return FromPack(receipt, fallback, why);
        _pack?.NoteUsed(answer);
        return new Priced(answer.TotalMinor, answer.DiscountMinor, Fallback.None, why);
    }

    /// <summary>
    /// Right before the money is taken: what the customer has to pay for good. For a total of the centre her offers are kept; from the pack the sale is booked now, because since the
    /// total was told another till of the store may have used an offer, or the pack may have been sealed. If she doesn't pay after all, all goods are brought back (<c>OfflineTill.Return</c>).
    /// </summary>
    public Priced Confirm(Receipt receipt, Priced priced) =>
        priced.IsFromPack ? _pack!.Close(receipt, priced.Fallback, priced.Why) ?? AtShelfPrices(receipt, priced.Fallback, priced.Why) : priced;

    /// <summary>Tells Volna that the receipt was paid as priced. True if it is acknowledged, false if the journal will repeat it.</summary>
    /// <param name="priced">What <see cref="Confirm"/> said; sold at shelf prices, there is nothing to tell.</param>
    public async Task<bool> CloseAsync(Receipt receipt, Priced priced)
    {
        if (priced is { IsFromPack: true, IsBooked: false }) throw new InvalidOperationException($"Receipt {receipt.Id}: confirm the total before the money is taken.");
        if (priced.Fallback != Fallback.None) return true;
        _journal.Add(receipt);
        return await RepeatAsync(receipt) == Fallback.None;
    }

    /// <summary>Repeats what waits, oldest first, until one isn't answered: then the server is still away. To be called every minute or so.</summary>
    public async Task ReplayAsync()
    {
        foreach (var receipt in _journal.Waiting)
            if (await RepeatAsync(receipt) is not (Fallback.None or Fallback.Refused))
                return;
        if (_pack is null) return;
        try
        {
            await _pack.RefreshAsync().ConfigureAwait(false);
            Trouble = "";
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException)
        {
            Trouble = away.Message;
        }
    }

    public void Dispose()
    {
        _pack?.Dispose();
        _http.Dispose();
        _journal.Dispose();
    }

    Priced FromPack(Receipt receipt, Fallback fallback, string why) =>
        _pack?.Price(receipt, fallback, why) ?? AtShelfPrices(receipt, fallback, why);

    static Priced AtShelfPrices(Receipt receipt, Fallback fallback, string why) => new(receipt.Lines.Sum(line => line.TotalMinor), 0, fallback, why);

    async Task<Fallback> RepeatAsync(Receipt receipt)
    {
        using var budget = new CancellationTokenSource(Budget);
        var (answer, fallback, why) = await CallAsync("till/v1/receipts/close", new { receipt.Id, receipt.Store, receipt.Customer, receipt.Time, receipt.Lines, replay = true }, budget.Token);
        if (answer is not null)
        {
            _journal.Remove(receipt);
            _refused.TryRemove(receipt.Id, out _);
        }
        else if (fallback == Fallback.Refused)
        {
            _refused[receipt.Id] = why;
        }

        return fallback;
    }

    /// <summary>One call. A broken connection is tried once more with the same content; it may be a kept one that the server closed.</summary>
    async Task<(Answer? Answer, Fallback Fallback, string Why)> CallAsync(string path, object content, CancellationToken budget)
    {
        for (var isLast = false; ; isLast = true)
            try
            {
                // The whole body is read within the budget too: a server that drips is as bad as one that is silent.
                using var body = JsonContent.Create(content, options: JsonSerializerOptions.Web);
                using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), body, budget).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.OK)
                    return (await response.Content.ReadFromJsonAsync<Answer>(JsonSerializerOptions.Web, budget).ConfigureAwait(false) ?? throw new JsonException("null"), Fallback.None, "");
                var why = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(budget).ConfigureAwait(false)}";
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
