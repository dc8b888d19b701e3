using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Volna.Redemptions.Life;

namespace Volna.Redemptions.Offline;

/// <summary>Receipts that a store sold from its pack while off-line.</summary>
public sealed record UploadMessage
{
    /// <summary>The retailer's key of the store.</summary>
    public string? Store { get; init; }

    /// <summary>Id of the lease in the pack that they were priced from.</summary>
    public string? Lease { get; init; }

    /// <summary>In any order; may be sent again, also split in another way.</summary>
    public IReadOnlyList<OfflineReceiptMessage?>? Receipts { get; init; }
}

/// <summary>A receipt as it was sold. Amounts are whole minor units.</summary>
public sealed record OfflineReceiptMessage
{
    /// <summary>Chosen by the till, unique for ever.</summary>
    public string? Id { get; init; }

    /// <summary>The retailer's key of the customer.</summary>
    public string? Customer { get; init; }

    /// <summary>When it was rung up, with the store's offset.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Code of the offer used on the whole basket, or left out.</summary>
    public string? BasketOffer { get; init; }

    public IReadOnlyList<OfflineLineMessage?>? Lines { get; init; }

    /// <summary>Goods brought back before the upload, in their order; left out where none.</summary>
    public IReadOnlyList<ReturnMessage?>? Returns { get; init; }
}

/// <summary>A line with what the customer was given on it.</summary>
public sealed record OfflineLineMessage
{
    public string? Id { get; init; }

    public string? Product { get; init; }

    public decimal? Quantity { get; init; }

    /// <summary>On the shelf.</summary>
    public long? UnitPriceMinor { get; init; }

    /// <summary>What the line's own offer took off.</summary>
    public long DiscountMinor { get; init; }

    public long PointsMinor { get; init; }

    /// <summary>The line's share of what the offer on the whole basket took off.</summary>
    public long BasketDiscountMinor { get; init; }

    public long BasketPointsMinor { get; init; }

    /// <summary>Code of the line's own offer, or left out.</summary>
    public string? Offer { get; init; }

    /// <summary>Supplier who pays for it by the pack, or left out for the retailer.</summary>
    public string? Payer { get; init; }

    /// <summary>Why no offer was used on the line, for the record.</summary>
    public string? Refusal { get; init; }
}

/// <summary>What became of receipts sold off-line.</summary>
/// <param name="Receipts">One for each that was sent, in their order.</param>
public sealed record UploadedMessage(IReadOnlyList<UploadedReceiptMessage> Receipts);

/// <param name="State"><c>closed</c>, <c>partly-returned</c> or <c>returned</c>: booked, once; left out where it was refused, then nothing was booked.</param>
/// <param name="ExtraUses">Codes of offers that had been used elsewhere already, and whose goods weren't all brought back; the customer keeps her discount.</param>
/// <param name="Code">Why it was refused, for programs.</param>
/// <param name="Text">Why it was refused, for people.</param>
public sealed record UploadedReceiptMessage(string Id, string? State, IReadOnlyList<string>? ExtraUses, string? Code, string? Text);

/// <summary>Says that a store sold nothing more under its lease, and how many receipts it sold.</summary>
public sealed record SettleMessage
{
    public string? Store { get; init; }

    public string? Lease { get; init; }

    public int? Receipts { get; init; }

    /// <summary>Those of them that the centre refused: not booked, and not to come.</summary>
    public IReadOnlyList<string?>? Refused { get; init; }
}

/// <summary>The lease ended; what was left of its slice is free for others.</summary>
public sealed record SettledMessage(string Lease, int Receipts);

/// <summary>A use of an offer that had been used before, while the store was off-line.</summary>
/// <param name="Offer">Its code.</param>
/// <param name="Receipt">On which it was used again.</param>
/// <param name="DiscountMinor">What that cost.</param>
/// <param name="FirstReceipt">On which it had been used; empty if that one was returned or cancelled since.</param>
public sealed record ExtraUseMessage(string Wave, string Customer, string Offer, string Receipt, string Store, DateOnly Day, long DiscountMinor, long PointsMinor, string FirstReceipt);

/// <summary>A lease that isn't settled yet.</summary>
/// <param name="Receipts">That came so far.</param>
public sealed record OpenLeaseMessage(string Wave, string Store, string Lease, int Receipts);

/// <summary>What off-line times led to.</summary>
public sealed record OfflineReportMessage(IReadOnlyList<ExtraUseMessage> ExtraUses, IReadOnlyList<OpenLeaseMessage> OpenLeases);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(UploadMessage))]
[JsonSerializable(typeof(UploadedMessage))]
[JsonSerializable(typeof(SettleMessage))]
[JsonSerializable(typeof(SettledMessage))]
[JsonSerializable(typeof(OfflineReceiptMessage))]
[JsonSerializable(typeof(OfflineReportMessage))]
sealed partial class OfflineJson : JsonSerializerContext;

/// <summary>Between what travels and what is meant.</summary>
static class OfflineMessages
{
    public static UploadMessage ReadUpload(ReadOnlySpan<byte> json) => Read(json, OfflineJson.Default.UploadMessage);

    public static SettleMessage ReadSettle(ReadOnlySpan<byte> json) => Read(json, OfflineJson.Default.SettleMessage);

    /// <summary>The receipt without what was decided about it, checked as every receipt is.</summary>
    /// <exception cref="BadInputException">Something is missing or out of bounds.</exception>
    public static TillReceipt Receipt(OfflineReceiptMessage message, string store)
    {
        var receipt = TillMessages.Meant(new ReceiptMessage
        {
            Id = message.Id,
            Store = store,
            Customer = message.Customer,
            Time = message.Time,
            Lines = [.. (message.Lines ?? []).Select(line => line is null ? null : new LineMessage { Id = line.Id, Product = line.Product, Quantity = line.Quantity, UnitPriceMinor = line.UnitPriceMinor })],
        });
        ReceiptCheck.Check(receipt);
        return receipt;
    }

    /// <summary>What was sold, without the goods brought back.</summary>
    public static SoldLine[] Lines(OfflineReceiptMessage message, TillReceipt receipt)
    {
        var lines = new SoldLine[receipt.Lines.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, told) = (receipt.Lines[i], message.Lines![i]!);
            var total = line.Quantity.Times(line.UnitPrice).Minor - told.DiscountMinor - told.BasketDiscountMinor;
            lines[i] = new SoldLine(line.Id, line.Quantity.Thousandths, total, told.DiscountMinor, told.BasketDiscountMinor, told.PointsMinor, told.BasketPointsMinor, 0);
        }

        return lines;
    }

    /// <summary>Goods brought back, checked as every return is.</summary>
    /// <exception cref="BadInputException">Something is missing or out of bounds.</exception>
    public static IReadOnlyList<TillReturn> Returns(OfflineReceiptMessage message)
    {
        var returns = new List<TillReturn>();
        foreach (var one in message.Returns ?? [])
        {
            var goods = TillMessages.Meant(one ?? new ReturnMessage());
            ReceiptCheck.Check(goods);
            if (goods.Receipt != message.Id || returns.Any(other => other.Id == goods.Id))
                throw ReceiptCheck.Bad(
                    "receipt-doubtful", $"receipt {message.Id}: the return {goods.Id} is of another receipt, or is there twice",
                    $"чек {message.Id}: возврат {goods.Id} относится к другому чеку или указан дважды");
            returns.Add(goods);
        }

        return returns;
    }

    /// <summary>What the customer was told when she paid.</summary>
    public static TillAnswer Answer(OfflineReceiptMessage message, string store)
    {
        var receipt = Receipt(message, store);
        Money total = default, discount = default, points = default, basket = default;
        var lines = new TillLineAnswer[receipt.Lines.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, told) = (receipt.Lines[i], message.Lines![i]!);
            var off = new Money(told.DiscountMinor + told.BasketDiscountMinor);
            var pay = line.Quantity.Times(line.UnitPrice) - off;
            total += pay;
            discount += off;
            points += new Money(told.PointsMinor + told.BasketPointsMinor);
            basket += new Money(told.BasketDiscountMinor);
            lines[i] = new TillLineAnswer(line.Id, pay, off, told.Offer, told.Refusal is null ? TillRefusal.None : TillRefusals.OfCode(told.Refusal)) { Points = new Money(told.PointsMinor) };
        }

        return new TillAnswer(receipt.Id, total, discount, lines) { State = ReceiptState.Closed, Points = points, BasketOffer = message.BasketOffer, BasketDiscount = basket };
    }

    /// <summary>Half of SHA-256 over all that was told, however its JSON was spaced.</summary>
    public static UInt128 ContentHash(OfflineReceiptMessage message, string store)
    {
        var text = new StringBuilder();
        void Add(object? part) => text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{part}\0");
        Add(TillMessages.ContentHash(Receipt(message, store)));
        Add(message.BasketOffer);
        foreach (var line in message.Lines!)
            foreach (var part in (ReadOnlySpan<object?>)[line!.DiscountMinor, line.PointsMinor, line.BasketDiscountMinor, line.BasketPointsMinor, line.Offer, line.Payer])
                Add(part);
        foreach (var goods in Returns(message)) Add(TillMessages.ContentHash(goods));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    static T Read<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw ReceiptCheck.Bad(
                "json-invalid", $"the upload can't be read as JSON at {e.Path ?? "$"}; expected an object as /openapi shows it",
                $"выгрузка не читается как JSON ({e.Path ?? "$"}); ожидается объект, описанный в /openapi");
        }
    }
}
