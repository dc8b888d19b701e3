using System.IO;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Volna.Intake.Catalog;
using Volna.Kernels;

namespace Volna.Offers.Pack;

/// <summary>
/// An offer pack being written. Customers come by ascending hash of their keys; <see cref="Commit"/> puts the whole file in place in one step, and
/// without it nothing is left behind.
/// </summary>
public sealed class NewOfferPackStore : IDisposable
{
    readonly string _path, _unfinishedPath, _waveId;
    readonly byte[] _key;
    readonly Period _validity;
    readonly FileStream _file;
    readonly SectionWriter _section;
    readonly List<ulong> _hashes = [];
    readonly List<CustomerRow> _customers = [];
    readonly Dictionary<TermsRow, int> _terms = [];
    readonly Dictionary<double, int> _propensities = [];
    int _offers;
    bool _committed;

    NewOfferPackStore(string path, string waveId, Period validity, byte[] key)
    {
        _path = path;
        _unfinishedPath = path + ".new";
        _waveId = waveId;
        _validity = validity;
        _key = key;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = new FileStream(_unfinishedPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        _file.Write(new byte[PackHeader.Size]);
        _section = new SectionWriter(_file);
    }

    /// <summary>Starts a wave's pack, signed with the installation's key.</summary>
    public static NewOfferPackStore Create(DataFolder folder, string waveId, Period validity) => Create(folder, folder.Pack(waveId), waveId, validity);

    internal static NewOfferPackStore Create(DataFolder folder, string path, string waveId, Period validity) => Create(OfferPackStore.Key(folder), path, waveId, validity);

    /// <param name="key">Signs it.</param>
    internal static NewOfferPackStore Create(byte[] key, string path, string waveId, Period validity)
    {
        if (Encoding.UTF8.GetByteCount(waveId) > Marshal.SizeOf<Bytes72>()) throw new ArgumentException($"The wave id '{waveId}' is longer than 72 bytes.");
        return new NewOfferPackStore(path, waveId, validity, key);
    }

    /// <summary>Adds a customer.</summary>
    /// <param name="segment">Index of her segment in the plan.</param>
    /// <param name="offers">In the order in which she shall see them; none for a held-out one.</param>
    /// <param name="closed">Channels that her offers don't go by, because she was written to through them often enough.</param>
    /// <exception cref="BadInputException">Two customers' keys have the same hash, so that they couldn't be told apart.</exception>
    public void Add(CustomerId customer, ulong keyHash, int segment, bool heldOut, IReadOnlyList<Offer> offers, Channels closed = Channels.None)
    {
        Add(customer, keyHash, segment, heldOut, offers.Count, closed);
        foreach (var offer in offers)
        {
            if (offer.Propensity is not (> 0 and <= 1)) throw new ArgumentException($"Customer {customer.Value}: an offer's propensity is {offer.Propensity}.");
            Write(new OfferRow
            {
                Terms = Number(_terms, new TermsRow(
                    offer.RegularPrice.Minor, offer.Floor.Minor, offer.Target, (int)offer.TargetKind, offer.Amount.Minor, offer.LeastTotal.Minor, offer.MostPieces.Thousandths, offer.Buy, offer.Free)),
                Because = offer.Because,
                DepthBasisPoints = (ushort)offer.Depth.BasisPoints,
                Propensity = checked((ushort)Number(_propensities, offer.Propensity)),
                Slot = (byte)offer.Slot,
                Mechanic = (byte)offer.Mechanic,
                Reason = (byte)offer.Reason,
            });
        }
    }

    /// <summary>Adds a customer as she stands in another pack.</summary>
    /// <param name="place">Hers there.</param>
    /// <param name="numbers">Of that pack.</param>
    internal void Add(OfferPackStore from, int place, Numbers numbers)
    {
        var customer = from.At(place);
        Add(customer.Customer, customer.KeyHash, customer.Segment, customer.HeldOut, customer.Offers, customer.Closed);
        foreach (var row in from.RowsAt(place))
        {
            ref var terms = ref numbers.Terms[row.Terms];
            ref var propensity = ref numbers.Propensities[row.Propensity];
            if (terms == 0) terms = Number(_terms, from.Terms[row.Terms]) + 1;
            if (propensity == 0) propensity = Number(_propensities, from.Propensities[row.Propensity]) + 1;
            Write(row with { Terms = terms - 1, Propensity = checked((ushort)(propensity - 1)) });
        }
    }

    /// <summary>Which numbers another pack's terms and propensities have in this one, and 1 more; 0 where that isn't known yet.</summary>
    internal sealed class Numbers(OfferPackStore from)
    {
        public int[] Terms { get; } = new int[from.Terms.Length];

        public int[] Propensities { get; } = new int[from.Propensities.Length];
    }

    void Write(in OfferRow row) => _section.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<OfferRow>(in row)));

    void Add(CustomerId customer, ulong keyHash, int segment, bool heldOut, int offers, Channels closed)
    {
        if (heldOut && offers > 0) throw new ArgumentException($"Customer {customer.Value} is held out but was to get {offers} offers.");
        if (_hashes.Count > 0 && keyHash <= _hashes[^1])
        {
            if (keyHash < _hashes[^1]) throw new ArgumentException($"Customer {customer.Value} comes after one with a higher hash.");
            throw new BadInputException("customer-keys-collide", new Text(
                $"customers number {_customers[^1].Customer} and {customer.Value}: their keys have the same 64-bit hash {keyHash:x16}; give one of them another key.",
                $"покупатели с номерами {_customers[^1].Customer} и {customer.Value}: у их ключей одинаковый 64-битный хеш {keyHash:x16}; задайте одному из них другой ключ."));
        }

        _hashes.Add(keyHash);
        _customers.Add(new CustomerRow { Customer = customer.Value, FirstOffer = _offers, Offers = checked((ushort)offers), Segment = checked((byte)segment), Flags = CustomerRow.FlagsOf(heldOut, closed) });
        _offers += offers;
    }

    /// <summary>Puts the pack in place, durably, and returns its digest.</summary>
    public string Commit()
    {
        var header = new PackHeader
        {
            Magic = PackHeader.MagicNumber,
            Version = PackHeader.CurrentVersion,
            HeaderSize = PackHeader.Size,
            Contents = new PackContents
            {
                Offers = _offers,
                Customers = _customers.Count,
                Terms = _terms.Count,
                Propensities = _propensities.Count,
                ValidFromDay = _validity.Start.DayNumber,
                ValidUntilDay = _validity.End.DayNumber,
            },
        };
        header.Crc.Offers = _section.End();
        header.Crc.Hashes = Section(CollectionsMarshal.AsSpan(_hashes));
        header.Crc.Terms = Section<TermsRow>(_terms.Keys.ToArray()); // A dictionary without removals keeps the order of insertion.
        header.Crc.Propensities = Section<double>(_propensities.Keys.ToArray());
        header.Crc.Customers = Section(CollectionsMarshal.AsSpan(_customers));
        _section.Digest(MemoryMarshal.AsBytes(new ReadOnlySpan<PackContents>(in header.Contents))).CopyTo(header.Digest);
        Encoding.UTF8.GetBytes(_waveId).CopyTo(header.WaveId);
        OfferPackStore.Sign(header, _key).CopyTo(header.Signature);

        _file.Position = 0;
        _file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<PackHeader>(in header)));
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_unfinishedPath, _path, overwrite: true);
        _committed = true;
        return Convert.ToHexStringLower(header.Digest);
    }

    public void Dispose()
    {
        _file.Dispose();
        _section.Dispose();
        if (!_committed) File.Delete(_unfinishedPath);
    }

    uint Section<T>(ReadOnlySpan<T> rows)
        where T : struct
    {
        // In pieces, because a span of bytes can't be longer than 2 GiB.
        for (; rows.Length > 0; rows = rows[Math.Min(rows.Length, 1 << 16)..]) _section.Write(MemoryMarshal.AsBytes(rows[..Math.Min(rows.Length, 1 << 16)]));
        return _section.End();
    }

    static int Number<T>(Dictionary<T, int> numbers, T value)
        where T : notnull
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, value, out var known);
        if (!known) number = numbers.Count - 1;
        return number;
    }

    sealed class SectionWriter(FileStream file) : IDisposable
    {
        readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        readonly byte[] _buffer = new byte[1 << 16];
        int _filled;
        uint _crc = Crc32C.Start;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                var part = Math.Min(bytes.Length, _buffer.Length - _filled);
                bytes[..part].CopyTo(_buffer.AsSpan(_filled));
                bytes = bytes[part..];
                if ((_filled += part) == _buffer.Length) Empty();
            }
        }

        public uint End()
        {
            Empty();
            var crc = Crc32C.Finish(_crc);
            _crc = Crc32C.Start;
            return crc;
        }

        public byte[] Digest(ReadOnlySpan<byte> last)
        {
            _hash.AppendData(last);
            return _hash.GetHashAndReset();
        }

        public void Dispose() => _hash.Dispose();

        void Empty()
        {
            var bytes = _buffer.AsSpan(0, _filled);
            file.Write(bytes);
            _hash.AppendData(bytes);
            _crc = Crc32C.Add(_crc, bytes);
            _filled = 0;
        }
    }
}
