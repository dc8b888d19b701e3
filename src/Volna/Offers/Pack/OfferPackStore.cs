using System.Collections.Immutable;
using System.IO;
using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Learning.Demand;

namespace Volna.Offers.Pack;

/// <summary>
/// A wave's result as an immutable, checksummed, signed, memory-mapped file: every assigned customer with her arm and her offers. Safe for any
/// number of readers. Written by <see cref="NewOfferPackStore"/>; <c>PackLayout.cs</c> describes the bytes.
/// </summary>
public sealed class OfferPackStore : IDisposable
{
    readonly string _path;
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewAccessor _view;
    readonly ForeignBytes _bytes;
    readonly PackHeader _header;
    readonly TermsRow[] _terms;
    readonly double[] _propensities;

    OfferPackStore(string path, MemoryMappedFile file, MemoryMappedViewAccessor view, ForeignBytes bytes, PackHeader header)
    {
        _path = path;
        _file = file;
        _view = view;
        _bytes = bytes;
        _header = header;
        _terms = bytes.Of<TermsRow>(Contents.TermsAt, Contents.Terms).ToArray();
        _propensities = bytes.Of<double>(Contents.PropensitiesAt, Contents.Propensities).ToArray();
        HasBasketOffers = Array.Exists(_terms, terms => terms.TargetKind == (int)TargetKind.Basket);
        Validity = new Period(DateOnly.FromDayNumber(Contents.ValidFromDay), DateOnly.FromDayNumber(Contents.ValidUntilDay));
        Digest = Convert.ToHexStringLower(header.Digest);
        WaveId = Encoding.UTF8.GetString(header.WaveId).TrimEnd('\0');
    }

    PackContents Contents => _header.Contents;

    /// <summary>The wave's id.</summary>
    public string WaveId { get; }

    public Period Validity { get; }

    /// <summary>Customers assigned to the wave, held-out ones included.</summary>
    public int Customers => Contents.Customers;

    public int Offers => Contents.Offers;

    /// <summary>SHA-256 of the content, hexadecimal.</summary>
    public string Digest { get; }

    /// <summary>Opens a wave's pack after checking its version, length, signature and checksums.</summary>
    /// <exception cref="BadInputException">There is none, or it is damaged, signed by another installation, or from another version.</exception>
    public static OfferPackStore Open(DataFolder folder, string waveId) => Open(folder, folder.Pack(waveId), waveId);

    /// <summary>The same, and makes sure that it is the pack which the wave was approved with.</summary>
    /// <inheritdoc cref="Open(DataFolder, string)"/>
    public static OfferPackStore Open(DataFolder folder, Wave wave)
    {
        var pack = Open(folder, wave.Id);
        if (pack.Digest == wave.Digest) return pack;
        pack.Dispose();
        throw new BadInputException("pack-differs", new Text(
            $"{folder.Pack(wave.Id)}: has the digest {pack.Digest}, but the wave has {wave.Digest}; restore the file or generate the wave again.",
            $"{folder.Pack(wave.Id)}: контрольная сумма {pack.Digest}, а у волны {wave.Digest}; восстановите файл или сформируйте волну заново."));
    }

    internal static OfferPackStore Open(DataFolder folder, string path, string waveId) => Open(Key(folder), path, waveId);

    /// <param name="key">It has to be signed with.</param>
    internal static OfferPackStore Open(byte[] key, string path, string waveId)
    {
        if (!File.Exists(path))
            throw new BadInputException("pack-missing", new Text(
                $"{path}: this file with the wave's offers is missing; generate the wave, or restore the file.",
                $"{path}: нет файла с предложениями волны; сформируйте волну или восстановите файл."));

        var length = new FileInfo(path).Length;
        if (length < PackHeader.Size) throw Damaged(path, new Text($"it has {length} bytes, less than a header", $"в нём {length} байт, меньше заголовка"));
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        var bytes = new ForeignBytes(view.SafeMemoryMappedViewHandle);
        try
        {
            var header = bytes.Of<PackHeader>(0, 1)[0];
            Check(path, header, length, bytes, key);
            var pack = new OfferPackStore(path, file, view, bytes, header);
            if (pack.WaveId != waveId) throw Damaged(path, new Text($"it belongs to wave {pack.WaveId}, not {waveId}", $"он от волны {pack.WaveId}, а не {waveId}"));
            return pack;
        }
        catch
        {
            bytes.Dispose();
            view.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>A customer's place in the pack by the hash of her key, or -1 if she isn't assigned to the wave.</summary>
    public int Find(ulong keyHash)
    {
        // Hashes are spread evenly, so her place is told within some hundreds from her hash alone: five reads where halving takes twenty.
        var hashes = Hashes;
        int low = 0, high = hashes.Length - 1;
        ulong least = 0, most = ulong.MaxValue;
        for (var step = 0; low <= high; step++)
        {
            // Halving now and then bounds the steps whatever the hashes are.
            var place = step % 4 == 3 ? (low + high) >>> 1 : low + (int)((double)(keyHash - least) / ((double)(most - least) + 1) * (high - low));
            var hash = hashes[place];
            if (hash == keyHash) return place;
            if (hash < keyHash) (low, least) = (place + 1, hash);
            else (high, most) = (place - 1, hash);
        }

        return -1;
    }

    /// <summary>The customer at a place, 0 to <see cref="Customers"/> - 1.</summary>
    public PackedCustomer At(int place)
    {
        var row = RowAt(place);
        return new PackedCustomer(new CustomerId(row.Customer), Hashes[place], row.Segment, row.HeldOut, row.Offers) { Closed = row.Closed };
    }

    /// <summary>All customers by place, without the hashes of their keys: many times quicker than one by one.</summary>
    internal IEnumerable<PackedCustomer> All()
    {
        var rows = new CustomerRow[1 << 12];
        for (var first = 0; first < Customers; first += rows.Length)
        {
            var count = Math.Min(rows.Length, Customers - first);
            _bytes.Of<CustomerRow>(Contents.CustomersAt + ((long)first * Unsafe.SizeOf<CustomerRow>()), count).CopyTo(rows);
            for (var i = 0; i < count; i++) yield return new PackedCustomer(new CustomerId(rows[i].Customer), 0, rows[i].Segment, rows[i].HeldOut, rows[i].Offers) { Closed = rows[i].Closed };
        }
    }

    /// <summary>The offers of the customer at a place; none for a held-out one.</summary>
    public IReadOnlyList<Offer> OffersAt(int place)
    {
        var customer = RowAt(place);
        if (customer.Offers == 0) return [];
        var rows = RowsOf(customer);
        var offers = new Offer[rows.Length];
        for (var index = 0; index < rows.Length; index++)
        {
            var row = rows[index];
            var terms = _terms[row.Terms];
            offers[index] = new Offer
            {
                Customer = new CustomerId(customer.Customer),
                Index = index,
                TargetKind = (TargetKind)terms.TargetKind,
                Target = terms.Target,
                Mechanic = (Mechanic)row.Mechanic,
                Depth = new Percent(row.DepthBasisPoints),
                Slot = (SlotKind)row.Slot,
                Reason = (CandidateReason)row.Reason,
                Because = row.Because,
                Propensity = _propensities[row.Propensity],
                Floor = new Money(terms.FloorMinor),
                RegularPrice = new Money(terms.RegularPriceMinor),
                Amount = new Money(terms.AmountMinor),
                LeastTotal = new Money(terms.LeastTotalMinor),
                MostPieces = new Quantity(terms.MostPiecesThousandths),
                Buy = terms.Buy,
                Free = terms.Free,
            };
        }

        return offers;
    }

    /// <summary>The offers of the customer at a place as they are stored, for whoever looks up thousands of customers a second.</summary>
    internal ReadOnlySpan<OfferRow> RowsAt(int place, out CustomerId customer)
    {
        var row = RowAt(place);
        customer = new CustomerId(row.Customer);
        return RowsOf(row);
    }

    /// <summary>By number; an offer's row tells it.</summary>
    internal ReadOnlySpan<TermsRow> Terms => _terms;

    /// <inheritdoc cref="Terms"/>
    internal ReadOnlySpan<double> Propensities => _propensities;

    /// <summary>The offers of the customer at a place as they lie in the file.</summary>
    internal ReadOnlySpan<OfferRow> RowsAt(int place) => RowsOf(RowAt(place));

    /// <summary>Only the targets of <see cref="OffersAt"/>, for whoever looks back on many packs.</summary>
    /// <param name="targets">Filled.</param>
    /// <returns>How many they are.</returns>
    internal int TargetsAt(int place, Span<int> targets)
    {
        var customer = RowAt(place);
        var rows = RowsOf(customer);
        for (var index = 0; index < rows.Length; index++) targets[index] = _terms[rows[index].Terms].Target;
        return rows.Length;
    }

    /// <summary>What the basket of the customer at a place has to come to for her offer on it; zero where she has none.</summary>
    internal Money LeastBasketAt(int place)
    {
        foreach (ref readonly var row in RowsOf(RowAt(place)))
            if (_terms[row.Terms].TargetKind == (int)TargetKind.Basket)
                return new Money(_terms[row.Terms].LeastTotalMinor);
        return default;
    }

    /// <summary>Whether there are offers on whole baskets.</summary>
    internal bool HasBasketOffers { get; }

    /// <summary>How many offers there are of each kind of slot and depth, and on each target.</summary>
    internal (ImmutableArray<OfferCount> Offers, ImmutableArray<(TargetKind Kind, int Target, long Offers)> Targets) CountOffers()
    {
        // Slots are few, and depths at most 10,000 basis points.
        var counts = new long[Enum.GetValues<SlotKind>().Length << 16];
        var ofTerms = new long[_terms.Length];
        foreach (ref readonly var row in _bytes.Of<OfferRow>(PackContents.OffersAt, Offers))
        {
            counts[(row.Slot << 16) | OfferCount.DepthOf((Mechanic)row.Mechanic, row.DepthBasisPoints)]++;
            ofTerms[row.Terms]++;
        }

        return (
            [.. counts.Index().Where(one => one.Item > 0).Select(one => new OfferCount((SlotKind)(one.Index >> 16), one.Index & 0xFFFF, one.Item))],
            [.. ofTerms.Zip(_terms).GroupBy(one => (one.Second.TargetKind, one.Second.Target)).OrderBy(target => target.Key)
                .Select(target => ((TargetKind)target.Key.TargetKind, target.Key.Target, target.Sum(one => one.First)))]);
    }

    /// <summary>Recomputes the digest, which no accident and no forger gets past. Reads the whole file; the checks at opening are for accidents.</summary>
    /// <exception cref="BadInputException">The content isn't what was written.</exception>
    public void VerifyDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        const int Part = 1 << 20;
        for (long at = PackHeader.Size; at < Contents.End; at += Part) hash.AppendData(_bytes.Of<byte>(at, (int)Math.Min(Part, Contents.End - at)));

        hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<PackContents>(in _header.Contents)));
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(_header.Digest))
            throw Damaged(_path, new Text("its content has another digest than its header", "контрольная сумма содержимого не совпадает с заголовком"));
    }

    public void Dispose()
    {
        _bytes.Dispose();
        _view.Dispose();
        _file.Dispose();
    }

    /// <summary>Derived, so that the secret itself signs nothing.</summary>
    internal static byte[] Key(DataFolder folder) => HMACSHA256.HashData(SecretStore.Open(folder), "offer-pack"u8);

    internal static byte[] Sign(in PackHeader header, byte[] key)
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<PackHeader>(in header));
        return HMACSHA256.HashData(key, bytes[..^Unsafe.SizeOf<Bytes32>()]);
    }

    ReadOnlySpan<ulong> Hashes => _bytes.Of<ulong>(Contents.HashesAt, Customers);

    ReadOnlySpan<OfferRow> RowsOf(CustomerRow customer) => _bytes.Of<OfferRow>(PackContents.OffersAt + ((long)customer.FirstOffer * Unsafe.SizeOf<OfferRow>()), customer.Offers);

    CustomerRow RowAt(int place)
    {
        if ((uint)place >= (uint)Customers) throw new ArgumentOutOfRangeException(nameof(place), place, $"The pack has {Customers} customers.");
        return _bytes.Of<CustomerRow>(Contents.CustomersAt + ((long)place * Unsafe.SizeOf<CustomerRow>()), 1)[0];
    }

    static void Check(string path, in PackHeader header, long length, ForeignBytes bytes, byte[] key)
    {
        if (header.Magic != PackHeader.MagicNumber) throw Damaged(path, new Text("it doesn't begin as an offer pack does", "он начинается не так, как пакет предложений"));
        if (header.Version != PackHeader.CurrentVersion || header.HeaderSize != PackHeader.Size)
            throw new BadInputException("pack-version", new Text(
                $"{path}: the offer pack has format version {header.Version}, this program reads version {PackHeader.CurrentVersion}; use the matching program or generate the wave again.",
                $"{path}: формат пакета предложений — версия {header.Version}, а эта программа читает версию {PackHeader.CurrentVersion}; возьмите подходящую программу или сформируйте волну заново."));
        if (!CryptographicOperations.FixedTimeEquals(Sign(header, key), header.Signature))
            throw Damaged(path, new Text("the signature of its header isn't of this installation", "подпись заголовка не принадлежит этой установке"));
        var contents = header.Contents;
        if (length != contents.End) throw Damaged(path, new Text($"it has {length} bytes where {contents.End} were expected", $"в нём {length} байт вместо {contents.End}"));
        CheckSection("offers", PackContents.OffersAt, contents.HashesAt, header.Crc.Offers);
        CheckSection("hashes", contents.HashesAt, contents.TermsAt, header.Crc.Hashes);
        CheckSection("terms", contents.TermsAt, contents.PropensitiesAt, header.Crc.Terms);
        CheckSection("propensities", contents.PropensitiesAt, contents.CustomersAt, header.Crc.Propensities);
        CheckSection("customers", contents.CustomersAt, contents.End, header.Crc.Customers);

        void CheckSection(string name, long start, long end, uint expected)
        {
            const int Part = 1 << 16;
            var crc = Crc32C.Start;
            for (var at = start; at < end; at += Part) crc = Crc32C.Add(crc, bytes.Of<byte>(at, (int)Math.Min(Part, end - at)));
            if (Crc32C.Finish(crc) != expected) throw Damaged(path, new Text($"the checksum of section {name} doesn't fit", $"не сходится контрольная сумма раздела {name}"));
        }
    }

    static BadInputException Damaged(string path, Text what) => new("pack-damaged", new Text(
        $"{path}: the offer pack is damaged: {what.English}; restore the file or generate the wave again.",
        $"{path}: пакет предложений повреждён: {what.Russian}; восстановите файл или сформируйте волну заново."));
}

/// <summary>A customer in an offer pack.</summary>
/// <param name="Segment">Index of her segment in the plan.</param>
/// <param name="HeldOut">True if she gets no offer, so that the effect can be measured.</param>
public readonly record struct PackedCustomer(CustomerId Customer, ulong KeyHash, int Segment, bool HeldOut, int Offers)
{
    /// <summary>Channels that her offers don't go by, because she was written to through them often enough.</summary>
    public Channels Closed { get; init; }
}

/// <summary>Offers of a kind of slot and a depth.</summary>
sealed record OfferCount(SlotKind Slot, int DepthBasisPoints, long Offers)
{
    /// <summary>Under which depth offers are counted: amounts off and fixed prices, whose depths are as many as prices, to the whole per cent.</summary>
    public static int DepthOf(Mechanic mechanic, int basisPoints) => mechanic is Mechanic.AmountOff or Mechanic.FixedPrice ? (basisPoints + 50) / 100 * 100 : basisPoints;
}
