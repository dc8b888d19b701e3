using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Publishing;
using Volna.Redemptions.Life;

namespace Volna.Redemptions.Offline;

/// <summary>
/// A store's lease on its own disk: prices baskets from the pack of one wave, keeps what was sold in a journal, and hands it out for upload.
/// </summary>
public sealed class HeldLease : IDisposable
{
    /// <summary>An upload stays below the size that the centre takes.</summary>
    const int MostUploadBytes = 512 << 10;

    readonly string _store;
    readonly byte[] _key;
    readonly TimeProvider _time;
    readonly TillDiskStore _disk;
    readonly Lock _lock = new();
    readonly Dictionary<DateOnly, LiveDay> _days = [];
    readonly Dictionary<string, (OfflineReceiptMessage Receipt, byte[] Json)> _closed = [];
    readonly HashSet<string> _used = [];
    readonly HashSet<string> _refused = [];
    StorePack _pack;
    OfferPackStore _offers;
    LiveDay _anyDay;
    int[] _firstOffers;
    Spending _spent;
    bool _isSealed, _isSettled;

    /// <summary>Opens what stands on the disk.</summary>
    /// <param name="folder">For the wave alone.</param>
    internal HeldLease(string folder, string store, byte[] key, TimeProvider time)
    {
        (_store, _key, _time, _disk) = (store, key, time, new TillDiskStore(folder));
        try
        {
            // Expired, it prices nothing any more, but what was sold from it must go to the centre.
            var (pack, offers) = StorePackFile.Read(_disk.LoadPack(), store, key, DateOnly.MinValue);
            Load(pack, offers);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A record of the journal; one of its fields is there.</summary>
    sealed record Entry(OfflineReceiptMessage? Closed = null, IReadOnlyList<string>? Used = null, bool Sealed = false, bool Settled = false, ReturnMessage? Returned = null);

    /// <summary>As uploads and the centre name it.</summary>
    public string Id => _pack.Lease;

    internal string Wave => _pack.Wave;

    /// <summary>True from the day after the wave's last one.</summary>
    public bool HasEnded => DateOnly.FromDateTime(_time.GetLocalNow().DateTime) >= _pack.Validity.End;

    internal bool IsSealed => _isSealed;

    /// <summary>True if receipts or a settlement are to be sent before another pack of the wave can be taken.</summary>
    public bool HasToSettle => !_isSettled;

    /// <summary>Receipts sold under the lease.</summary>
    public int Receipts
    {
        get
        {
            lock (_lock) return _closed.Count;
        }
    }

    /// <summary>Takes another pack of the wave.</summary>
    internal void Take(byte[] file, StorePack pack, ReadOnlyMemory<byte> offers)
    {
        lock (_lock)
        {
            if (HasToSettle && pack.Lease != _pack.Lease)
                throw new GuardException("lease-not-settled", new Text(
                    $"store “{_store}”: the pack is for lease {pack.Lease}, but {_pack.Lease} isn't settled yet; send its receipts and settle it first.",
                    $"магазин «{_store}»: пакет для аренды {pack.Lease}, а {_pack.Lease} ещё не сдана; сначала отправьте её чеки и сдайте её."));
            _disk.SavePack(file);
            Load(pack, offers);
        }
    }

    /// <summary>Whether the wave is live when a receipt is rung up, by the store's business day.</summary>
    internal bool IsFor(DateTimeOffset time) => _pack.Validity.Contains(_anyDay.BusinessDay(_store, time));

    internal bool Knows(string receipt)
    {
        lock (_lock) return _closed.ContainsKey(receipt);
    }

    internal TillAnswer Price(TillReceipt receipt)
    {
        lock (_lock) return OfflineMessages.Answer(Known(receipt) ?? Decide(receipt), _store) with { State = ReceiptState.Open };
    }

    internal TillAnswer Close(TillReceipt receipt)
    {
        lock (_lock)
        {
            var sold = Known(receipt);
            if (sold is null)
            {
                sold = Decide(receipt);
                Append(new Entry(Closed: sold));
            }

            return OfflineMessages.Answer(sold, _store);
        }
    }

    internal UndoneMessage Return(TillReturn goods)
    {
        lock (_lock)
        {
            if (!_closed.TryGetValue(goods.Receipt, out var known)) throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptUnknown, goods.Receipt);
            var receipt = new Receipt { Id = goods.Receipt, State = ReceiptState.Closed, Lines = OfflineMessages.Lines(known.Receipt, OfflineMessages.Receipt(known.Receipt, _store)) };
            foreach (var earlier in OfflineMessages.Returns(known.Receipt))
            {
                var next = ReceiptLife.Return(receipt, earlier, _ => true);
                if (earlier.Id == goods.Id)
                    return TillMessages.ContentHash(earlier) == TillMessages.ContentHash(goods)
                        ? TillMessages.Undone(receipt, next, goods.Id)
                        : throw ReceiptRefusals.Of(ReceiptRefusal.ReturnDiffers, goods.Receipt, goods.Id);
                receipt = next;
            }

            if (ReceiptLife.Refusal(TillCall.Return, receipt.State) is not ReceiptRefusal.None and var refusal) throw ReceiptRefusals.Of(refusal, goods.Receipt);
            if (_isSealed)
                throw new GuardException("lease-sealed", new Text(
                    $"receipt {goods.Receipt}: the lease {_pack.Lease} is being settled; take the goods back on-line, after the upload.",
                    $"чек {goods.Receipt}: аренда {_pack.Lease} сдаётся; оформите возврат через центр, после выгрузки."));
            var after = ReceiptLife.Return(receipt, goods, _ => true);
            Append(new Entry(Returned: TillMessages.Message(goods)));
            return TillMessages.Undone(receipt, after, goods.Id);
        }
    }

    internal void NoteUsed(IReadOnlyList<string> codes)
    {
        lock (_lock)
            if (codes.Any(code => !_used.Contains(code)))
                Append(new Entry(Used: codes));
    }

    /// <summary>Sells nothing more under the lease, and returns what to post to <c>/till/v1/offline/upload</c>, in pieces; any may be sent again, in any order.</summary>
    public IReadOnlyList<byte[]> Seal()
    {
        lock (_lock)
        {
            if (!_isSealed) Append(new Entry(Sealed: true));
            var uploads = new List<byte[]>();
            var (part, size) = (new List<OfflineReceiptMessage>(), 0);
            foreach (var (receipt, json) in _closed.Values.OrderBy(one => one.Receipt.Id, StringComparer.Ordinal))
            {
                if (part.Count > 0 && size + json.Length > MostUploadBytes)
                {
                    uploads.Add(Upload(part));
                    (part, size) = ([], 0);
                }

                part.Add(receipt);
                size += json.Length;
            }

            if (part.Count > 0) uploads.Add(Upload(part));
            return uploads;
        }

        byte[] Upload(List<OfflineReceiptMessage> part) =>
            JsonSerializer.SerializeToUtf8Bytes(new UploadMessage { Store = _store, Lease = _pack.Lease, Receipts = part }, OfflineJson.Default.UploadMessage);
    }

    /// <summary>
    /// The receipts that the centre refused, by its answer to an upload: for people to look at. They stay in the journal, and the settlement names them, so that they don't
    /// keep the lease from its end.
    /// </summary>
    public IReadOnlyList<UploadedReceiptMessage> Refused(byte[] answer)
    {
        var receipts = JsonSerializer.Deserialize(answer, OfflineJson.Default.UploadedMessage)!.Receipts;
        lock (_lock)
        {
            _refused.ExceptWith(receipts.Select(receipt => receipt.Id));
            _refused.UnionWith(receipts.Where(receipt => receipt.Code is not null).Select(receipt => receipt.Id));
        }

        return [.. receipts.Where(receipt => receipt.Code is not null)];
    }

    /// <summary>What to post to <c>/till/v1/offline/settle</c> when all uploads are answered, and every receipt priced on-line is closed there.</summary>
    public byte[] Settlement()
    {
        lock (_lock)
            return JsonSerializer.SerializeToUtf8Bytes(new SettleMessage { Store = _store, Lease = _pack.Lease, Receipts = _closed.Count, Refused = _refused.Count == 0 ? null : [.. _refused.Order(StringComparer.Ordinal)] }, OfflineJson.Default.SettleMessage);
    }

    /// <summary>The centre answered the settlement: the next pack can be taken.</summary>
    public void Settled()
    {
        lock (_lock) Append(new Entry(Settled: true));
    }

    /// <summary>Nothing of it is needed any more.</summary>
    internal void Delete()
    {
        Dispose();
        _disk.Delete();
    }

    public void Dispose()
    {
        _disk.Dispose();
        _offers?.Dispose();
    }

    [MemberNotNull(nameof(_pack), nameof(_offers), nameof(_anyDay), nameof(_firstOffers), nameof(_spent))]
    void Load(StorePack pack, ReadOnlyMemory<byte> offers)
    {
        _offers?.Dispose();
        _offers = _disk.OpenOffers(offers.Span, _key, pack.Wave);
        (_pack, _anyDay, _spent, _isSealed, _isSettled) = (pack, new LiveDay(default, pack.ToCatalog(), []), Spending.None, false, false);
        _days.Clear();
        _closed.Clear();
        _used.Clear();
        _refused.Clear();
        _firstOffers = new int[_offers.Customers];
        for (var place = 1; place < _firstOffers.Length; place++) _firstOffers[place] = _firstOffers[place - 1] + _offers.At(place - 1).Offers;
        foreach (var record in _disk.OpenJournal(pack.Lease)) Apply(JsonSerializer.Deserialize<Entry>(record, JsonSerializerOptions.Web)!, record);
    }

    void Append(Entry entry)
    {
        var record = JsonSerializer.SerializeToUtf8Bytes(entry, JsonSerializerOptions.Web);
        _disk.Append(record);
        Apply(entry, record);
    }

    void Apply(Entry entry, byte[] record)
    {
        _isSealed |= entry.Sealed;
        _isSettled |= entry.Settled;
        _used.UnionWith(entry.Used ?? []);
        if (entry.Returned is { } goods)
        {
            var receipt = _closed[goods.Id!].Receipt;
            receipt = receipt with { Returns = [.. receipt.Returns ?? [], goods] };
            // The offer stays used and the slice spent: the upload books the sale before the return.
            _closed[goods.Id!] = (receipt, JsonSerializer.SerializeToUtf8Bytes(receipt, OfflineJson.Default.OfflineReceiptMessage));
        }

        if (entry.Closed is not { } sold) return;
        _closed[sold.Id!] = (sold, record);
        if (sold.BasketOffer is not null) Spend(sold.BasketOffer, "", sold.Lines!.Sum(line => line!.BasketDiscountMinor), sold.Lines!.Sum(line => line!.BasketPointsMinor));
        foreach (var line in sold.Lines!)
            if (line!.Offer is not null)
                Spend(line.Offer, line.Payer ?? "", line.DiscountMinor, line.PointsMinor);

        void Spend(string code, string payer, long discount, long points)
        {
            _used.Add(code);
            _spent = _spent.Plus(payer, discount, points);
        }
    }

    /// <summary>The receipt if it was sold already.</summary>
    OfflineReceiptMessage? Known(TillReceipt receipt)
    {
        if (!_closed.TryGetValue(receipt.Id, out var known)) return null;
        return TillMessages.ContentHash(OfflineMessages.Receipt(known.Receipt, receipt.Store)) == TillMessages.ContentHash(receipt)
            ? known.Receipt
            : throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptDiffers, receipt.Id, "closed");
    }

    OfflineReceiptMessage Decide(TillReceipt receipt)
    {
        if (_isSealed)
            throw new GuardException("lease-sealed", new Text(
                $"store “{_store}”: the lease {_pack.Lease} is being settled; sell on-line, or without offers.",
                $"магазин «{_store}»: аренда {_pack.Lease} сдаётся; продавайте через центр или без предложений."));
        if (receipt.Store != _store)
            throw new GuardException("store-foreign", new Text($"receipt {receipt.Id}: is of store “{receipt.Store}”, this is “{_store}”.", $"чек {receipt.Id}: магазина «{receipt.Store}», а здесь «{_store}»."));
        var day = Day(_anyDay.BusinessDay(_store, receipt.Time));
        var lines = new ReceiptLine[receipt.Lines.Count];
        for (var i = 0; i < lines.Length; i++) lines[i] = ReceiptLine.Of(receipt.Lines[i], day, new StoreId(_pack.StoreNumber));
        var (held, codes, usedBefore) = Held(receipt.Customer, day);
        while (true)
        {
            var price = Pricing.Price(lines, receipt.Customer.Length > 0, held, day.Catalog, _pack.BasketOnTop);
            if (!LimitOne(price, lines, held, usedBefore)) return Message(receipt, price, lines, codes);
        }
    }

    LiveDay Day(DateOnly date)
    {
        if (!_days.TryGetValue(date, out var day)) _days[date] = day = new LiveDay(date, _anyDay.Catalog, _pack.Validity.Contains(date) ? [_offers] : []);
        return day;
    }

    /// <summary>The customer's offers with their codes, and how many of them she used.</summary>
    (List<HeldOffer> Held, string[] Codes, int Used) Held(string customer, LiveDay day)
    {
        var held = new List<HeldOffer>();
        if (day.Packs.Count == 0 || customer.Length == 0 || _offers.Find(Kernels.Hash64.Of(customer)) is not (>= 0 and var place)) return (held, [], 0);
        var offers = _offers.OffersAt(place);
        var codes = new string[offers.Count];
        var used = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            var number = _firstOffers[place] + i;
            codes[i] = _pack.Codes.Substring(number * OfferCode.Length, OfferCode.Length);
            var isUsed = _pack.Taken[number] == '1' || _used.Contains(codes[i]);
            if (isUsed) used++;
            held.Add(new HeldOffer(_pack.Wave, offers[i], isUsed || _pack.Taken[number] != '0' ? TillRefusal.OfferUsed : TillRefusal.None));
        }

        return (held, codes, used);
    }

    /// <summary>As the centre does: of the uses, the largest benefit first, the first that has no room is blocked. False if all have room.</summary>
    bool LimitOne(BasketPrice price, ReceiptLine[] lines, List<HeldOffer> held, int usedBefore)
    {
        var uses = new List<(HeldOffer Offer, string Payer, long Discount, long Points)>();
        for (var i = 0; i < lines.Length; i++)
            if (price.Lines[i].Used is { } used)
                uses.Add((used, Payer(lines[i]), price.Lines[i].Discount.Minor, price.Lines[i].Points.Minor));
        if (price.Offer is { } basket) uses.Add((basket, "", price.Discount.Minor, price.Points.Minor));
        var (spent, count) = (_spent, usedBefore);
        foreach (var use in uses.OrderByDescending(one => one.Discount + one.Points))
        {
            spent = spent.Plus(use.Payer, use.Discount, use.Points);
            var refusal = ++count > _pack.MostPerCustomer ? TillRefusal.CustomerLimit
                : spent.Uses > _pack.Slice.Uses ? TillRefusal.StoreLimit
                : !_pack.Slice.HasRoomFor(spent) ? TillRefusal.BudgetSpent : TillRefusal.None;
            if (refusal == TillRefusal.None) continue;
            held[held.IndexOf(use.Offer)] = use.Offer with { Blocked = refusal };
            return true;
        }

        return false;
    }

    string Payer(ReceiptLine line) => line.Supplier is not null && _pack.PayingSuppliers.Contains(line.Supplier) ? line.Supplier : "";

    OfflineReceiptMessage Message(TillReceipt receipt, BasketPrice price, ReceiptLine[] lines, string[] codes) => new()
    {
        Id = receipt.Id,
        Customer = receipt.Customer,
        Time = receipt.Time,
        BasketOffer = price.Offer is null ? null : codes[price.Offer.Offer.Index],
        Lines = [.. receipt.Lines.Select((line, i) => new OfflineLineMessage
        {
            Id = line.Id,
            Product = line.Product,
            Quantity = line.Quantity.Amount,
            UnitPriceMinor = line.UnitPrice.Minor,
            DiscountMinor = price.Lines[i].Discount.Minor,
            PointsMinor = price.Lines[i].Points.Minor,
            BasketDiscountMinor = price.Lines[i].BasketDiscount.Minor,
            BasketPointsMinor = price.Lines[i].BasketPoints.Minor,
            Offer = price.Lines[i].Used is { } used ? codes[used.Offer.Index] : null,
            Payer = price.Lines[i].Used is not null && Payer(lines[i]) is { Length: > 0 } payer ? payer : null,
            Refusal = price.Lines[i].Used is null ? price.Lines[i].Refusal.Code() : null,
        })],
    };
}
