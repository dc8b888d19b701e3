using System.Globalization;
using Volna.Offers;
using Volna.Offers.Plans;
using Volna.Redemptions;

namespace Volna.Tests.Redemptions.Reference;

/// <summary>
/// What the till's contract says, said once more without journal, lock, index, batch or table: everything that happened lies in lists and is counted
/// anew for each call. A call is answered by the body to expect, or by <c>!</c> and the code of the refusal.
/// </summary>
/// <param name="code">How an offer is printed.</param>
sealed class ReferenceTill(IReadOnlyDictionary<string, ReferenceGood> goods, IReadOnlySet<string> customers, Func<string, int, int, string> code)
{
    readonly List<ReferenceWave> _waves = [];
    readonly Dictionary<string, ReceiptNow> _receipts = [];
    readonly HashSet<ReceiptNow> _holding = [];
    readonly List<ReceiptNow> _priced = [];
    readonly Dictionary<string, (string Call, string Content, string Body)> _keys = [];
    bool _isRepeat;

    sealed class ReceiptNow(string id)
    {
        public string Id => id;
        public string State = "open", Content = "", Store = "";
        public DateOnly Day;
        public DateTimeOffset Until;
        public List<LineNow> Lines = [];
        public List<Holding> Uses = [];
        public string? Closed, Cancelled, Priced, PricedToClose;
        public Dictionary<string, (string Content, string Body)> Returns = [];

        // Since it was priced last; with a key, ever.
        public bool Reopened, ReopenedByKey;

        public bool IsClosed => State is "closed" or "partly-returned" or "returned";
    }

    sealed record LineNow(string Id, long Quantity, ReferenceLinePrice Price)
    {
        public long Returned;

        long Left(long amount) => amount - (Returned == Quantity ? amount : (long)Math.Floor((decimal)amount * Returned / Quantity));

        public long Paid => Left(Price.Total);
        public long OwnDiscount => Left(Price.Discount);
        public long BasketDiscount => Left(Price.BasketDiscount);
        public long OwnPoints => Left(Price.Points);
        public long BasketPoints => Left(Price.BasketPoints);
        public long Discount => OwnDiscount + BasketDiscount;
        public long Points => OwnPoints + BasketPoints;
    }

    sealed record Holding(ReceiptNow Receipt, ReferenceOffer Offer, int Line, string Payer)
    {
        IEnumerable<LineNow> Lines => Line < 0 ? Receipt.Lines : [Receipt.Lines[Line]];

        public bool IsEmpty => Lines.All(line => line.Returned == line.Quantity);
        public long Discount => Lines.Sum(line => Line < 0 ? line.BasketDiscount : line.OwnDiscount);
        public long Points => Lines.Sum(line => Line < 0 ? line.BasketPoints : line.OwnPoints);
    }

    public void Add(ReferenceWave wave) => _waves.Add(wave);

    /// <summary>The offers in use: wave, customer, place, receipt, whether it is closed, discount and points.</summary>
    public IEnumerable<(string Wave, int Customer, int Index, string Receipt, bool Redeemed, long Discount, long Points)> Held => _holding.SelectMany(receipt => receipt.Uses.Select(use =>
        (use.Offer.Wave.Id, use.Offer.Customer, use.Offer.Offer.Index, receipt.Id, receipt.IsClosed, use.Discount, use.Points)));

    public string Price(TillReceipt asked, DateTimeOffset now)
    {
        Expire(now);
        if (!_receipts.TryGetValue(asked.Id, out var receipt)) return Body(asked, Decide(asked), "open", null);
        return EarlierSale(receipt, "price", Content(asked)) ?? Body(asked, Decide(asked), "open", null);
    }

    public string Reserve(TillReceipt asked, string key, DateTimeOffset now) => Keyed("price", Content(asked), key, now, () =>
    {
        var receipt = _receipts.GetValueOrDefault(asked.Id) ?? new ReceiptNow(asked.Id);
        if (EarlierSale(receipt, "price", Content(asked)) is { } earlier) return earlier;
        var decided = Decide(asked);
        Take(receipt, asked, decided, "priced");
        receipt.Until = now.AddMinutes(15);
        receipt.PricedToClose = Body(asked, decided, "closed", null);
        return receipt.Priced = Body(asked, decided, "priced", receipt.Until);
    });

    public string Close(TillReceipt asked, string key, DateTimeOffset now) => Keyed("close", Content(asked), key, now, () =>
    {
        var receipt = _receipts.GetValueOrDefault(asked.Id) ?? new ReceiptNow(asked.Id);
        if (EarlierSale(receipt, "close", Content(asked)) is { } earlier) return earlier;
        if (receipt.State == "priced")
        {
            receipt.State = "closed";
            return receipt.Closed = receipt.PricedToClose!;
        }

        var decided = Decide(asked);
        Take(receipt, asked, decided, "closed");
        return receipt.Closed = Body(asked, decided, "closed", null);
    });

    public string Cancel(string id, string key, DateTimeOffset now) => Keyed("cancel", id, key, now, () =>
    {
        if (!_receipts.TryGetValue(id, out var receipt)) return "!receipt-unknown";
        if (receipt.Cancelled is { } earlier) return Again(earlier);
        if (receipt.State == "returned") return "!receipt-returned";
        var body = TakeBack(receipt, "cancelled", null, receipt.IsClosed ? [.. receipt.Lines.Select(line => line.Quantity - line.Returned)] : new long[receipt.Lines.Count]);
        Free(receipt, _ => true);
        return receipt.Cancelled = body;
    });

    public string Reopen(string id, string key, DateTimeOffset now) => Keyed("reopen", id, key, now, () =>
    {
        if (!_receipts.TryGetValue(id, out var receipt)) return "!receipt-unknown";
        if (receipt.State == "cancelled") return "!receipt-cancelled";
        var wasOpen = receipt.State == "open";
        if (receipt.IsClosed) return "!receipt-closed";
        var body = TakeBack(receipt, "open", null, new long[receipt.Lines.Count]);
        Free(receipt, _ => true);
        if (wasOpen && receipt.Reopened) return Again(body);
        (receipt.Reopened, receipt.ReopenedByKey) = (true, receipt.ReopenedByKey || key.Length > 0);
        return body;
    });

    public string Return(TillReturn goods, string key, DateTimeOffset now)
    {
        var content = string.Join(';', goods.Lines.Select(line => $"{line.Id} {line.Quantity.Thousandths}"));
        return Keyed("return", $"{goods.Receipt} {goods.Id} {content}", key, now, () =>
        {
            if (!_receipts.TryGetValue(goods.Receipt, out var receipt)) return "!receipt-unknown";
            if (receipt.Returns.TryGetValue(goods.Id, out var earlier)) return earlier.Content == content ? Again(earlier.Body) : "!return-differs";
            if (receipt.State == "cancelled") return "!receipt-cancelled";
            if (receipt.State == "returned") return "!receipt-returned";
            if (!receipt.IsClosed) return "!receipt-not-closed";
            var back = new long[receipt.Lines.Count];
            foreach (var line in goods.Lines)
            {
                var at = receipt.Lines.FindIndex(sold => sold.Id == line.Id);
                if (at < 0) return "!line-unknown";
                if (line.Quantity.Thousandths > receipt.Lines[at].Quantity - receipt.Lines[at].Returned) return "!return-too-much";
                back[at] = line.Quantity.Thousandths;
            }

            var isAll = receipt.Lines.Select((line, i) => line.Returned + back[i] == line.Quantity).All(all => all);
            var body = TakeBack(receipt, isAll ? "returned" : "partly-returned", goods.Id, back);
            Free(receipt, use => use.IsEmpty);
            receipt.Returns[goods.Id] = (content, body);
            return body;
        });
    }

    /// <summary>State, what is left to pay, discount, points.</summary>
    public (string State, long Total, long Discount, long Points)? State(string id, DateTimeOffset now)
    {
        Expire(now);
        return _receipts.TryGetValue(id, out var receipt)
            ? (receipt.State, receipt.Lines.Sum(line => line.Paid), receipt.Lines.Sum(line => line.Discount), receipt.Lines.Sum(line => line.Points))
            : null;
    }

    string Keyed(string call, string content, string key, DateTimeOffset now, Func<string> work)
    {
        Expire(now);
        if (key.Length > 0 && _keys.TryGetValue(key, out var earlier)) return (call, content) == (earlier.Call, earlier.Content) ? earlier.Body : "!key-differs";
        _isRepeat = false;
        var body = work();
        if (key.Length > 0 && body[0] != '!' && !_isRepeat) _keys[key] = (call, content, body);
        return body;
    }

    /// <summary>A repeat has no effect, so its key isn't kept either.</summary>
    string Again(string body)
    {
        _isRepeat = true;
        return body;
    }

    string? EarlierSale(ReceiptNow receipt, string call, string content)
    {
        if (receipt.Closed is { } closed) return receipt.Content == content ? Again(closed) : "!receipt-differs";
        if (receipt.State == "cancelled") return "!receipt-cancelled";
        if (receipt.State != "priced") return null;
        if (receipt.Content != content) return "!receipt-differs";
        return call == "price" ? Again(receipt.Priced!) : null;
    }

    void Expire(DateTimeOffset now)
    {
        foreach (var receipt in _priced.Where(receipt => receipt.State == "priced" && receipt.Until <= now))
        {
            receipt.State = "open";
            Free(receipt, _ => true);
        }

        _priced.RemoveAll(receipt => receipt.State != "priced");
    }

    void Free(ReceiptNow receipt, Func<Holding, bool> which)
    {
        receipt.Uses.RemoveAll(use => which(use));
        if (receipt.Uses.Count == 0) _holding.Remove(receipt);
    }

    void Take(ReceiptNow receipt, TillReceipt asked, (ReferencePrice Price, ReferenceOffer[] Offers, List<Holding> Uses) decided, string state)
    {
        _receipts[receipt.Id] = receipt;
        (receipt.State, receipt.Content, receipt.Store, receipt.Day) = (state, Content(asked), asked.Store, DateOnly.FromDateTime(asked.Time.DateTime));
        receipt.Reopened = receipt.ReopenedByKey;
        receipt.Lines = Lines(asked, decided.Price);
        receipt.Uses = [.. decided.Uses.Select(use => use with { Receipt = receipt })];
        if (receipt.Uses.Count > 0) _holding.Add(receipt);
        if (state == "priced") _priced.Add(receipt);
    }

    static List<LineNow> Lines(TillReceipt asked, ReferencePrice price) => [.. asked.Lines.Select((line, i) => new LineNow(line.Id, line.Quantity.Thousandths, price.Lines[i]))];

    (ReferencePrice Price, ReferenceOffer[] Offers, List<Holding> Uses) Decide(TillReceipt asked)
    {
        var day = DateOnly.FromDateTime(asked.Time.DateTime);
        ReferenceWave[] live = [.. _waves.Where(wave => wave.From <= day && day < wave.Until && wave.Offers.ContainsKey(asked.Customer))];
        ReferenceOffer[] offers = [.. live.SelectMany(wave => wave.Offers[asked.Customer].Offers.Select(offer => new ReferenceOffer(
            wave, wave.Offers[asked.Customer].Number, offer, goods.Values.FirstOrDefault(good => good.Number == offer.Target)?.Brand ?? "", Standing(wave, offer))))];
        var lines = asked.Lines.Select(line => new ReferenceLine(goods.GetValueOrDefault(line.Product), line.Quantity.Thousandths, line.UnitPrice.Minor)).ToArray();
        while (true)
        {
            var price = ReferencePricing.Best(lines, offers, live.Length > 0 || customers.Contains(asked.Customer), offers.All(offer => offer.Wave.Rules.BasketOnTop));
            var draft = new ReceiptNow(asked.Id) { Store = asked.Store, Day = day, Lines = Lines(asked, price) };
            var uses = new List<Holding>();
            if (price.Offer >= 0) uses.Add(new Holding(draft, offers[price.Offer], -1, ""));
            for (var i = 0; i < lines.Length; i++)
                if (price.Lines[i].Offer is >= 0 and var used)
                    uses.Add(new Holding(draft, offers[used], i, offers[used].Wave.Rules.SupplierBudgets.ContainsKey(lines[i].Good!.Supplier) ? lines[i].Good!.Supplier : ""));
            uses = [.. uses.OrderByDescending(use => use.Discount + use.Points)];
            var over = uses.Select((use, i) => (use, Why: Over(uses[..(i + 1)], use))).FirstOrDefault(one => one.Why != null);
            if (over.Why is null) return (price, offers, uses);
            offers = [.. offers.Select(offer => offer == over.use.Offer ? offer with { Blocked = over.Why } : offer)];
        }
    }

    string? Standing(ReferenceWave wave, Offer offer)
    {
        var holder = _holding.FirstOrDefault(receipt => receipt.Uses.Any(use => use.Offer.Wave == wave && use.Offer.Offer == offer));
        return holder is null ? null : holder.State == "priced" ? "offer-reserved" : "offer-used";
    }

    /// <summary>The first limit that everything in use comes to more than, with the uses of this receipt up to one.</summary>
    string? Over(IEnumerable<Holding> own, Holding use)
    {
        var rules = use.Offer.Wave.Rules;
        var all = _holding.SelectMany(receipt => receipt.Uses).Concat(own).Where(other => other.Offer.Wave == use.Offer.Wave).ToArray();
        int Same(Func<Holding, object> what) => all.Count(other => what(other).Equals(what(use)));
        if (Same(one => one.Offer.Customer) > rules.MostPerCustomer) return "customer-limit";
        if (Same(one => (one.Offer.Offer.TargetKind, one.Offer.Offer.Target)) > rules.MostPerTarget) return "target-limit";
        if (all.Length > rules.MostPerWave) return "wave-limit";
        if (Same(one => one.Receipt.Store) > rules.MostPerStore) return "store-limit";
        if (Same(one => one.Receipt.Day) > rules.MostPerDay) return "day-limit";
        var budget = use.Payer.Length > 0 ? rules.SupplierBudgets[use.Payer] : rules.Budget;
        if (all.Where(other => other.Payer == use.Payer).Sum(other => other.Discount) > budget?.Minor) return "budget-spent";
        if (use.Payer.Length == 0 && all.Where(other => other.Payer.Length == 0 && other.Receipt.Day == use.Receipt.Day).Sum(other => other.Discount) > rules.BudgetPerDay?.Minor) return "day-budget-spent";
        return all.Sum(other => other.Points) > rules.PointsBudget?.Minor ? "budget-spent" : null;
    }

    string Body(TillReceipt asked, (ReferencePrice Price, ReferenceOffer[] Offers, List<Holding> Uses) decided, string state, DateTimeOffset? until)
    {
        var (price, offers, _) = decided;
        string Code(int offer) => code(offers[offer].Wave.Id, offers[offer].Customer, offers[offer].Offer.Index);
        string Points(long points) => points == 0 ? "" : $",\"pointsMinor\":{points}";
        var reserved = until is { } end ? $",\"reservedUntil\":\"{end.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}+00:00\"" : "";
        var basket = price.Offer < 0 ? "" : $",\"basketOffer\":\"{Code(price.Offer)}\",\"basketDiscountMinor\":{price.Lines.Sum(line => line.BasketDiscount)}";
        var lines = price.Lines.Select((line, i) =>
            $"{{\"id\":\"{asked.Lines[i].Id}\",\"totalMinor\":{line.Total},\"discountMinor\":{line.Discount + line.BasketDiscount}{Points(line.Points)},\"offer\":{(line.Offer < 0 ? "null" : $"\"{Code(line.Offer)}\"")},\"refusal\":\"{line.Why}\"}}");
        return $"{{\"id\":\"{asked.Id}\",\"state\":\"{state}\",\"totalMinor\":{price.Lines.Sum(line => line.Total)},\"discountMinor\":{price.Lines.Sum(line => line.Discount + line.BasketDiscount)}"
            + $"{Points(price.Lines.Sum(line => line.Points + line.BasketPoints))}{reserved}{basket},\"lines\":[{string.Join(',', lines)}]}}";
    }

    static string TakeBack(ReceiptNow receipt, string state, string? part, long[] back)
    {
        (long Paid, long Discount, long Points) Sum() => (receipt.Lines.Sum(line => line.Paid), receipt.Lines.Sum(line => line.Discount), receipt.Lines.Sum(line => line.Points));
        var before = Sum();
        var lines = new List<string>();
        for (var i = 0; i < back.Length; i++)
        {
            if (back[i] == 0) continue;
            var paid = receipt.Lines[i].Paid;
            receipt.Lines[i].Returned += back[i];
            lines.Add($"{{\"id\":\"{receipt.Lines[i].Id}\",\"quantity\":{(back[i] / 1000m).ToString("0.###", CultureInfo.InvariantCulture)},\"refundMinor\":{paid - receipt.Lines[i].Paid}}}");
        }

        var after = Sum();
        receipt.State = state;
        return $"{{\"id\":\"{receipt.Id}\",\"state\":\"{state}\",\"return\":{(part is null ? "null" : $"\"{part}\"")},\"refundMinor\":{before.Paid - after.Paid},"
            + $"\"discountMinor\":{before.Discount - after.Discount},\"pointsMinor\":{before.Points - after.Points},\"lines\":[{string.Join(',', lines)}]}}";
    }

    static string Content(TillReceipt asked) =>
        $"{asked.Id}|{asked.Store}|{asked.Customer}|{asked.Time:O}|{string.Join(';', asked.Lines.Select(line => $"{line.Id} {line.Product} {line.Quantity.Thousandths} {line.UnitPrice.Minor}"))}";
}

/// <summary>A wave as the reference sees it: days, rules, and each customer's number and offers.</summary>
sealed record ReferenceWave(string Id, DateOnly From, DateOnly Until, TillRules Rules, IReadOnlyDictionary<string, (int Number, Offer[] Offers)> Offers);
