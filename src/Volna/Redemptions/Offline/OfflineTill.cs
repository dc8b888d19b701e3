using Volna.Redemptions.Life;

namespace Volna.Redemptions.Offline;

/// <summary>
/// A store's tills without the centre: prices baskets from the store's packs as the centre would. It holds a pack for each wave that it was given, so a
/// store that is still off-line when the next wave begins sells with the next wave's offers. All tills of a store share one, because a right is spent
/// once in the store. It must also be told which offers the centre used for the store's receipts while on-line (<see cref="NoteUsed"/>), before the
/// customer is told her price.
/// </summary>
public sealed class OfflineTill : IDisposable
{
    readonly string _folder, _store;
    readonly byte[] _key;
    readonly TimeProvider _time;
    readonly Lock _lock = new();
    volatile HeldLease[] _leases = [];

    OfflineTill(string folder, string store, byte[] key, TimeProvider time) => (_folder, _store, _key, _time) = (folder, store, key, time);

    /// <summary>Opens what stands on the till's disk; after a power loss as it was when the last customer got her answer.</summary>
    /// <param name="folder">On the till's disk; for this alone.</param>
    /// <param name="key">The store's key for packs.</param>
    /// <exception cref="BadInputException">A pack or a journal is damaged. An expired pack is none.</exception>
    public static OfflineTill Open(string folder, string store, byte[] key, TimeProvider time)
    {
        var till = new OfflineTill(folder, store, key, time);
        try
        {
            foreach (var wave in TillDiskStore.Waves(folder)) till._leases = [.. till._leases, new HeldLease(wave, store, key, time)];
            return till;
        }
        catch
        {
            till.Dispose();
            throw;
        }
    }

    /// <summary>One for each wave.</summary>
    public IReadOnlyList<HeldLease> Leases => _leases;

    /// <summary>
    /// True from the first receipt sold from a pack until its lease is settled. As long as the centre hasn't heard of it, it would give the same offer
    /// again: so the store goes on selling from its packs, also where the centre can be reached.
    /// </summary>
    public bool MustSellFromPack => _leases.Any(lease => lease.HasToSettle && lease.Receipts > 0);

    /// <summary>Takes a pack that came from the centre.</summary>
    /// <exception cref="BadInputException">It is damaged, expired, or of another store: the one in hand stays.</exception>
    /// <exception cref="GuardException">Code <c>lease-not-settled</c>: it is for another lease of the wave than the one in hand, which has to be settled first.</exception>
    public void Take(byte[] file)
    {
        lock (_lock)
        {
            var (pack, offers) = StorePackFile.Read(file, _store, _key, DateOnly.FromDateTime(_time.GetLocalNow().DateTime));
            if (Array.Find(_leases, one => one.Wave == pack.Wave) is { } held)
            {
                held.Take(file, pack, offers);
            }
            else
            {
                var wave = TillDiskStore.OfWave(_folder, pack.Wave);
                using (var disk = new TillDiskStore(wave)) disk.SavePack(file);
                _leases = [.. _leases, new HeldLease(wave, _store, _key, _time)];
            }

            var over = _leases.Where(one => one.HasEnded && !one.HasToSettle).ToArray();
            _leases = [.. _leases.Except(over)];
            foreach (var one in over) one.Delete();
        }
    }

    /// <summary>What the receipt costs with the offers in the pack; changes nothing.</summary>
    /// <exception cref="BadInputException">Something in the receipt is missing or out of bounds.</exception>
    /// <exception cref="GuardException">There is no pack to price from: <c>pack-none</c>, <c>lease-sealed</c>.</exception>
    public TillAnswer Price(TillReceipt receipt)
    {
        ReceiptCheck.Check(receipt);
        lock (_lock) return LeaseFor(receipt).Price(receipt);
    }

    /// <summary>Sells the receipt: it is on the till's disk when this returns. A repeat gets the first answer.</summary>
    /// <inheritdoc cref="Price"/>
    public TillAnswer Close(TillReceipt receipt)
    {
        ReceiptCheck.Check(receipt);
        lock (_lock) return LeaseFor(receipt).Close(receipt);
    }

    /// <summary>
    /// Takes back goods of a receipt that was sold here: on the till's disk when this returns. A repeat gets the first answer. When all goods of an offer
    /// came back, it can be used again after the settlement.
    /// </summary>
    /// <exception cref="BadInputException">Something in the return is missing or out of bounds.</exception>
    /// <exception cref="GuardException">The receipt isn't one of a lease in hand (<c>receipt-unknown</c>), the return contradicts it, or the lease is being settled (<c>lease-sealed</c>).</exception>
    public UndoneMessage Return(TillReturn goods)
    {
        ReceiptCheck.Check(goods);
        lock (_lock) return (Array.Find(_leases, lease => lease.Knows(goods.Receipt)) ?? throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptUnknown, goods.Receipt)).Return(goods);
    }

    /// <summary>Keeps in mind that offers were used or reserved on-line for a receipt of the store.</summary>
    /// <param name="codes">Those in the centre's answer.</param>
    public void NoteUsed(IReadOnlyList<string> codes)
    {
        lock (_lock)
            foreach (var lease in _leases)
                lease.NoteUsed(codes);
    }

    public void Dispose()
    {
        foreach (var lease in _leases) lease.Dispose();
    }

    static GuardException NoPack(string store) =>
        new("pack-none", new Text($"store “{store}”: there is no pack to price from.", $"магазин «{store}»: нет пакета, по которому можно рассчитать чек."));

    /// <summary>The lease that sold the receipt; else that of the wave which is live then, or, for a day without a wave, any that still sells.</summary>
    HeldLease LeaseFor(TillReceipt receipt) =>
        Array.Find(_leases, lease => lease.Knows(receipt.Id)) ?? Array.Find(_leases, lease => lease.IsFor(receipt.Time)) ?? Array.Find(_leases, lease => !lease.IsSealed) ?? _leases.FirstOrDefault() ?? throw NoPack(_store);
}
