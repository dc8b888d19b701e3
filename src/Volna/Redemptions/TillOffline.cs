using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Filter;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Redemptions.Ledger;
using Volna.Redemptions.Life;
using Volna.Redemptions.Offline;

namespace Volna.Redemptions;

// What the till does for stores that go off-line: leases with their packs, receipts that come late, settlements.
public sealed partial class Till
{
    // Leases that run, by wave and store; those of a wave are in its book, too.
    readonly Dictionary<(string Wave, string Store), Lease> _leases = [];
    readonly ConcurrentDictionary<string, Holders> _holders = [];
    readonly Lock _packing = new();

    /// <summary>The pack with which a store sells off-line; begins a lease for it where none runs.</summary>
    /// <param name="day">A day on which the wave is live; null for today.</param>
    /// <exception cref="GuardException"><c>store-unknown</c>, or <c>pack-none</c>: no wave of that day allows off-line tills.</exception>
    public async Task<byte[]> PackAsync(string store, DateOnly? day = null)
    {
        var live = day is { } given ? _live.On(given) : _live.For(store, _time.GetLocalNow());
        var own = live.Catalog.FindStore(store) ?? throw new GuardException("store-unknown", new Text($"store “{store}”: isn't known here.", $"магазин «{store}»: такого нет."));
        OfferPackStore pack;
        lock (_lock)
            pack = live.Packs.FirstOrDefault(one => Book(one.WaveId).Rules.Offline is not null) ?? throw new GuardException("pack-none", new Text(
                $"store “{store}”: no wave of {live.Day:yyyy-MM-dd} has offers for off-line tills; a plan allows them with till.offline.",
                $"магазин «{store}»: на {live.Day:yyyy-MM-dd} нет волны с предложениями для офлайн-касс; их разрешает параметр плана till.offline."));
        var places = HoldersOf(pack, live.Catalog).PlacesOf(own.Id);
        var offers = places.SelectMany(pack.OffersAt).ToArray();

        var (lease, book, isTaken, batch) = await Locked(() =>
        {
            Prepare();
            var of = Book(pack.WaveId);
            if (!_leases.TryGetValue((pack.WaveId, store), out var running)) running = Begin(of, store, live);
            char[] taken = [.. offers.Select(offer =>
                of.IsUsed(offer.Customer.Value, offer.Index) ? '1' : !of.CanBeLeased(offer.Customer.Value, offer.Index) || running.WithoutTargets.Contains(offer.TargetKey) ? '2' : '0')];
            return (running, of, taken, WaitsFor(Lease.RecordId(running.Id)));
        });

        // A store mustn't sell from a lease that a power loss takes back.
        if (batch is not null) await batch.Durable.Task;
        var key = StorePackFile.Key(_secret, store);
        var terms = Terms(lease, book.Rules, pack, offers, own, live.Catalog) with
        {
            Codes = string.Concat(offers.Select(offer => Code(pack.WaveId, offer.Customer, offer.Index))),
            Taken = new string(isTaken),
        };
        lock (_packing) return StorePackFile.Write(terms, StorePackStore.Offers(_state.Folder, pack, places, own.Id, key), key);
    }

    /// <summary>Books receipts that a store sold off-line. Each counts once, however often and in whatever order they come.</summary>
    /// <param name="language">Of the sentences for those that are refused.</param>
    public async Task<byte[]> UploadAsync(UploadMessage upload, Language language)
    {
        var store = upload.Store ?? throw ReceiptCheck.Bad("field-missing", "store is missing in the upload", "в выгрузке нет store");
        var lease = upload.Lease ?? throw ReceiptCheck.Bad("field-missing", "lease is missing in the upload", "в выгрузке нет lease");
        var sold = upload.Receipts ?? throw ReceiptCheck.Bad("field-missing", "receipts is missing in the upload", "в выгрузке нет receipts");
        // What isn't the receipts' fault refuses the upload as a whole: the store sends it again.
        await Locked(Prepare);
        // All are decided before the first is waited for, so that they share a write to the disk.
        var booking = sold.Select(one => (one?.Id ?? "", Task: BookAsync(one ?? new OfflineReceiptMessage(), store, lease))).ToArray();
        var answers = new List<UploadedReceiptMessage>();
        foreach (var (id, task) in booking)
            try
            {
                answers.Add(JsonSerializer.Deserialize((await task).Body, OfflineAnswers.UploadedReceiptMessage)!);
            }
            catch (GuardException refusal)
            {
                answers.Add(new UploadedReceiptMessage(id, null, null, refusal.Code, refusal.Sentence.In(language)));
            }
            catch (BadInputException refusal) when (refusal.Code is not ("pack-damaged" or "pack-missing"))
            {
                answers.Add(new UploadedReceiptMessage(id, null, null, refusal.Code, refusal.Sentence.In(language)));
            }

        return JsonSerializer.SerializeToUtf8Bytes(new UploadedMessage(answers), OfflineAnswers.UploadedMessage);
    }

    /// <summary>Ends a lease after all its receipts came, but for those that were refused.</summary>
    /// <exception cref="GuardException"><c>lease-unknown</c>, or <c>lease-incomplete</c>: more or fewer came than the store sold.</exception>
    public Task<TillReply> SettleAsync(SettleMessage message) => Decide(() =>
    {
        Prepare();
        var lease = FindLease(message.Lease ?? "", message.Store ?? "");
        string[] refused = [.. (message.Refused ?? []).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (lease.Receipts + refused.Length != message.Receipts)
            throw new GuardException("lease-incomplete", new Text(
                $"lease {lease.Id}: {lease.Receipts} receipts came and {refused.Length} were refused, the store sold {message.Receipts}; send the others first.",
                $"аренда {lease.Id}: получено чеков — {lease.Receipts}, отклонено — {refused.Length}, продано — {message.Receipts}; сначала отправьте остальные."));
        if (!lease.IsSettled) Keep(lease with { IsSettled = true, Refused = refused });
        var answer = JsonSerializer.SerializeToUtf8Bytes(new SettledMessage(lease.Id, lease.Receipts), OfflineAnswers.SettledMessage);
        return Reply(answer, WaitsFor(Lease.RecordId(lease.Id)));
    });

    /// <summary>Leases that aren't settled yet.</summary>
    public IReadOnlyList<OpenLeaseMessage> OpenLeases()
    {
        lock (_lock) return [.. _leases.Values.OrderBy(lease => lease.Id, StringComparer.Ordinal).Select(lease => new OpenLeaseMessage(lease.Wave, lease.Store, lease.Id, lease.Receipts))];
    }

    static OfflineJson OfflineAnswers { get; } = new(new JsonSerializerOptions(OfflineJson.Default.Options) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>One receipt of an upload.</summary>
    async Task<TillReply> BookAsync(OfflineReceiptMessage message, string store, string leaseId)
    {
        // All that may have to be read from the disk, before the lock is taken.
        var receipt = OfflineMessages.Receipt(message, store);
        var returns = OfflineMessages.Returns(message);
        var content = OfflineMessages.ContentHash(message, store);
        var live = _live.For(store, receipt.Time);
        var wave = await Locked(() => FindLease(leaseId, store).Wave);
        var pack = _live.Pack(new WaveStore(_state).Get(wave));
        var place = pack.Find(Kernels.Hash64.Of(receipt.Customer));
        var isHeld = place >= 0 && pack.Validity.Contains(live.Day) && live.Catalog.FindStore(store) is { } own && HoldersOf(pack, live.Catalog).IsHeldBy(place, own.Id);
        var offers = isHeld ? pack.OffersAt(place) : [];
        var isValid = returns.Count > 0 ? IsValid(Today(store)) : _ => true;
        return await Decide(() => Book(receipt, content, message, returns, isValid, leaseId, live, offers));
    }

    Task<TillReply> Book(TillReceipt receipt, UInt128 content, OfflineReceiptMessage message, IReadOnlyList<TillReturn> returns, Func<Use, bool> isValid, string leaseId, LiveDay live, IReadOnlyList<Offer> offers)
    {
        Prepare();
        var store = receipt.Store;
        var before = Find(receipt.Id, out var batch) ?? new Receipt { Id = receipt.Id };
        if (Array.Find(before.Answers, answered => answered.Call == TillCall.Offline) is { } first)
            return first.Content == content ? Reply(first.Body, batch) : throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptDiffers, receipt.Id, "closed");
        Refuse(TillCall.Offline, before);
        var lease = FindLease(leaseId, store);
        if (lease.IsSettled)
            throw new GuardException("lease-settled", new Text(
                $"receipt {receipt.Id}: the store settled the lease {lease.Id} before; keep the receipt and call for help.",
                $"чек {receipt.Id}: магазин уже сдал аренду {lease.Id}; сохраните чек и обратитесь за помощью."));
        // It was priced on-line, and then sold off-line because no answer came: what was reserved is given back first.
        // What ran out or was reopened was given back then.
        var released = before.State == ReceiptState.Priced ? ReceiptLife.Release(before) : null;

        var sold = Sold(receipt, message, lease.Wave, live.Catalog, offers);
        var spent = lease.Spent.Plus(sold.Uses);
        if (!lease.Slice.HasRoomFor(spent))
            throw new GuardException("slice-overspent", new Text(
                $"receipt {receipt.Id}: with it the store would have spent more than its slice of the lease {lease.Id}; keep the receipt and call for help.",
                $"чек {receipt.Id}: с ним магазин превысил бы свою долю по аренде {lease.Id}; сохраните чек и обратитесь за помощью."));

        // Looked at before anything is booked: a return that can't be refuses the whole receipt.
        _ = Returned(new Receipt { Id = receipt.Id, State = ReceiptState.Closed, Lines = sold.Lines }, returns, isValid);

        if (released is { Uses.Length: > 0 }) Record(released);
        for (var i = 0; i < sold.Uses.Length; i++)
        {
            var use = sold.Uses[i];
            var book = Book(use.Wave);
            if (book[use.Customer, use.Index] != RightState.Free) sold.Uses[i] = use with { Index = book.NextExtra(use.Customer, use.Index) };
        }

        var closed = ReceiptLife.Close(before with { Content = content, Store = store, Day = Math.Max(live.Day.DayNumber, lease.FromDay), Uses = [] }, sold);
        var undone = Returned(closed, returns, isValid);
        var last = undone.Count > 0 ? undone[^1].After : closed;
        var extra = last.Uses.Where(use => use.IsHeld && ExtraUse.Is(use.Index)).Select(use => Code(use.Wave, new CustomerId(use.Customer), use.Index)).ToArray();
        var body = JsonSerializer.SerializeToUtf8Bytes(new UploadedReceiptMessage(receipt.Id, last.State.Code(), extra, null, null), OfflineAnswers.UploadedReceiptMessage);
        // The slice shrinks by what is booked, in the same batch: together they are what they were.
        Book(lease.Wave).Lease(store, lease.Slice.Less(spent));
        var reply = Keep(closed, new Answered(TillCall.Offline, "", "", content, body), null);
        // A return of what was sold off-line is one like all others from now on, and a repeat of it gets what the customer was told.
        foreach (var (after, answer) in undone) Keep(after with { Answers = Find(receipt.Id, out _)!.Answers }, answer, null);
        Keep(lease with { Spent = spent, Receipts = lease.Receipts + 1 });
        return reply;
    }

    /// <summary>The receipt after each return that was made off-line, with the answer that was given.</summary>
    static List<(Receipt After, Answered Answer)> Returned(Receipt receipt, IReadOnlyList<TillReturn> returns, Func<Use, bool> isValid)
    {
        var steps = new List<(Receipt, Answered)>();
        foreach (var goods in returns)
        {
            Refuse(TillCall.Return, receipt);
            var after = ReceiptLife.Return(receipt, goods, isValid);
            steps.Add((after, new Answered(TillCall.Return, "", goods.Id, TillMessages.ContentHash(goods), TillMessages.WriteUndone(receipt, after, goods.Id))));
            receipt = after;
        }

        return steps;
    }

    /// <summary>What the store sold, checked against the wave's offers.</summary>
    Decided Sold(TillReceipt receipt, OfflineReceiptMessage message, string wave, Catalog catalog, IReadOnlyList<Offer> offers)
    {
        for (var i = 0; i < receipt.Lines.Count; i++)
        {
            var (line, told) = (receipt.Lines[i], message.Lines![i]!);
            var shelf = line.Quantity.Times(line.UnitPrice).Minor;
            if (told.DiscountMinor < 0 || told.BasketDiscountMinor < 0 || told.DiscountMinor > shelf || told.BasketDiscountMinor > shelf - told.DiscountMinor || !IsBenefit(told.PointsMinor) || !IsBenefit(told.BasketPointsMinor))
                throw Told($"line {line.Id}: a discount or points don't fit its total of {new Money(shelf)}", $"строка {line.Id}: скидка или баллы не соответствуют её сумме {new Money(shelf)}");
            if (told.Offer is null && told.DiscountMinor + told.PointsMinor > 0) throw Told($"line {line.Id}: has a benefit but no offer", $"строка {line.Id}: есть выгода, но нет предложения");
        }

        var lines = OfflineMessages.Lines(message, receipt);
        var uses = new List<Use>();
        for (var i = 0; i < lines.Length; i++)
            if (message.Lines![i]!.Offer is { } code)
                Add(code, i, message.Lines[i]!.Payer ?? "");
        if (message.BasketOffer is not null) Add(message.BasketOffer, Life.Use.Basket, "");
        else if (lines.Any(line => line.BasketDiscount + line.BasketPoints > 0)) throw Told("has a basket discount but no basket offer", "есть скидка на чек, но нет предложения на чек");
        return new Decided(lines, [.. uses]);

        void Add(string code, int line, string payer)
        {
            var offer = offers.FirstOrDefault(one => Code(wave, one.Customer, one.Index) == code);
            if (offer is null || uses.Any(use => use.Index == offer.Index) || (payer.Length > 0 && !Book(wave).Rules.SupplierBudgets.ContainsKey(payer)))
                throw Told($"the offer {code} isn't one that store “{receipt.Store}” holds of this customer, or is used twice", $"предложения {code} этого покупателя нет у магазина «{receipt.Store}», или оно применено дважды");
            // Categories and brands may have changed since the pack was made; prices and floors too, so the amounts are the store's word, within its slice.
            if ((offer.TargetKind == TargetKind.Basket) != (line == Life.Use.Basket) || (offer.TargetKind == TargetKind.Product && catalog.FindProduct(receipt.Lines[line].Product)?.Id.Value != offer.Target))
                throw Told($"the offer {code} isn't for what it is used on", $"предложение {code} не относится к тому, к чему применено");
            uses.Add(new Use(wave, offer.Customer.Value, offer.Index, offer.TargetKey, payer, line, default, default, default, ReceiptLife.Value(lines, line)));
        }

        // Sums of points stay far within 64 bits, as those of money do.
        static bool IsBenefit(long points) => points >= 0 && points <= ReceiptCheck.MostPrice.Minor;

        BadInputException Told(string english, string russian) => ReceiptCheck.Bad("receipt-doubtful", $"receipt {receipt.Id}: {english}", $"чек {receipt.Id}: {russian}");
    }

    /// <summary>While her home store has a lease in mode <c>leased</c>, a customer's offers can't be used elsewhere.</summary>
    void BlockLeased(List<HeldOffer> held, List<(OfferPackStore Pack, IReadOnlyList<Offer> Offers)> offers, string store, string customer, LiveDay day)
    {
        if (_leases.Count == 0) return;
        foreach (var (pack, own) in offers)
        {
            if (own.Count == 0 || !IsLeasedElsewhere(pack, pack.Find(Kernels.Hash64.Of(customer)), store, day)) continue;
            for (var i = 0; i < held.Count; i++)
                if (held[i].Wave == pack.WaveId && held[i].Blocked == TillRefusal.None)
                    held[i] = held[i] with { Blocked = TillRefusal.OfferLeased };
        }
    }

    bool IsLeasedElsewhere(OfferPackStore pack, int place, string store, LiveDay day) =>
        _leases.Count > 0 && Book(pack.WaveId).Rules.Offline is { IsLeased: true } && HoldersOf(pack, day.Catalog).Home(place) is > 0 and var home
        && day.Catalog.Stores[home] is { } at && at.Key != store && _leases.ContainsKey((pack.WaveId, at.Key));

    Lease Begin(WaveBook book, string store, LiveDay live)
    {
        var number = 1;
        while (Find(Lease.RecordId(Lease.IdOf(book.Wave, store, number)), out _) is not null) number++;
        var (slice, without) = book.SliceFor(store, live.Catalog.Stores.Count(one => one is not null), live.Day.DayNumber);
        var lease = new Lease(book.Wave, store, number, live.Day.DayNumber, slice) { WithoutTargets = without };
        Keep(lease);
        return lease;
    }

    /// <summary>Records where a lease stands, and keeps aside what it may yet spend.</summary>
    void Keep(Lease lease)
    {
        if (lease.IsSettled) _leases.Remove((lease.Wave, lease.Store));
        else _leases[(lease.Wave, lease.Store)] = lease;
        var book = Book(lease.Wave);
        book.Lease(lease.Store, lease.IsSettled ? null : lease.Slice.Less(lease.Spent));
        _touched.Add(book);
        Record(lease.ToRecord());
    }

    Lease FindLease(string id, string store) =>
        Find(Lease.RecordId(id), out _) is { } record && record.Store == store ? Lease.OfRecord(record) : throw new GuardException("lease-unknown", new Text(
            $"lease {id}: store “{store}” never had it.", $"аренда {id}: у магазина «{store}» такой не было."));

    bool LoadLease(Receipt record)
    {
        if (!Lease.IsRecord(record)) return false;
        var lease = Lease.OfRecord(record);
        _leases[(lease.Wave, lease.Store)] = lease;
        return true;
    }

    void KeepLeases(WaveBook book)
    {
        foreach (var lease in _leases.Values)
            if (lease.Wave == book.Wave)
                book.Lease(lease.Store, lease.Slice.Less(lease.Spent));
    }

    Holders HoldersOf(OfferPackStore pack, Catalog catalog)
    {
        if (_holders.TryGetValue(pack.WaveId, out var known)) return known;
        // Only the first pack of a wave is asked for without the file being there; nobody waits for the tills' lock meanwhile.
        lock (_packing)
        {
            var holders = HoldersStore.Find(_state.Folder, pack.WaveId);
            if (holders is null)
            {
                var rules = PlanFile.ParseTill(pack.WaveId, new WaveStore(_state).Get(pack.WaveId).Plan).Offline ?? throw new UnreachableException($"Wave {pack.WaveId} has no rules for off-line tills.");
                holders = Holders.Of(pack, _catalog.LoadProfiles(), catalog, rules.Copies);
                HoldersStore.Save(_state.Folder, pack.WaveId, holders);
            }

            return _holders[pack.WaveId] = holders;
        }
    }

    static StorePack Terms(Lease lease, TillRules rules, OfferPackStore pack, Offer[] offers, Store store, Catalog catalog)
    {
        var isWide = offers.Any(offer => offer.TargetKind is TargetKind.Category or TargetKind.Brand);
        var spokenOf = offers.Where(offer => offer.TargetKind is TargetKind.Product or TargetKind.Brand).Select(offer => offer.Target).ToHashSet();
        var promotions = catalog.MassPromotions.Where(one => one.Store.Value == 0 || one.Store == store.Id).ToArray();
        spokenOf.UnionWith(promotions.Select(one => one.Product.Value));
        List<PackedPromotion> leftOut = [];
        if (offers.Any(offer => offer.TargetKind == TargetKind.Basket))
        {
            leftOut = [.. catalog.Exclusions.SelectMany(exclusion => Goods.Concerned(catalog, exclusion.Kind, exclusion.Value).Select(product => new PackedPromotion(product.Id.Value, exclusion.Period)))];
            spokenOf.UnionWith(leftOut.Select(one => one.Product));
            spokenOf.UnionWith(catalog.Products.OfType<Product>().Where(LegalPack.Names).Select(product => product.Id.Value));
        }

        return new StorePack
        {
            Store = store.Key,
            StoreNumber = store.Id.Value,
            TimeZone = store.TimeZone,
            Wave = pack.WaveId,
            Validity = pack.Validity,
            Lease = lease.Id,
            Slice = lease.Slice,
            MostPerCustomer = rules.MostPerCustomer,
            BasketOnTop = rules.BasketOnTop,
            PayingSuppliers = [.. rules.SupplierBudgets.Keys.Order(StringComparer.Ordinal)],
            Products = [.. catalog.Products.OfType<Product>().Where(product => isWide || product.Floor != FloorPolicy.None || spokenOf.Contains(product.Id.Value)).Select(product => new PackedProduct(
                product.Id.Value, product.Key, product.Category.Value, product.Brand, product.Supplier, catalog.Price(product.Id.Value, store.Id.Value)?.Minor, product.Floor, product.FloorPrice?.Minor)
            {
                Tags = LegalPack.Names(product) ? product.Tags : null,
            })],
            Categories = isWide ? [.. catalog.Categories.OfType<Category>()] : [],
            LeftOut = leftOut,
            Promotions = [.. promotions.Select(one => new PackedPromotion(one.Product.Value, one.Period))],
            Codes = "",
            Taken = "",
        };
    }
}
