using System.Globalization;
using System.IO;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Kernels;
using Volna.Offers.Allocation;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Pack;
using Volna.Offers.Response;

namespace Volna.Offers.Generation;

/// <summary>
/// What a generation has done so far, so that a broken-off one goes on where it stopped: the days of latest sales; for each part of the customers what they
/// may be offered; and when all is shared out, for each part a small offer pack with its counts. At the end the parts become the wave's pack.
/// </summary>
sealed class WavePartsStore(DataFolder folder, Wave wave)
{
    /// <summary>Code of the refusal where a part is damaged; the next generation makes it anew.</summary>
    public const string Damaged = "wave-part-damaged";

    const int ElementsAtOnce = 1 << 16;

    // Another where parts are cut or written otherwise.
    const int Format = 2;

    // Remains of a wave of the same id made from other inputs, as in an older database, are never taken for this one's.
    readonly string _inputs = HashOf($"{Format}|{InputsOf(wave)}");

    string Parts => $"{folder.Wave(wave.Id)}/parts-{_inputs}";

    // These two stay beside the pack: `wave why` decides once more with them. The days are the same whatever the format.
    string LastSoldPath => $"{folder.Wave(wave.Id)}/last-sold-{HashOf(InputsOf(wave))}.bin";

    string PricesPath => $"{folder.Wave(wave.Id)}/prices-{_inputs}.bin";

    static string InputsOf(Wave wave) => $"{wave.SnapshotId}|{wave.ModelVersion}|{wave.Seed}|{wave.Validity}|{string.Join(',', wave.Earlier)}|{wave.Plan}";

    static string HashOf(string text) => Hash64.Of(text).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Keeps other processes from generating the same wave until disposed.</summary>
    /// <exception cref="GuardException">One is at it.</exception>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(Parts);
        try
        {
            return new FileStream($"{Parts}/lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists($"{Parts}/lock"))
        {
            throw new GuardException("wave-busy", new Text(
                $"wave {wave.Id}: another process is generating it now; wait for it.",
                $"волна {wave.Id}: её уже формирует другой процесс; дождитесь его."));
        }
    }

    /// <summary>Day number of each product's latest sale before the wave, by product number; null where not kept yet.</summary>
    public int[]? ReadLastSold() => File.Exists(LastSoldPath) ? MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(LastSoldPath)).ToArray() : null;

    public void KeepLastSold(int[] days)
    {
        Directory.CreateDirectory(folder.Wave(wave.Id));
        WriteAtOnce(LastSoldPath, MemoryMarshal.AsBytes(days.AsSpan()).ToArray());
        FaultPoint.Pass(FaultPoint.LatestSalesKept);
    }

    /// <summary>Between what prices of the limits the wave is shared out; null where that isn't kept yet.</summary>
    /// <param name="limits">How many they are.</param>
    public PriceRange? ReadPrices(int limits)
    {
        if (!File.Exists(PricesPath)) return null;
        var prices = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(PricesPath));
        return prices.Length == 3 * limits ? new PriceRange(prices[..limits].ToArray(), prices[limits..(2 * limits)].ToArray(), prices[(2 * limits)..].ToArray()) : null;
    }

    public void KeepPrices(PriceRange prices)
    {
        Directory.CreateDirectory(folder.Wave(wave.Id));
        WriteAtOnce(PricesPath, MemoryMarshal.AsBytes<double>([.. prices.Low, .. prices.High, .. prices.Found]).ToArray());
    }

    /// <summary>True where the customers of a part are valued.</summary>
    public bool IsValued(int part) => File.Exists(ValuedPath(part));

    /// <summary>Keeps what the customers of a part may be offered, and the counts so far.</summary>
    /// <param name="ghosts">What held-out customers would be offered.</param>
    public void KeepValued(int part, ValuedBlockBuilder block, ValuedBlockBuilder ghosts, WaveStatistics counts)
    {
        Directory.CreateDirectory(Parts);
        Write(GhostsPath(part), ghosts);
        WriteAtOnce($"{Parts}/valued-{part:00}.json", Encoding.UTF8.GetBytes(counts.ToJson()));
        FaultPoint.Pass(FaultPoint.PartCounted);

        // Comes last: where it stands, the part is whole.
        Write(ValuedPath(part), block);
        FaultPoint.Pass(FaultPoint.PartValued);
    }

    static void Write(string path, ValuedBlockBuilder block)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            Write(file, block.Customers);
            Write(file, block.CandidateStarts);
            Write(file, block.AllCandidates);
            Write(file, block.OptionStarts);
            Write(file, block.AllOptions);
            Write(file, block.Baskets);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    /// <exception cref="GuardException">A file was damaged; the part will be made anew.</exception>
    public (ValuedBlock Block, WaveStatistics Counts) ReadValued(int part) =>
        (Whole(part, ValuedPath(part), Read), Whole(part, $"{Parts}/valued-{part:00}.json", path => WaveStatistics.FromJson(File.ReadAllText(path))));

    /// <summary>The customers of a part who were valued.</summary>
    /// <inheritdoc cref="ReadValued"/>
    public ValuedCustomer[] ReadCustomers(int part) => Whole(part, ValuedPath(part), path =>
    {
        using var file = Open(path);
        return Read<ValuedCustomer>(file);
    });

    /// <summary>What sharing out needs of all parts; the options stay in their files.</summary>
    /// <inheritdoc cref="ReadValued"/>
    public PartsToShareStore OpenToShare(int parts)
    {
        var opened = new PartsToShareStore();
        try
        {
            for (var part = 0; part < parts; part++)
            {
                var (segments, starts, optionsAt) = Whole(part, ValuedPath(part), LookThrough);
                opened.Add(ValuedPath(part), segments, starts, optionsAt);
            }

            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    static (ushort[] Segments, int[] Starts, long OptionsAt) LookThrough(string path)
    {
        using var file = Open(path);
        var segments = Array.ConvertAll(Read<ValuedCustomer>(file), customer => (ushort)customer.Segment);
        Skip<int>(file);
        Skip<ValuedCandidate>(file);
        var starts = Read<int>(file);
        var optionsAt = file.Position + sizeof(int);
        Check<Option>(file);
        return (segments, starts, optionsAt);
    }

    /// <summary>What held-out customers of a part would be offered.</summary>
    /// <inheritdoc cref="ReadValued"/>
    public ValuedBlock ReadGhosts(int part) => Whole(part, GhostsPath(part), Read);

    static ValuedBlock Read(string path)
    {
        using var file = Open(path);
        return new ValuedBlock(Read<ValuedCustomer>(file), Read<int>(file), Read<ValuedCandidate>(file), Read<int>(file), Read<Option>(file), Read<PriceTerms>(file));
    }

    /// <summary>The counts of a part, or null where its pack isn't finished.</summary>
    /// <inheritdoc cref="ReadValued"/>
    public WaveStatistics? Find(int part) => File.Exists(CountsPath(part)) ? Whole(part, CountsPath(part), path => WaveStatistics.FromJson(File.ReadAllText(path))) : null;

    /// <param name="tried">The part's share of the wave's trial.</param>
    /// <param name="counts">When all assignments are made.</param>
    public void Keep(int part, IEnumerable<Assignment> assignments, List<TrialOffer> tried, Func<WaveStatistics> counts)
    {
        using (var pack = NewOfferPackStore.Create(folder, PackPath(part), wave.Id, wave.Validity))
        {
            foreach (var one in assignments) pack.Add(one.Customer, one.KeyHash, one.Segment, one.HeldOut, one.Offers, one.Closed);
            pack.Commit();
        }

        TrialStore.Write(TrialPath(part), wave.Id, CollectionsMarshal.AsSpan(tried));
        FaultPoint.Pass(FaultPoint.PartPacked);

        // The counts come last: where they stand, the part is whole.
        WriteAtOnce(CountsPath(part), Encoding.UTF8.GetBytes(counts().ToJson()));
        FaultPoint.Pass(FaultPoint.PartKept);
    }

    /// <summary>Merges all parts to the wave's pack and its trial.</summary>
    public (string Digest, WaveStatistics Statistics) Merge(int parts, CancellationToken stop)
    {
        var (packs, numbers) = (new List<OfferPackStore>(), new List<NewOfferPackStore.Numbers>());
        try
        {
            var statistics = new WaveStatistics();
            var next = new PriorityQueue<(int Part, int Place), (ulong Hash, int Part)>();
            for (var part = 0; part < parts; part++)
            {
                statistics += Find(part) ?? throw new InvalidOperationException($"Part {part} of wave {wave.Id} isn't finished.");
                packs.Add(Open(part));
                numbers.Add(new NewOfferPackStore.Numbers(packs[part]));
                if (packs[part].Customers > 0) next.Enqueue((part, 0), (packs[part].At(0).KeyHash, part));
            }

            var products = new Dictionary<int, long>();
            using var whole = NewOfferPackStore.Create(folder, wave.Id, wave.Validity);
            while (next.TryDequeue(out var at, out _))
            {
                stop.ThrowIfCancellationRequested();
                var pack = packs[at.Part];
                foreach (ref readonly var offer in pack.RowsAt(at.Place))
                    if (pack.Terms[offer.Terms].TargetKind == (int)TargetKind.Product)
                        CollectionsMarshal.GetValueRefOrAddDefault(products, pack.Terms[offer.Terms].Target, out _)++;
                whole.Add(pack, at.Place, numbers[at.Part]);
                if (at.Place + 1 < pack.Customers) next.Enqueue((at.Part, at.Place + 1), (pack.At(at.Place + 1).KeyHash, at.Part));
            }

            TrialStore.Write(folder.Trial(wave.Id), wave.Id, [.. Enumerable.Range(0, parts).SelectMany(part => Whole(part, TrialPath(part), path => TrialStore.Read(path, wave.Id)))]);
            return (whole.Commit(), statistics with { DistinctProducts = products.Count, TopTenOffers = products.Values.OrderDescending().Take(10).Sum() });
        }
        finally
        {
            foreach (var pack in packs) pack.Dispose();
        }
    }

    /// <summary>Clears the parts away, those made from other inputs too, once the wave's status says that its pack stands or isn't wanted.</summary>
    public void Clear()
    {
        if (!Directory.Exists(folder.Wave(wave.Id))) return;
        foreach (var parts in Directory.GetDirectories(folder.Wave(wave.Id), "parts-*")) Directory.Delete(parts, recursive: true);
    }

    OfferPackStore Open(int part) => Whole(part, PackPath(part), path => OfferPackStore.Open(folder, path, wave.Id));

    /// <summary>Reads one of a part's files. Where it is damaged or gone, the part counts as not begun, so that the next generation makes it anew.</summary>
    T Whole<T>(int part, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception damage) when (damage is InvalidDataException or EndOfStreamException or FileNotFoundException or JsonException or BadInputException)
        {
            File.Delete(CountsPath(part));
            File.Delete(ValuedPath(part));
            throw new GuardException(Damaged, new Text(
                $"{path}: is damaged; `volna wave generate {wave.Id}` makes this part of the wave anew, `volna wave reject {wave.Id}` gives the wave up.",
                $"{path}: файл повреждён; `volna wave generate {wave.Id}` сформирует эту часть волны заново, `volna wave reject {wave.Id}` отменит волну."));
        }
    }

    string GhostsPath(int part) => $"{Parts}/ghosts-{part:00}.bin";

    string TrialPath(int part) => $"{Parts}/trial-{part:00}.bin";

    static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);

    string ValuedPath(int part) => $"{Parts}/valued-{part:00}.bin";

    string PackPath(int part) => $"{Parts}/{part:00}.pack";

    string CountsPath(int part) => $"{Parts}/{part:00}.json";

    /// <summary>A list as it stands in memory, with its length before it and its checksum behind.</summary>
    static void Write<T>(FileStream file, PiecedList<T> list)
        where T : unmanaged
    {
        file.Write(BitConverter.GetBytes(list.Count));
        var crc = Crc32C.Start;
        foreach (var piece in list.Pieces)
        {
            var bytes = MemoryMarshal.AsBytes(piece.Span);
            crc = Crc32C.Add(crc, bytes);
            file.Write(bytes);
        }

        file.Write(BitConverter.GetBytes(crc));
    }

    static void Skip<T>(FileStream file)
        where T : unmanaged
    {
        var count = Count<T>(file);
        file.Position += ((long)count * Unsafe.SizeOf<T>()) + sizeof(uint);
    }

    /// <summary>How many elements the list has that begins here.</summary>
    static int Count<T>(FileStream file)
        where T : unmanaged
    {
        Span<byte> number = stackalloc byte[4];
        file.ReadExactly(number);
        var count = BitConverter.ToInt32(number);
        return count >= 0 && (long)count * Unsafe.SizeOf<T>() <= file.Length - file.Position ? count : throw new InvalidDataException($"{file.Name}: is too short for {count} elements.");
    }

    static T[] Read<T>(FileStream file)
        where T : unmanaged
    {
        T[] array = [];
        Read(file, (from, count) => (array.Length > 0 ? array : array = new T[count]).AsSpan(from, Math.Min(ElementsAtOnce, count - from)));
        return array;
    }

    static void Check<T>(FileStream file)
        where T : unmanaged
    {
        var piece = new T[ElementsAtOnce];
        Read(file, (from, count) => piece.AsSpan(0, Math.Min(ElementsAtOnce, count - from)));
    }

    /// <summary>Reads a list piece by piece.</summary>
    /// <param name="room">Where the elements of the list go, from a place on; gets how many there are in all.</param>
    static void Read<T>(FileStream file, Func<int, int, Span<T>> room)
        where T : unmanaged
    {
        var count = Count<T>(file);
        var crc = Crc32C.Start;
        for (var from = 0; from < count; from += ElementsAtOnce)
        {
            var bytes = MemoryMarshal.AsBytes(room(from, count));
            file.ReadExactly(bytes);
            crc = Crc32C.Add(crc, bytes);
        }

        Span<byte> sum = stackalloc byte[4];
        file.ReadExactly(sum);
        if (BitConverter.ToUInt32(sum) != crc) throw new InvalidDataException($"{file.Name}: the checksum doesn't fit.");
    }

    static void WriteAtOnce(string path, byte[] bytes)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
