using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Kernels;

namespace Volna.Redemptions.Offline;

/// <summary>What a store needs, beside the offers, to price without the centre.</summary>
sealed record StorePack
{
    public required string Store { get; init; }

    public required int StoreNumber { get; init; }

    /// <summary>IANA name, or empty.</summary>
    public string TimeZone { get; init; } = "";

    public required string Wave { get; init; }

    public required Period Validity { get; init; }

    /// <summary>Id of the store's lease; receipts are sent with it.</summary>
    public required string Lease { get; init; }

    /// <summary>What the store may spend under the lease in all.</summary>
    public required Slice Slice { get; init; }

    public int? MostPerCustomer { get; init; }

    public bool BasketOnTop { get; init; } = true;

    /// <summary>Suppliers who pay for discounts on their goods.</summary>
    public IReadOnlyList<string> PayingSuppliers { get; init; } = [];

    /// <summary>Only those that change a price: goods spoken of by an offer, with a floor, or in a mass promotion.</summary>
    public IReadOnlyList<PackedProduct> Products { get; init; } = [];

    public IReadOnlyList<Category> Categories { get; init; } = [];

    public IReadOnlyList<PackedPromotion> Promotions { get; init; } = [];

    /// <summary>Where there are offers on the whole basket: goods that these leave out for a time, besides those of which a law speaks.</summary>
    public IReadOnlyList<PackedPromotion> LeftOut { get; init; } = [];

    /// <summary>Codes of all offers, one after the other, in the order of the offer pack.</summary>
    public required string Codes { get; init; }

    /// <summary>For each offer 1 if it was used, 2 if the store mustn't use it because it is kept elsewhere or its limit is near; else 0.</summary>
    public required string Taken { get; init; }

    /// <summary>The catalogue as far as it changes prices.</summary>
    public Catalog ToCatalog()
    {
        var products = new Product?[Products.Select(product => product.Number).DefaultIfEmpty().Max() + 1];
        foreach (var product in Products)
            products[product.Number] = new Product(new ProductId(product.Number), product.Key, "")
            {
                Category = new CategoryId(product.Category),
                Brand = product.Brand,
                Supplier = product.Supplier,
                Price = product.PriceMinor is { } price ? new Money(price) : null,
                Floor = product.Floor,
                FloorPrice = product.FloorPriceMinor is { } floor ? new Money(floor) : null,
                Tags = [.. product.Tags ?? []],
            };
        var categories = new Category?[Categories.Select(category => category.Id.Value).DefaultIfEmpty().Max() + 1];
        foreach (var category in Categories) categories[category.Id.Value] = category;
        var stores = new Store?[StoreNumber + 1];
        stores[StoreNumber] = new Store(new StoreId(StoreNumber), Store, "", "", TimeZone);
        return new Catalog
        {
            Products = [.. products],
            Categories = [.. categories],
            Stores = [.. stores],
            Exclusions = [.. LeftOut.Select(one => new Exclusion(TargetKind.Product, products[one.Product]!.Key, ExclusionReason.Other, one.Period))],
            MassPromotions = [.. Promotions.Select(promotion => new MassPromotion("", new ProductId(promotion.Product), default, default, promotion.Period))],
        };
    }
}

sealed record PackedProduct(int Number, string Key, int Category, string Brand, string Supplier, long? PriceMinor, FloorPolicy Floor, long? FloorPriceMinor)
{
    /// <summary>Where there are offers on the whole basket: those of which a law speaks.</summary>
    public IReadOnlyList<string>? Tags { get; init; }
}

sealed record PackedPromotion(int Product, Period Period);

/// <summary>
/// The bytes of a store pack: a head of 52 bytes (magic, version, length of the terms, CRC-32C of all after the head, HMAC-SHA-256 by the store's key
/// of all else), the terms as JSON, then an offer pack with the customers and offers of the store, signed by the same key.
/// </summary>
public static class StorePackFile
{
    const ulong Magic = 0x524F54534E4C4F56; // "VOLNSTOR"
    const int Version = 1;
    const int SignatureAt = 20, Head = SignatureAt + 32;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The key with which a store's packs are signed; given to its tills once. Others' packs don't open with it.</summary>
    public static byte[] Key(ReadOnlySpan<byte> secret, string store) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"store-pack|{store}"));

    internal static byte[] Write(StorePack pack, ReadOnlySpan<byte> offers, byte[] key)
    {
        var terms = JsonSerializer.SerializeToUtf8Bytes(pack, Json);
        var file = new byte[Head + terms.Length + offers.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), Version);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), terms.Length);
        terms.CopyTo(file, Head);
        offers.CopyTo(file.AsSpan(Head + terms.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), Crc32C.Of(file.AsSpan(Head)));
        Sign(file, key).CopyTo(file, SignatureAt);
        return file;
    }

    /// <summary>Names the content; the same content has the same name.</summary>
    public static string Name(byte[] file) => Convert.ToHexStringLower(file.AsSpan(SignatureAt, 16));

    /// <summary>Id of the lease that a whole pack is for.</summary>
    public static string Lease(byte[] file) => JsonSerializer.Deserialize<StorePack>(file.AsSpan(Head, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12))), Json)!.Lease;

    /// <summary>Opens a pack after all checks.</summary>
    /// <param name="today">The store's business day by the till's clock.</param>
    /// <exception cref="BadInputException">Codes <c>pack-damaged</c>, <c>pack-version</c>, <c>pack-foreign</c>, <c>pack-expired</c>.</exception>
    internal static (StorePack Pack, ReadOnlyMemory<byte> Offers) Read(byte[] file, string store, byte[] key, DateOnly today)
    {
        if (file.Length < Head || BinaryPrimitives.ReadUInt64LittleEndian(file) != Magic) throw Wrong("pack-damaged", "it doesn't begin as a store pack does", "он начинается не так, как пакет магазина");
        var version = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(8));
        if (version != Version) throw Wrong("pack-version", $"its format has version {version}, this till reads version {Version}", $"версия формата {version}, а касса читает версию {Version}");
        var terms = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        if (terms < 0 || terms > file.Length - Head || BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(16)) != Crc32C.Of(file.AsSpan(Head)))
            throw Wrong("pack-damaged", "its checksum doesn't fit", "не сходится контрольная сумма");
        if (!CryptographicOperations.FixedTimeEquals(Sign(file, key), file.AsSpan(SignatureAt, 32)))
            throw Wrong("pack-foreign", $"it isn't signed for store “{store}”", $"он подписан не для магазина «{store}»");
        var pack = JsonSerializer.Deserialize<StorePack>(file.AsSpan(Head, terms), Json)!;
        if (pack.Store != store) throw Wrong("pack-foreign", $"it is for store “{pack.Store}”, not “{store}”", $"он для магазина «{pack.Store}», а не «{store}»");
        if (today >= pack.Validity.End) throw Wrong("pack-expired", $"its offers ended before {pack.Validity.End:yyyy-MM-dd}, today is {today:yyyy-MM-dd}", $"его предложения действовали до {pack.Validity.End:yyyy-MM-dd}, сегодня {today:yyyy-MM-dd}");
        return (pack, file.AsMemory(Head + terms));
    }

    static byte[] Sign(byte[] file, byte[] key)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(file.AsSpan(0, SignatureAt));
        hash.AppendData(file.AsSpan(Head));
        return hash.GetHashAndReset();
    }

    static BadInputException Wrong(string code, string english, string russian) => new(code, new Text(
        $"store pack: {english}; get a new one from the centre.", $"пакет магазина: {russian}; получите новый из центра."));
}
