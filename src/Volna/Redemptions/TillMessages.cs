using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Volna.Redemptions;

/// <summary>A receipt as it travels. Amounts are whole minor units (kopecks, pence); quantities are decimal numbers with at most three decimals.</summary>
public sealed record ReceiptMessage
{
    /// <summary>Chosen by the till, unique for ever, kept when the call is repeated.</summary>
    public string? Id { get; init; }

    /// <summary>The retailer's key of the store.</summary>
    public string? Store { get; init; }

    /// <summary>The retailer's key of the customer (card number); left out where she showed none.</summary>
    public string? Customer { get; init; }

    /// <summary>When it was rung up, with the store's offset: <c>2026-11-27T18:04:00+03:00</c>.</summary>
    public DateTimeOffset? Time { get; init; }
    public IReadOnlyList<LineMessage?>? Lines { get; init; }
}

/// <summary>A line of a receipt.</summary>
public sealed record LineMessage
{
    /// <summary>Unique within the receipt.</summary>
    public string? Id { get; init; }

    /// <summary>The retailer's key of the product.</summary>
    public string? Product { get; init; }

    /// <summary>Pieces or kilograms.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>The shelf price of one piece or kilogram, mass promotion already in it.</summary>
    public long? UnitPriceMinor { get; init; }
}

/// <summary>What a receipt costs.</summary>
public sealed record AnswerMessage(string Id, long TotalMinor, long DiscountMinor, IReadOnlyList<LineAnswerMessage> Lines);

/// <param name="Offer">Code of the offer used, or null.</param>
/// <param name="Refusal">Why no offer was used: customer-unknown, no-offer-for-product, offer-used, floor-reached, no-benefit; or none.</param>
public sealed record LineAnswerMessage(string Id, long TotalMinor, long DiscountMinor, string? Offer, string Refusal);

/// <summary>Between what travels and what is meant.</summary>
public static class TillMessages
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // A number in quotes, a name given twice: the sender means something else than we would read.
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads a receipt from JSON.</summary>
    /// <exception cref="BadInputException">It is no JSON, or something is missing in it.</exception>
    public static TillReceipt ReadReceipt(ReadOnlySpan<byte> json)
    {
        ReceiptMessage? message;
        try
        {
            message = JsonSerializer.Deserialize<ReceiptMessage>(json, Json);
        }
        catch (JsonException e)
        {
            var place = $"{(e.Path is null or "$" ? "" : e.Path + ", ")}{e.LineNumber + 1}:{e.BytePositionInLine + 1}";
            throw ReceiptCheck.Bad(
                "json-invalid", $"the receipt can't be read as JSON at {place}; expected an object as /openapi shows it",
                $"чек не читается как JSON ({place}); ожидается объект, описанный в /openapi");
        }

        if (message is null) throw Missing("receipt", "чек");
        var lines = new TillLine[message.Lines?.Count ?? 0];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = message.Lines![i] ?? throw Missing($"lines[{i}]", $"lines[{i}]");
            var quantity = line.Quantity ?? throw Missing($"lines[{i}].quantity", $"lines[{i}].quantity");
            // Checked here, because a Quantity has no room for what is wrong with it.
            if (quantity is < -1_000_000_000 or > 1_000_000_000 || decimal.Round(quantity, 3) != quantity)
                throw ReceiptCheck.Bad("line-quantity", $"lines[{i}]: the quantity {quantity} has more than three decimals or is too large", $"lines[{i}]: количество {quantity} слишком велико или содержит больше трёх знаков после запятой");
            lines[i] = new TillLine(
                line.Id ?? throw Missing($"lines[{i}].id", $"lines[{i}].id"),
                line.Product ?? throw Missing($"lines[{i}].product", $"lines[{i}].product"),
                Quantity.Of(quantity),
                new Money(line.UnitPriceMinor ?? throw Missing($"lines[{i}].unitPriceMinor", $"lines[{i}].unitPriceMinor")));
        }

        return new TillReceipt(
            message.Id ?? throw Missing("id", "id"), message.Store ?? "", message.Customer ?? "", message.Time ?? throw Missing("time", "time"), lines);
    }

    /// <summary>SHA-256 of all that the till said, however its JSON was spaced.</summary>
    internal static string ContentHash(TillReceipt receipt)
    {
        var message = new ReceiptMessage
        {
            Id = receipt.Id,
            Store = receipt.Store,
            Customer = receipt.Customer,
            Time = receipt.Time,
            Lines = [.. receipt.Lines.Select(line => new LineMessage
            {
                Id = line.Id,
                Product = line.Product,
                // Through the minor unit, because 1.50 and 1.5 are the same quantity.
                Quantity = line.Quantity.Thousandths,
                UnitPriceMinor = line.UnitPrice.Minor,
            })],
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(message, Json)));
    }

    /// <summary>An answer as it is sent and stored.</summary>
    public static string Write(TillAnswer answer) => JsonSerializer.Serialize(
        new AnswerMessage(
            answer.Id, answer.Total.Minor, answer.Discount.Minor,
            [.. answer.Lines.Select(line => new LineAnswerMessage(line.Id, line.Total.Minor, line.Discount.Minor, line.Offer, line.Refusal.Code()))]),
        Json);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TillAnswer ReadAnswer(string json)
    {
        var message = JsonSerializer.Deserialize<AnswerMessage>(json, Json)!;
        return new TillAnswer(
            message.Id, new Money(message.TotalMinor), new Money(message.DiscountMinor),
            [.. message.Lines.Select(line => new TillLineAnswer(line.Id, new Money(line.TotalMinor), new Money(line.DiscountMinor), line.Offer, TillRefusals.OfCode(line.Refusal)))]);
    }

    static BadInputException Missing(string english, string russian) =>
        ReceiptCheck.Bad("field-missing", $"{english} is missing in the receipt", $"в чеке нет {russian}");
}
