using System.Collections.Concurrent;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Publishing;

namespace Volna.Redemptions;

/// <summary>
/// The checkout's counterpart, in process; HTTP is a thin layer over it. Any call may be repeated: a repeat gets the first answer.
///
/// One thread writes. It takes all closes that wait, decides them one after the other within one transaction, and answers when that is durable:
/// so races have an order, and one write to the disk serves everybody who waited for it.
/// </summary>
public sealed class Till : IDisposable
{
    // Bounds how long the first of a batch waits for the last.
    const int MostInBatch = 1_024;

    readonly StateStore _state;
    readonly TimeProvider _time;
    readonly LiveDayStore _live;
    readonly byte[] _secret;
    readonly ConcurrentBag<ReceiptStore> _readers = [];
    readonly BlockingCollection<Waiting> _queue = [];
    readonly Thread _writer;

    sealed record Waiting(TillReceipt Receipt, string Content)
    {
        // Continuations elsewhere: the writer has others to serve.
        public TaskCompletionSource<ClosedReceipt> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    Till(DataFolder folder, StateStore state, LiveDayStore live, TimeProvider time)
    {
        _state = state;
        _time = time;
        _live = live;
        _secret = SecretStore.Open(folder);
        _writer = new Thread(WriteAll) { Name = "till writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Opens the till.</summary>
    /// <param name="live">Left open; whoever made it closes it after the till.</param>
    /// <exception cref="BadInputException">The money booked so far doesn't balance: the state database was damaged or edited.</exception>
    public static Till Open(DataFolder folder, StateStore state, LiveDayStore live, TimeProvider time)
    {
        if (new RedemptionStore(state).BooksDifference() is { } difference)
            throw new BadInputException("books-unbalanced", new Text($"{folder.State}: {difference.English}", $"{folder.State}: {difference.Russian}"));
        return new Till(folder, state, live, time);
    }

    /// <summary>What the receipt would cost with the customer's offers; changes nothing. A closed receipt costs what it cost.</summary>
    /// <exception cref="BadInputException">Something in the receipt is missing or out of bounds.</exception>
    /// <exception cref="GuardException">Code <c>receipt-differs</c>: the id was closed with other content.</exception>
    public TillAnswer Price(TillReceipt receipt)
    {
        ReceiptCheck.Check(receipt);
        return Read(store => Closed(store, receipt, TillMessages.ContentHash(receipt))?.Answer ?? Decide(store, receipt).Answer);
    }

    /// <summary>Closes the receipt: its offers are spent, durably, when this returns.</summary>
    /// <inheritdoc cref="Price"/>
    public TillAnswer Close(TillReceipt receipt) => CloseAsync(receipt).GetAwaiter().GetResult().Answer;

    /// <summary>Closes many receipts with few writes to the disk, in their order.</summary>
    /// <inheritdoc cref="Price"/>
    public IReadOnlyList<TillAnswer> CloseMany(IReadOnlyList<TillReceipt> receipts)
    {
        foreach (var receipt in receipts) ReceiptCheck.Check(receipt);
        var closing = receipts.Select(CloseAsync).ToArray();
        return [.. closing.Select(close => close.GetAwaiter().GetResult().Answer)];
    }

    /// <summary>Closes the receipt without holding a thread meanwhile.</summary>
    /// <inheritdoc cref="Price"/>
    public Task<ClosedReceipt> CloseAsync(TillReceipt receipt)
    {
        ReceiptCheck.Check(receipt);
        var waiting = new Waiting(receipt, TillMessages.ContentHash(receipt));
        _queue.Add(waiting);
        return waiting.Outcome.Task;
    }

    /// <summary>The offers a customer can use in a store at a moment; those she spent are marked.</summary>
    public CustomerOffers Offers(string customer, string store, DateTimeOffset moment)
    {
        var day = _live.For(store, moment);
        return Read(reader =>
        {
            var held = Held(reader, day, customer, out var known);
            return new CustomerOffers(customer, known, day.Day, [.. held.Select(offer => Usable(offer, day))]);
        });
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _writer.Join();
        _queue.Dispose();
        while (_readers.TryTake(out var reader)) reader.Dispose();
    }

    void WriteAll()
    {
        using var store = new ReceiptStore(_state);
        var batch = new List<Waiting>();
        var outcomes = new List<ClosedReceipt?>();
        while (_queue.TryTake(out var first, Timeout.Infinite))
        {
            batch.Clear();
            outcomes.Clear();
            batch.Add(first);
            while (batch.Count < MostInBatch && _queue.TryTake(out var next)) batch.Add(next);
            try
            {
                store.InTransaction(() =>
                {
                    foreach (var waiting in batch) outcomes.Add(CloseOne(store, waiting));
                });
            }
            catch (Exception failure)
            {
                // Nothing of the batch was stored; each caller learns why, and may ask again.
                foreach (var waiting in batch) waiting.Outcome.TrySetException(failure);
                continue;
            }

            for (var i = 0; i < batch.Count; i++)
                if (outcomes[i] is { } closed)
                    batch[i].Outcome.SetResult(closed);
        }
    }

    /// <summary>Closes one receipt of a batch; null if it was refused, which its caller learns at once, the others not at all.</summary>
    ClosedReceipt? CloseOne(ReceiptStore store, Waiting waiting)
    {
        var receipt = waiting.Receipt;
        TillAnswer answer;
        List<Redemption> redemptions;
        try
        {
            if (Closed(store, receipt, waiting.Content) is { } earlier) return earlier;
            (answer, redemptions) = Decide(store, receipt);
        }
        catch (Exception refusal) when (refusal is BadInputException or GuardException)
        {
            waiting.Outcome.SetException(refusal);
            return null;
        }

        var body = TillMessages.Write(answer);
        store.Save(receipt.Id, waiting.Content, body, _time.GetUtcNow(), redemptions);
        return new ClosedReceipt(answer, body);
    }

    /// <summary>The first answer, if the receipt was closed before.</summary>
    static ClosedReceipt? Closed(ReceiptStore store, TillReceipt receipt, string content)
    {
        if (store.Find(receipt.Id) is not var (firstContent, answer)) return null;
        if (firstContent == content) return new ClosedReceipt(TillMessages.ReadAnswer(answer), answer);
        throw new GuardException("receipt-differs", new Text(
            $"receipt {receipt.Id}: was closed before with other content; give each receipt an id of its own.",
            $"чек {receipt.Id}: уже закрыт с другим содержимым; у каждого чека должен быть свой номер."));
    }

    (TillAnswer Answer, List<Redemption> Redemptions) Decide(ReceiptStore store, TillReceipt receipt)
    {
        var day = _live.For(receipt.Store, receipt.Time);
        var held = Held(store, day, receipt.Customer, out var known);
        var prices = Pricing.Price([.. receipt.Lines.Select(line => ReceiptLine.Of(line, day, receipt.Store))], known, held);

        var lines = new TillLineAnswer[prices.Length];
        var redemptions = new List<Redemption>();
        Money total = default, discount = default;
        for (var i = 0; i < prices.Length; i++)
        {
            var (line, price) = (receipt.Lines[i], prices[i]);
            total += price.Total;
            discount += price.Discount;
            lines[i] = new TillLineAnswer(line.Id, price.Total, price.Discount, price.Used is null ? null : Code(price.Used), price.Refusal);
            if (price.Used is { } used)
                redemptions.Add(new Redemption(used.Wave, used.Offer.Customer, used.Offer.Index, receipt.Id, line.Id, receipt.Store, day.Day, line.Quantity, price.Total, price.Discount));
        }

        return (new TillAnswer(receipt.Id, total, discount, lines), redemptions);
    }

    List<HeldOffer> Held(ReceiptStore store, LiveDay day, string customer, out bool known)
    {
        var offers = day.Offers(customer);
        known = offers.Count > 0 || (customer.Length > 0 && new CatalogStore(_state).FindCustomer(customer) is not null);
        var held = new List<HeldOffer>();
        foreach (var (pack, own) in offers)
        {
            if (own.Count == 0) continue;
            var spent = store.Spent(pack.WaveId, own[0].Customer);
            held.AddRange(own.Select(offer => new HeldOffer(pack.WaveId, offer, spent.Contains(offer.Index))));
        }

        return held;
    }

    string Code(HeldOffer held) => OfferCode.Of(_secret, held.Wave, held.Offer.Customer, held.Offer.Index);

    UsableOffer Usable(HeldOffer held, LiveDay day)
    {
        var product = day.Catalog.Product(held.Offer.Target);
        var validity = day.Packs.First(pack => pack.WaveId == held.Wave).Validity;
        return new UsableOffer(Code(held), held.Wave, product.Key, product.Name, held.Offer.Depth, validity, held.Spent);
    }

    T Read<T>(Func<ReceiptStore, T> read)
    {
        if (!_readers.TryTake(out var store)) store = new ReceiptStore(_state);
        try
        {
            return read(store);
        }
        finally
        {
            _readers.Add(store);
        }
    }
}

/// <summary>A closed receipt.</summary>
/// <param name="Body">The answer as JSON; the same bytes for every repeat.</param>
public sealed record ClosedReceipt(TillAnswer Answer, string Body);

/// <summary>What a customer can use.</summary>
/// <param name="Known">False if neither a wave nor the catalogue knows her.</param>
/// <param name="Day">The store's business day.</param>
public sealed record CustomerOffers(string Customer, bool Known, DateOnly Day, IReadOnlyList<UsableOffer> Offers);

/// <summary>An offer at the till.</summary>
public sealed record UsableOffer(string Code, string Wave, string Product, string Name, Percent Depth, Period Validity, bool Used);
