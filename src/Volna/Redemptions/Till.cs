using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Redemptions.Journal;
using Volna.Redemptions.Ledger;
using Volna.Redemptions.Life;

namespace Volna.Redemptions;

/// <summary>
/// The checkout's counterpart, in process; HTTP is a thin layer over it. Any call may be repeated: a repeat gets the first answer.
///
/// Calls are decided one after the other, in memory, under one lock: so races have an order and no limit is overspent. Each decision adds a record to the
/// batch that is being gathered; one thread makes the batches durable, one at a time, and a call is answered when its batch is. So one write to the disk
/// serves everybody who waited for it, while the next batch gathers. The tables for reports and for look-ups of older receipts follow behind.
/// </summary>
public sealed partial class Till : IDisposable
{
    // How far the tables may be behind: bounds memory and the time of a start.
    const int MostUnfolded = 20_000;
    static readonly TimeSpan LongestUnfolded = TimeSpan.FromSeconds(2);

    // How long they may fail to follow: a full disk can be given room, but what they don't know yet fills the memory.
    static readonly TimeSpan LongestBehind = TimeSpan.FromMinutes(5);

    readonly StateStore _state;
    readonly TimeProvider _time;
    readonly LiveDayStore _live;
    readonly CatalogStore _catalog;
    readonly byte[] _secret;
    readonly IJournal _journal;
    readonly Thread _writer, _folder;
    readonly ManualResetEventSlim _work = new();
    readonly AutoResetEvent _foldSoon = new(false);
    readonly CancellationTokenSource _stop = new();

    // Everything below belongs to whoever holds the lock.
    readonly Lock _lock = new();
    readonly Dictionary<string, WaveBook> _books = [];
    readonly Dictionary<string, Receipt> _reserved = [];
    readonly PriorityQueue<string, long> _expiring = new();
    readonly HashSet<WaveBook> _touched = [];

    // By number: receipts that are asked for again come one after the other, and a batch holds many of them.
    readonly (long Number, Task<byte[]>? Reading)[] _read = new (long, Task<byte[]>?)[8];
    IReadOnlyList<(long Number, byte[] Body)> _own = [];
    FoldStore _fold;
    Recent _recent = new(), _older = new();
    Batch _open;
    bool _isWriter;
    Exception? _broken;
    readonly TaskCompletionSource _brokenTask = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Receipts that the tables don't know yet.</summary>
    sealed class Recent
    {
        // As bytes: thousands of receipts as objects would keep the collector busy.
        public Dictionary<string, (Batch Batch, int At)> Receipts { get; } = [];

        /// <summary>Receipt by Idempotency-Key.</summary>
        public Dictionary<string, string> Keys { get; } = [];
    }

    Till(DataFolder folder, StateStore state, LiveDayStore live, TimeProvider time, IJournal journal)
    {
        _state = state;
        _time = time;
        _live = live;
        _catalog = new CatalogStore(state);
        _secret = SecretStore.Open(folder);
        _journal = journal;
        Load(ReadBack());
        _writer = new Thread(WriteAll) { Name = "till writer", IsBackground = true };
        _writer.Start();
        _folder = new Thread(FoldAll) { Name = "till tables", IsBackground = true };
        _folder.Start();
    }

    /// <summary>Opens the till.</summary>
    /// <param name="live">Left open; whoever made it closes it after the till.</param>
    /// <exception cref="BadInputException">The money booked so far doesn't balance: the state database was damaged or edited.</exception>
    public static Till Open(DataFolder folder, StateStore state, LiveDayStore live, TimeProvider time) => Open(folder, state, live, time, JournalStore.Open(folder));

    /// <param name="journal">Closed with the till.</param>
    /// <inheritdoc cref="Open(DataFolder, StateStore, LiveDayStore, TimeProvider)"/>
    internal static Till Open(DataFolder folder, StateStore state, LiveDayStore live, TimeProvider time, IJournal journal)
    {
        try
        {
            var till = new Till(folder, state, live, time, journal);
            if (new RedemptionStore(state).BooksDifference() is not { } difference) return till;
            till.Dispose();
            throw new BadInputException("books-unbalanced", new Text($"{folder.State}: {difference.English}", $"{folder.State}: {difference.Russian}"));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Fails when this till had to stop for good: its books don't add up, or the journal can't be read back. The process has to end then.</summary>
    public Task Broken => _brokenTask.Task;

    /// <summary>Takes the right to write now; without it, the first call with an effect does.</summary>
    /// <exception cref="GuardException">Code <c>till-taken</c>: another process serves the tills of this folder.</exception>
    public void TakeWriter()
    {
        lock (_lock) Prepare();
    }

    /// <summary>What the receipt would cost with the customer's offers; changes nothing. A priced or closed receipt costs what it cost.</summary>
    /// <exception cref="BadInputException">Something in the receipt is missing or out of bounds.</exception>
    /// <exception cref="GuardException">The call contradicts what was done before; see <see cref="ReceiptRefusal"/>.</exception>
    public TillAnswer Price(TillReceipt receipt) => PriceAsync(receipt).GetAwaiter().GetResult();

    /// <inheritdoc cref="Price"/>
    public async Task<TillAnswer> PriceAsync(TillReceipt receipt)
    {
        ReceiptCheck.Check(receipt);
        var content = TillMessages.ContentHash(receipt);
        var basket = Look(receipt);
        var (told, batch) = await Locked(() =>
        {
            // Rights whose time ran out are given back by whoever writes.
            var now = _isWriter ? Prepare() : _time.GetUtcNow();
            if (Find(receipt.Id, out var within) is { } known)
            {
                if (Answer(known, TillCall.Price, "", content, now) is { } answer) return (TillMessages.ReadAnswer(answer), within);
                Refuse(TillCall.Price, known);
            }

            return (Decide(basket, ReceiptState.Open, null).Answer, null);
        }).ConfigureAwait(false);
        // What isn't durable may not have happened after all.
        if (batch is not null) await batch.Durable.Task.ConfigureAwait(false);
        return told;
    }

    /// <summary>Prices the receipt and keeps its offers for it for 15 minutes.</summary>
    /// <param name="key">The caller's Idempotency-Key, or empty.</param>
    /// <inheritdoc cref="Price"/>
    public Task<TillReply> ReserveAsync(TillReceipt receipt, string key = "") => Sell(TillCall.Price, receipt, key);

    /// <summary>Closes the receipt: its offers are spent, durably, when this returns.</summary>
    /// <inheritdoc cref="Price"/>
    public TillAnswer Close(TillReceipt receipt) => CloseAsync(receipt).GetAwaiter().GetResult().Answer;

    /// <summary>Closes many receipts with few writes to the disk, in their order.</summary>
    /// <inheritdoc cref="Price"/>
    public IReadOnlyList<TillAnswer> CloseMany(IReadOnlyList<TillReceipt> receipts)
    {
        foreach (var receipt in receipts) ReceiptCheck.Check(receipt);
        var closing = receipts.Select(receipt => CloseAsync(receipt)).ToArray();
        return [.. closing.Select(close => close.GetAwaiter().GetResult().Answer)];
    }

    /// <summary>Closes the receipt without holding a thread meanwhile.</summary>
    /// <inheritdoc cref="ReserveAsync"/>
    public Task<TillReply> CloseAsync(TillReceipt receipt, string key = "") => Sell(TillCall.Close, receipt, key);

    /// <summary>Cancels a receipt, closed or not: its rights are given back.</summary>
    /// <param name="checkStore">Throws if the caller has nothing to do with the receipt's store.</param>
    /// <inheritdoc cref="ReserveAsync"/>
    public Task<TillReply> CancelAsync(string receipt, string key = "", Action<string>? checkStore = null)
    {
        ReceiptCheck.CheckId(receipt);
        return Change(TillCall.Cancel, receipt, TillMessages.ContentHash(receipt), key, "", checkStore, (before, isValid) =>
        {
            var after = ReceiptLife.Cancel(before, isValid);
            return (after, TillMessages.WriteUndone(before, after, null));
        });
    }

    /// <summary>Opens a priced receipt again: its reserved rights are free, its content may change.</summary>
    /// <inheritdoc cref="ReserveAsync"/>
    public Task<TillReply> ReopenAsync(string receipt, string key = "", Action<string>? checkStore = null)
    {
        ReceiptCheck.CheckId(receipt);
        return Change(TillCall.Reopen, receipt, TillMessages.ContentHash(receipt), key, "", checkStore, (before, _) =>
        {
            var after = ReceiptLife.Release(before);
            return (after, TillMessages.WriteUndone(before, after, null));
        });
    }

    /// <summary>Takes back some lines of a closed receipt, wholly or partly.</summary>
    /// <inheritdoc cref="ReserveAsync"/>
    public Task<TillReply> ReturnAsync(TillReturn goods, string key = "", Action<string>? checkStore = null)
    {
        ReceiptCheck.Check(goods);
        return Change(TillCall.Return, goods.Receipt, TillMessages.ContentHash(goods), key, goods.Id, checkStore, (before, isValid) =>
        {
            var after = ReceiptLife.Return(before, goods, isValid);
            return (after, TillMessages.WriteUndone(before, after, goods.Id));
        });
    }

    /// <summary>Whether a receipt of this id was priced or closed before.</summary>
    public bool Knows(string receipt)
    {
        lock (_lock) return WaitsFor(receipt) is not null || _fold.Find(FoldStore.HashOfReceipt(receipt)) is not null;
    }

    /// <summary>Where a receipt stands, as JSON; null if it isn't known.</summary>
    public async Task<byte[]?> StateAsync(string receipt, Action<string>? checkStore = null)
    {
        ReceiptCheck.CheckId(receipt);
        var (known, batch) = await Locked(() =>
        {
            var found = Find(receipt, out var within);
            return (found is not null && HasRunOut(found, _time.GetUtcNow()) ? ReceiptLife.Release(found) : found, within);
        });
        if (known is not null) checkStore?.Invoke(known.Store);
        if (batch is not null) await batch.Durable.Task;
        return known is null ? null : TillMessages.WriteState(known, use => Code(use.Wave, new CustomerId(use.Customer), use.Index));
    }

    /// <summary>The offers a customer can use in a store at a moment; those she spent are marked.</summary>
    public CustomerOffers Offers(string customer, string store, DateTimeOffset moment)
    {
        var day = _live.For(store, moment);
        var offers = day.Offers(customer);
        List<HeldOffer> held;
        lock (_lock)
        {
            held = Held(offers);
            BlockLeased(held, offers, store, customer, day);
        }

        var usable = new List<UsableOffer>(held.Count);
        var at = 0;
        foreach (var (pack, own) in offers)
        {
            if (own.Count == 0) continue;
            var codes = OfferCode.Of(_secret, pack.WaveId, own);
            for (var i = 0; i < own.Count; i++, at++)
            {
                if (held[at].Blocked == TillRefusal.OfferLeased) continue;
                var (key, name) = Named(own[i].TargetKind, own[i].Target, day.Catalog);
                usable.Add(new UsableOffer(codes[i], pack.WaveId, key, name, own[i].Depth, pack.Validity, held[at].Blocked == TillRefusal.OfferUsed));
            }
        }

        return new CustomerOffers(customer, IsKnown(customer, offers), day.Day, usable);
    }

    /// <summary>Where the rights of a wave stand.</summary>
    public RightCounts Rights(string wave)
    {
        lock (_lock) return Book(wave).Counts;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _work.Set();
        _writer.Join();
        _folder.Join();
        lock (_lock) _broken ??= new ObjectDisposedException(nameof(Till));
        _fold.Dispose();
        _journal.Dispose();
        _work.Dispose();
        _foldSoon.Dispose();
        _stop.Dispose();
    }

    Task<TillReply> Sell(TillCall call, TillReceipt receipt, string key)
    {
        ReceiptCheck.Check(receipt);
        ReceiptCheck.CheckKey(key);
        var content = TillMessages.ContentHash(receipt);
        var basket = Look(receipt);
        return Decide(() =>
        {
            var now = Prepare();
            if (Repeated(call, receipt.Id, content, key) is { } repeated) return repeated;
            var before = Find(receipt.Id, out var batch) ?? new Receipt { Id = receipt.Id };
            if (Answer(before, call, "", content, now) is { } first) return Reply(first, batch);
            Refuse(call, before);

            Receipt after;
            TillAnswer answer;
            // One without offers isn't among the reservations after a start, so nobody opened it again.
            if (call == TillCall.Close && before.State == ReceiptState.Priced && !HasRunOut(before, now))
            {
                after = ReceiptLife.CloseReserved(before);
                answer = TillMessages.ReadAnswer(before.Answers.Last(one => one.Call == TillCall.Price).Body) with { State = ReceiptState.Closed, ReservedUntil = null };
            }
            else
            {
                var until = now + ReceiptLife.Reservation;
                (var decided, answer) = Decide(basket, call == TillCall.Close ? ReceiptState.Closed : ReceiptState.Priced, call == TillCall.Close ? null : until);
                var described = before with { Content = content, Store = receipt.Store, Day = basket.Day.Day.DayNumber };
                after = call == TillCall.Close ? ReceiptLife.Close(described, decided) : ReceiptLife.Price(described, decided, until.ToUnixTimeMilliseconds());
            }

            var body = TillMessages.Write(answer);
            return Keep(after, new Answered(call, key, "", content, body), answer);
        });
    }

    async Task<TillReply> Change(
        TillCall call, string id, UInt128 content, string key, string part, Action<string>? checkStore, Func<Receipt, Func<Use, bool>, (Receipt After, byte[] Body)> change)
    {
        ReceiptCheck.CheckKey(key);
        // Before the lock is taken, because a day may have to be loaded.
        var today = await Locked(() => Find(id, out _)?.Store).ConfigureAwait(false) is { } store ? Today(store) : null;
        return await Decide(() =>
        {
            var now = Prepare();
            var known = Find(id, out var batch);
            if (known is not null) checkStore?.Invoke(known.Store);
            if (Repeated(call, id, content, key) is { } repeated) return repeated;
            var before = known ?? throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptUnknown, id);
            if (Answer(before, call, part, content, now) is { } first) return Reply(first, batch);
            Refuse(call, before);
            var (after, body) = change(before, IsValid(today ?? Today(before.Store)));
            return Keep(after, new Answered(call, key, part, content, body), null);
        }).ConfigureAwait(false);
    }

    /// <summary>One call at a time. A refusal is an answer, too: whoever waits for the task learns it.</summary>
    Task<TillReply> Decide(Func<Task<TillReply>> decide)
    {
        try
        {
            lock (_lock) return decide();
        }
        catch (NotReadException missing)
        {
            return Again();

            async Task<TillReply> Again() => await (await Locked(decide, missing).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (Exception refusal) when (refusal is GuardException or BadInputException)
        {
            return Task.FromException<TillReply>(refusal);
        }
    }

    /// <summary>
    /// Does something under the lock. What it needs of the journal is read while nobody holds the lock, and then it begins anew: so it must look for all it needs
    /// before it changes anything. A database answers on the pool's threads; were they all to wait for the lock, and who holds it for the database, all would stand still.
    /// </summary>
    async Task<T> Locked<T>(Func<T> call, NotReadException? missing = null)
    {
        List<(long, byte[])> own = [];
        while (true)
        {
            if (missing is not null) own.Add((missing.Batch, await missing.Reading.ConfigureAwait(false)));
            try
            {
                lock (_lock)
                {
                    _own = own;
                    try
                    {
                        return call();
                    }
                    finally
                    {
                        _own = [];
                    }
                }
            }
            catch (NotReadException another)
            {
                missing = another;
            }
        }
    }

    /// <summary>Without this batch the call can't be decided.</summary>
    sealed class NotReadException(long batch, Task<byte[]> reading) : Exception
    {
        public long Batch => batch;

        public Task<byte[]> Reading => reading;
    }

    /// <summary>Called first, under the lock, by every call with an effect: rights whose time ran out are free from now on.</summary>
    DateTimeOffset Prepare()
    {
        if (_broken is JournalLostException) throw _broken;
        if (_broken is not null) throw new InvalidOperationException($"The till stopped: {_broken.Message}", _broken);
        if (!_isWriter)
        {
            _journal.TakeWriter();
            // Another process may have written since this one looked.
            if (_journal.Last() != _open.Sequence - 1) Load(ReadBack());
            _isWriter = true;
        }

        var now = _time.GetUtcNow();
        while (_expiring.TryPeek(out var id, out var until) && until <= now.ToUnixTimeMilliseconds())
        {
            _expiring.Dequeue();
            if (_reserved.TryGetValue(id, out var receipt) && HasRunOut(receipt, now)) Record(ReceiptLife.Release(receipt));
        }

        return now;
    }

    static bool HasRunOut(Receipt receipt, DateTimeOffset now) => receipt.State == ReceiptState.Priced && receipt.ReservedUntil <= now.ToUnixTimeMilliseconds();

    /// <summary>The first answer of a call that came with the same Idempotency-Key.</summary>
    Task<TillReply>? Repeated(TillCall call, string id, UInt128 content, string key)
    {
        if (key.Length == 0 || FindKey(key, out var batch) is not { } answered) return null;
        return answered.Call == call && answered.Content == content ? Reply(answered.Body, batch) : throw ReceiptRefusals.Of(ReceiptRefusal.KeyDiffers, id, key);
    }

    /// <summary>The first answer, if the same was asked before about this receipt; null if this is new.</summary>
    /// <exception cref="GuardException">The receipt, or the return, was something else before.</exception>
    static byte[]? Answer(Receipt receipt, TillCall call, string part, UInt128 content, DateTimeOffset now)
    {
        var isPriced = receipt.State == ReceiptState.Priced && !HasRunOut(receipt, now);
        foreach (var answered in receipt.Answers)
        {
            switch (answered.Call, call)
            {
                // A closed receipt stays what it was, also after returns and a cancellation.
                case (TillCall.Close, TillCall.Close or TillCall.Price):
                    return answered.Content == content ? answered.Body : throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptDiffers, receipt.Id, "closed");
                case (TillCall.Cancel, TillCall.Cancel):
                case (TillCall.Reopen, TillCall.Reopen) when receipt.State == ReceiptState.Open:
                    return answered.Body;
                case (TillCall.Return, TillCall.Return) when answered.Part == part:
                    return answered.Content == content ? answered.Body : throw ReceiptRefusals.Of(ReceiptRefusal.ReturnDiffers, receipt.Id, part);
                default:
                    break;
            }
        }

        if (!isPriced || call is not (TillCall.Price or TillCall.Close)) return null;
        if (receipt.Content != content) throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptDiffers, receipt.Id, "priced");
        return call == TillCall.Price ? receipt.Answers.Last(answered => answered.Call == TillCall.Price).Body : null;
    }

    static void Refuse(TillCall call, Receipt receipt)
    {
        if (ReceiptLife.Refusal(call, receipt.State) is not ReceiptRefusal.None and var refusal) throw ReceiptRefusals.Of(refusal, receipt.Id);
    }

    /// <summary>Keeps a step with its answer for repeats.</summary>
    Task<TillReply> Keep(Receipt receipt, Answered answered, TillAnswer? answer)
    {
        // A receipt can be priced and reopened any number of times; the latest of these answers is the one a repeat may ask for.
        Answered[] answers = receipt.Answers.Length == 0
            ? [answered]
            : [.. receipt.Answers.Where(one => one.Key.Length > 0 || one.Call is not (TillCall.Price or TillCall.Reopen)), answered];
        Record(receipt with { Answers = answers });
        if (answered.Key.Length > 0) _recent.Keys[answered.Key] = receipt.Id;
        return Reply(answered.Body, _open, answer);
    }

    /// <summary>Books what a step did and puts it into the batch that is being gathered.</summary>
    void Record(Receipt receipt)
    {
        RecordPlace place;
        // Loaded first, because that may fail, and a step is booked whole or not at all.
        foreach (var use in receipt.Uses) _touched.Add(Book(use.Wave));
        try
        {
            MoneyBooks.Check(receipt);
            foreach (var use in receipt.Uses) _books[use.Wave].Move(use, receipt.Store, receipt.Day);
            place = _open.Add(receipt);
        }
        catch (Exception imbalance)
        {
            // Half a step may be booked: nobody may go on from here.
            Break(imbalance);
            throw;
        }

        _recent.Receipts[receipt.Id] = (_open, place.At);
        if (receipt.State == ReceiptState.Priced)
        {
            _reserved[receipt.Id] = receipt;
            _expiring.Enqueue(receipt.Id, receipt.ReservedUntil);
        }
        else
        {
            _reserved.Remove(receipt.Id);
        }

        _work.Set();
        if (_recent.Receipts.Count >= MostUnfolded) _foldSoon.Set();
    }

    static async Task<TillReply> Reply(byte[] body, Batch? batch, TillAnswer? answer = null)
    {
        if (batch is not null) await batch.Durable.Task.ConfigureAwait(false);
        return new TillReply(body, answer);
    }

    Receipt? Find(string id, out Batch? batch)
    {
        if (_recent.Receipts.TryGetValue(id, out var known) || _older.Receipts.TryGetValue(id, out known))
        {
            batch = known.Batch;
            return batch.Read(known.At);
        }

        batch = null;
        if (_fold.Find(FoldStore.HashOfReceipt(id)) is not { } places) return null;
        foreach (var place in places)
            if (Batch.Read(Stored(place.Batch), place.At) is var receipt && receipt.Id == id)
                return receipt;
        return null;
    }

    Answered? FindKey(string key, out Batch? batch)
    {
        if (_recent.Keys.TryGetValue(key, out var id) || _older.Keys.TryGetValue(key, out id))
            return Find(id, out batch)!.Answers.First(answered => answered.Key == key);
        batch = null;
        if (_fold.Find(FoldStore.HashOfKey(key)) is not { } places) return null;
        foreach (var place in places)
            if (Array.Find(Batch.Read(Stored(place.Batch), place.At).Answers, answered => answered.Key == key) is { } found)
                return found;
        return null;
    }

    byte[] Stored(long batch)
    {
        foreach (var (number, body) in _own)
            if (number == batch)
                return body;
        ref var read = ref _read[batch % _read.Length];
        // What couldn't be read is tried again.
        if (read.Reading is null or { IsFaulted: true } || read.Number != batch) read = (batch, _journal.ReadAsync(batch));
        return read.Reading.IsCompletedSuccessfully ? read.Reading.Result : throw new NotReadException(batch, read.Reading);
    }

    /// <summary>The batch that makes durable what was done last to a receipt; null where that may be seen from the tables.</summary>
    Batch? WaitsFor(string receipt) => _recent.Receipts.TryGetValue(receipt, out var known) || _older.Receipts.TryGetValue(receipt, out known) ? known.Batch : null;

    WaveBook Book(string wave)
    {
        if (_books.TryGetValue(wave, out var book)) return book;
        var found = new WaveStore(_state).Get(wave);
        book = new WaveBook(wave, _live.Pack(found).Offers, PlanFile.ParseTill(wave, found.Plan));
        // Nothing of this wave happened since the tables were brought up to date at the start: its book would be here.
        _fold.Load(book);
        foreach (var receipt in _reserved.Values)
            foreach (var use in receipt.Uses)
                if (use.Wave == wave && use.Is == RightState.Reserved)
                    book.Move(use, receipt.Store, receipt.Day);
        KeepLeases(book);
        return _books[wave] = book;
    }

    /// <summary>What is durable. May take as long as a database does, so where others may wait for the lock it is asked for before the lock is taken.</summary>
    Durable ReadBack()
    {
        var last = FoldStore.CatchUp(_state, _journal);
        var fold = new FoldStore(_state);
        return new Durable(last, fold, [.. fold.Reservations().Select(place => Batch.Read(_journal.ReadAsync(place.Batch).GetAwaiter().GetResult(), place.At))]);
    }

    /// <param name="Reserved">Receipts with reserved rights, and leases that run.</param>
    sealed record Durable(long Last, FoldStore Fold, IReadOnlyList<Receipt> Reserved);

    /// <summary>Brings memory to what is durable.</summary>
    [MemberNotNull(nameof(_open), nameof(_fold))]
    void Load(Durable durable)
    {
        _fold?.Dispose();
        _fold = durable.Fold;
        _books.Clear();
        _touched.Clear();
        _reserved.Clear();
        _expiring.Clear();
        (_recent, _older) = (new Recent(), new Recent());
        Array.Clear(_read);
        _open = new Batch(durable.Last + 1);
        _leases.Clear();
        foreach (var receipt in durable.Reserved)
        {
            if (LoadLease(receipt)) continue;
            _reserved[receipt.Id] = receipt;
            _expiring.Enqueue(receipt.Id, receipt.ReservedUntil);
        }
    }

    void WriteAll()
    {
        while (true)
        {
            _work.Wait();
            Batch batch;
            lock (_lock)
            {
                batch = _open;
                if (batch.Records == 0)
                {
                    if (_stop.IsCancellationRequested) return;
                    _work.Reset();
                    continue;
                }

                // As large as this one and a bit, so that it needn't grow, nor keep room that nobody fills.
                _open = new Batch(batch.Sequence + 1, batch.Bytes + (batch.Bytes / 4));
                Check();
            }

            if (_broken is not null)
            {
                batch.Durable.SetException(_broken);
                continue;
            }

            try
            {
                _journal.Append(batch.Sequence, batch.Finish());
            }
            catch (Exception failure)
            {
                Undo(batch, failure);
                continue;
            }

            batch.Durable.SetResult();
        }
    }

    void Check()
    {
        try
        {
            foreach (var book in _touched) book.Check();
            _touched.Clear();
        }
        catch (InvalidOperationException imbalance)
        {
            Break(imbalance);
        }
    }

    void Break(Exception why)
    {
        _broken = why;
        _brokenTask.TrySetException(why);
    }

    /// <summary>
    /// What wasn't stored didn't happen, nor what was decided on top of it, until the journal was read again: each caller learns why, and may ask again.
    /// </summary>
    void Undo(Batch batch, Exception failure)
    {
        Durable? durable = null;
        Exception? worse = null;
        try
        {
            durable = ReadBack();
        }
        catch (Exception unreadable)
        {
            worse = unreadable;
        }

        lock (_lock)
        {
            batch.Durable.SetException(failure);
            if (durable is null)
            {
                // Whoever came later learns it from the writer.
                Break(worse!);
                return;
            }

            var later = _open;
            Load(durable);
            later.Durable.SetException(failure);
        }
    }

    void FoldAll()
    {
        Background.StandBack(Background.KeepsUp);
        DateTimeOffset? behindSince = null;
        try
        {
            while (WaitHandle.WaitAny([_stop.Token.WaitHandle, _foldSoon], LongestUnfolded) != 0)
                try
                {
                    Fold();
                    behindSince = null;
                }
                catch (SqliteException) when (_time.GetUtcNow() - (behindSince ??= _time.GetUtcNow()) < LongestBehind)
                {
                    // Tried again: the journal has all that the tables lack.
                }
        }
        catch (Exception failure)
        {
            lock (_lock) Break(failure);
        }
    }

    void Fold()
    {
        // Asked also where nobody calls, so that a lost journal ends the process soon.
        _ = _journal.Last();
        Recent folding;
        long last;
        lock (_lock)
        {
            _fold.LetGo();
            if (_broken is not null || _older.Receipts.Count + _recent.Receipts.Count == 0) return;
            if (_older.Receipts.Count == 0) (_older, _recent) = (_recent, new Recent());
            folding = _older;
            last = _open.Records > 0 ? _open.Sequence : _open.Sequence - 1;
        }

        // The batch at the end may not be durable yet; the next round brings it.
        if (!FoldStore.TryCatchUp(_state, _journal, last)) return;
        lock (_lock)
        {
            if (!ReferenceEquals(_older, folding)) return;
            _older = new Recent();
            // What comes after this stands in memory until the next time.
            _fold.HoldOn();
        }
    }

    /// <summary>What the day and the offers say about a basket; asked before the lock is taken.</summary>
    Basket Look(TillReceipt receipt)
    {
        var day = _live.For(receipt.Store, receipt.Time);
        var lines = new ReceiptLine[receipt.Lines.Count];
        var store = day.Catalog.FindStore(receipt.Store)?.Id ?? default;
        for (var i = 0; i < lines.Length; i++) lines[i] = ReceiptLine.Of(receipt.Lines[i], day, store);
        var offers = day.Offers(receipt.Customer);
        return new Basket(receipt, day, lines, offers, IsKnown(receipt.Customer, offers));
    }

    sealed record Basket(TillReceipt Receipt, LiveDay Day, ReceiptLine[] Lines, List<(OfferPackStore Pack, IReadOnlyList<Offer> Offers)> Offers, bool IsKnown);

    /// <summary>What the basket costs with the rights that are free now.</summary>
    (Decided Decided, TillAnswer Answer) Decide(Basket basket, ReceiptState state, DateTimeOffset? until)
    {
        var held = Held(basket.Offers);
        BlockLeased(held, basket.Offers, basket.Receipt.Store, basket.Receipt.Customer, basket.Day);
        var onTop = true;
        foreach (var offer in held) onTop &= Book(offer.Wave).Rules.BasketOnTop;
        while (true)
        {
            var price = Pricing.Price(basket.Lines, basket.IsKnown, held, basket.Day.Catalog, onTop);
            var decided = Decided(basket, price);
            if (!LimitOne(basket, decided.Uses, held)) return (decided, Answer(basket.Receipt, price, state, until));
        }
    }

    /// <summary>Blocks the offer with the least benefit that a limit forbids beside those with more; false if all are allowed.</summary>
    bool LimitOne(Basket basket, Use[] uses, List<HeldOffer> held)
    {
        var byBenefit = uses.Length > 1 ? [.. uses.OrderByDescending(use => use.Value.Discount + use.Value.Points).ThenBy(use => use.Line)] : uses;
        for (var i = 0; i < byBenefit.Length; i++)
        {
            var use = byBenefit[i];
            var refusal = Book(use.Wave).Refusal(use, basket.Receipt.Store, basket.Day.Day.DayNumber, byBenefit.AsSpan(0, i));
            if (refusal == TillRefusal.None) continue;
            var at = held.FindIndex(one => one.Wave == use.Wave && one.Offer.Index == use.Index);
            held[at] = held[at] with { Blocked = refusal };
            return true;
        }

        return false;
    }

    Decided Decided(Basket basket, BasketPrice price)
    {
        var sold = new SoldLine[price.Lines.Length];
        var uses = new Use[price.Lines.Count(line => line.Used is not null) + (price.Offer is null ? 0 : 1)];
        var used = 0;
        for (var i = 0; i < sold.Length; i++)
        {
            var (line, of) = (basket.Receipt.Lines[i], price.Lines[i]);
            sold[i] = new SoldLine(line.Id, line.Quantity.Thousandths, of.Total.Minor, of.Discount.Minor, of.BasketDiscount.Minor, of.Points.Minor, of.BasketPoints.Minor, 0);
            if (of.Used is { } own) uses[used++] = Use(own, i, Payer(own.Wave, basket.Lines[i].Supplier));
        }

        if (price.Offer is { } whole) uses[used] = Use(whole, Life.Use.Basket, "");
        return new Decided(sold, uses);

        Use Use(HeldOffer held, int line, string payer) => new(
            held.Wave, held.Offer.Customer.Value, held.Offer.Index, ((long)held.Offer.TargetKind << 32) | (uint)held.Offer.Target, payer, line,
            default, default, default, ReceiptLife.Value(sold, line));
    }

    /// <summary>A supplier with a budget in the wave pays for its goods, the retailer for all others.</summary>
    string Payer(string wave, string? supplier) => supplier is not null && Book(wave).Rules.SupplierBudgets.ContainsKey(supplier) ? supplier : "";

    TillAnswer Answer(TillReceipt receipt, BasketPrice price, ReceiptState state, DateTimeOffset? until)
    {
        var lines = new TillLineAnswer[price.Lines.Length];
        Money total = default, discount = default, points = price.Points;
        for (var i = 0; i < lines.Length; i++)
        {
            var of = price.Lines[i];
            total += of.Total;
            discount += of.Discount + of.BasketDiscount;
            points += of.Points;
            lines[i] = new TillLineAnswer(receipt.Lines[i].Id, of.Total, of.Discount + of.BasketDiscount, of.Used is null ? null : Code(of.Used), of.Refusal) { Points = of.Points };
        }

        return new TillAnswer(receipt.Id, total, discount, lines)
        {
            State = state,
            Points = points,
            ReservedUntil = until,
            BasketOffer = price.Offer is null ? null : Code(price.Offer),
            BasketDiscount = price.Discount,
        };
    }

    List<HeldOffer> Held(List<(OfferPackStore Pack, IReadOnlyList<Offer> Offers)> offers)
    {
        var held = new List<HeldOffer>(UsualOffers);
        foreach (var (pack, own) in offers)
        {
            if (own.Count == 0) continue;
            var (reserved, redeemed) = Book(pack.WaveId).HeldBy(own[0].Customer.Value);
            for (var i = 0; i < own.Count; i++)
            {
                var bit = 1UL << own[i].Index;
                held.Add(new HeldOffer(pack.WaveId, own[i], (redeemed & bit) != 0 ? TillRefusal.OfferUsed : (reserved & bit) != 0 ? TillRefusal.OfferReserved : TillRefusal.None));
            }
        }

        return held;
    }

    bool IsKnown(string customer, List<(OfferPackStore Pack, IReadOnlyList<Offer> Offers)> offers) =>
        offers.Count > 0 || (customer.Length > 0 && _catalog.FindCustomer(customer) is not null);

    LiveDay Today(string store) => _live.For(store, _time.GetLocalNow());

    /// <summary>Whether an offer can still be used today.</summary>
    static Func<Use, bool> IsValid(LiveDay today) => use => today.Packs.Any(pack => pack.WaveId == use.Wave);

    string Code(HeldOffer held) => Code(held.Wave, held.Offer.Customer, held.Offer.Index);

    string Code(string wave, CustomerId customer, int index) => OfferCode.Of(_secret, wave, customer, Offline.ExtraUse.Offer(index));

    internal static (string Key, string Name) Named(TargetKind kind, int target, Catalog catalog) => kind switch
    {
        TargetKind.Product => (catalog.Product(target).Key, catalog.Product(target).Name),
        TargetKind.Category => ("", catalog.Categories[target]!.Path),
        TargetKind.Brand => ("", catalog.Product(target).Brand),
        _ => ("", ""),
    };
}

/// <summary>What a till is answered.</summary>
/// <param name="body">JSON; the same bytes for every repeat.</param>
public sealed class TillReply(byte[] body, TillAnswer? answer)
{
    internal static TillReply None { get; } = new([], null);

    public byte[] Body => body;

    /// <summary>What the receipt costs; only for calls that price or close it.</summary>
    public TillAnswer Answer => field ??= answer ?? TillMessages.ReadAnswer(body);
}

/// <summary>What a customer can use.</summary>
/// <param name="Known">False if neither a wave nor the catalogue knows her.</param>
/// <param name="Day">The store's business day.</param>
public sealed record CustomerOffers(string Customer, bool Known, DateOnly Day, IReadOnlyList<UsableOffer> Offers);

/// <summary>An offer at the till.</summary>
/// <param name="Product">Key of the product; empty for an offer on more than one.</param>
/// <param name="Name">Of the product, path of the category, or brand; empty for the whole basket.</param>
public sealed record UsableOffer(string Code, string Wave, string Product, string Name, Percent Depth, Period Validity, bool Used);
