using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Volna.Redemptions.Life;

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

    /// <summary>What the lines come to at shelf prices by the till's own reckoning; checked where given.</summary>
    public long? ShelfTotalMinor { get; init; }

    /// <summary>On pricing: true keeps the offers for this receipt for 15 minutes; otherwise nothing is changed.</summary>
    public bool Reserve { get; init; }

    /// <summary>True for a receipt that was rung up more than 30 minutes ago and is sent only now. Without it, one from then is refused, because the till's clock may be wrong.</summary>
    public bool Replay { get; init; }
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

/// <summary>Names a receipt: to cancel or reopen it.</summary>
public sealed record ReceiptIdMessage
{
    public string? Id { get; init; }
}

/// <summary>Goods brought back.</summary>
public sealed record ReturnMessage
{
    /// <summary>Of the receipt they were sold on.</summary>
    public string? Id { get; init; }

    /// <summary>Id of this return, chosen by the till, unique within the receipt, kept when the call is repeated.</summary>
    public string? Return { get; init; }
    public IReadOnlyList<ReturnedLineMessage?>? Lines { get; init; }
}

public sealed record ReturnedLineMessage
{
    /// <summary>Of the receipt's line.</summary>
    public string? Id { get; init; }
    public decimal? Quantity { get; init; }
}

/// <summary>What a receipt costs.</summary>
/// <param name="State">open, priced or closed: where the receipt stood when this was answered first.</param>
public sealed record AnswerMessage(string Id, string State, long TotalMinor, long DiscountMinor, IReadOnlyList<LineAnswerMessage> Lines)
{
    /// <summary>Points that the customer earns; left out where none.</summary>
    public long PointsMinor { get; init; }

    /// <summary>Until when the offers are kept for this receipt; left out where nothing is reserved.</summary>
    public DateTimeOffset? ReservedUntil { get; init; }

    /// <summary>Code of the offer on the whole basket; left out where none.</summary>
    public string? BasketOffer { get; init; }

    /// <summary>What it takes off; the lines' discounts have their shares.</summary>
    public long BasketDiscountMinor { get; init; }
}

/// <param name="Offer">Code of the line's own offer, or null.</param>
/// <param name="Refusal">Why no offer was used, as <c>/till/v1/refusals</c> lists it; or none.</param>
public sealed record LineAnswerMessage(string Id, long TotalMinor, long DiscountMinor, string? Offer, string Refusal)
{
    /// <summary>Left out where none.</summary>
    public long PointsMinor { get; init; }
}

/// <summary>What a cancellation, a return or a reopening did.</summary>
/// <param name="RefundMinor">To be paid back to the customer.</param>
/// <param name="DiscountMinor">Discount taken back.</param>
/// <param name="PointsMinor">Points taken back.</param>
/// <param name="Lines">The lines concerned, with the quantity taken back and what is paid back for it.</param>
public sealed record UndoneMessage(string Id, string State, string? Return, long RefundMinor, long DiscountMinor, long PointsMinor, IReadOnlyList<UndoneLineMessage> Lines);

public sealed record UndoneLineMessage(string Id, decimal Quantity, long RefundMinor);

/// <summary>Where a receipt stands; amounts are what is left after returns.</summary>
public sealed record ReceiptStateMessage(
    string Id, string State, string Store, DateOnly Day, long TotalMinor, long DiscountMinor, long PointsMinor, DateTimeOffset? ReservedUntil, IReadOnlyList<LineStateMessage> Lines);

public sealed record LineStateMessage(string Id, decimal Quantity, decimal Returned, long TotalMinor, long DiscountMinor, string? Offer);

// Written at compile time: reading a receipt by reflection costs a till's server twice as much.
[JsonSerializable(typeof(ReceiptMessage))]
[JsonSerializable(typeof(ReceiptIdMessage))]
[JsonSerializable(typeof(ReturnMessage))]
[JsonSerializable(typeof(AnswerMessage))]
[JsonSerializable(typeof(UndoneMessage))]
[JsonSerializable(typeof(ReceiptStateMessage))]
sealed partial class TillJson : JsonSerializerContext;

/// <summary>Between what travels and what is meant.</summary>
public static class TillMessages
{
    static readonly TillJson Json = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        // A number in quotes, a name given twice: the sender means something else than we would read.
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    [ThreadStatic]
    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _writer;

    /// <summary>Reads a receipt from JSON.</summary>
    /// <exception cref="BadInputException">It is no JSON, or something is missing in it.</exception>
    public static TillReceipt ReadReceipt(ReadOnlySpan<byte> json) => Meant(ReadMessage(json));

    /// <summary>Reads what a till sent to price or close a receipt.</summary>
    /// <inheritdoc cref="ReadReceipt"/>
    public static ReceiptMessage ReadMessage(ReadOnlySpan<byte> json) => ReceiptJson.Read(json) ?? ReadMessageSlowly(json);

    /// <summary>The same by the serializer, which decides wherever the two might differ.</summary>
    internal static ReceiptMessage ReadMessageSlowly(ReadOnlySpan<byte> json)
    {
        var message = Read(json, Json.ReceiptMessage);
        if (message.Time is not null && Time(json) is { } time && !ReceiptJson.HasOffset(time))
            throw ReceiptCheck.Bad(
                "receipt-time", $"receipt {message.Id}: the time {time} has no offset from UTC; expected one as in 2026-11-27T12:00:00+03:00",
                $"чек {message.Id}: время {time} без смещения от UTC; ожидается, например, 2026-11-27T12:00:00+03:00");
        return message;
    }

    /// <summary>A receipt's time as it was written.</summary>
    static string? Time(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.GetString()!.Equals("time", StringComparison.OrdinalIgnoreCase)) continue;
            reader.Read();
            return reader.GetString();
        }

        return null;
    }

    /// <summary>The receipt that a message means.</summary>
    /// <inheritdoc cref="ReadReceipt"/>
    public static TillReceipt Meant(ReceiptMessage message)
    {
        var lines = new TillLine[message.Lines?.Count ?? 0];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = message.Lines![i] ?? throw Missing($"lines[{i}]");
            lines[i] = new TillLine(
                line.Id ?? throw Missing($"lines[{i}].id"),
                line.Product ?? throw Missing($"lines[{i}].product"),
                Amount(line.Quantity, i),
                new Money(line.UnitPriceMinor ?? throw Missing($"lines[{i}].unitPriceMinor")));
        }

        return new TillReceipt(message.Id ?? throw Missing("id"), message.Store ?? "", message.Customer ?? "", message.Time ?? throw Missing("time"), lines)
        {
            ShelfTotal = message.ShelfTotalMinor is { } minor ? new Money(minor) : null,
        };
    }

    /// <summary>Reads the id of a receipt to cancel or reopen.</summary>
    /// <inheritdoc cref="ReadReceipt"/>
    public static string ReadId(ReadOnlySpan<byte> json) => Read(json, Json.ReceiptIdMessage).Id ?? throw Missing("id");

    /// <summary>Reads a return.</summary>
    /// <inheritdoc cref="ReadReceipt"/>
    public static TillReturn ReadReturn(ReadOnlySpan<byte> json) => Meant(Read(json, Json.ReturnMessage));

    internal static ReturnMessage Message(TillReturn goods) =>
        new() { Id = goods.Receipt, Return = goods.Id, Lines = [.. goods.Lines.Select(line => new ReturnedLineMessage { Id = line.Id, Quantity = line.Quantity.Amount })] };

    internal static TillReturn Meant(ReturnMessage message)
    {
        var lines = new ReturnedLine[message.Lines?.Count ?? 0];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = message.Lines![i] ?? throw Missing($"lines[{i}]");
            lines[i] = new ReturnedLine(line.Id ?? throw Missing($"lines[{i}].id"), Amount(line.Quantity, i));
        }

        return new TillReturn(message.Id ?? throw Missing("id"), message.Return ?? throw Missing("return"), lines);
    }

    /// <summary>Half of SHA-256 over all that the till said about the receipt itself, however its JSON was spaced.</summary>
    internal static UInt128 ContentHash(TillReceipt receipt)
    {
        var (buffer, _) = Writer();
        Add(buffer, receipt.Id);
        Add(buffer, receipt.Store);
        Add(buffer, receipt.Customer);
        Add(buffer, receipt.Time.Ticks);
        Add(buffer, receipt.Time.Offset.Ticks);
        foreach (var line in receipt.Lines)
        {
            Add(buffer, line.Id);
            Add(buffer, line.Product);
            // In thousandths, because 1.50 and 1.5 are the same quantity.
            Add(buffer, line.Quantity.Thousandths);
            Add(buffer, line.UnitPrice.Minor);
        }

        return Hash(buffer);
    }

    internal static UInt128 ContentHash(TillReturn goods)
    {
        var (buffer, _) = Writer();
        Add(buffer, goods.Receipt);
        Add(buffer, goods.Id);
        foreach (var line in goods.Lines)
        {
            Add(buffer, line.Id);
            Add(buffer, line.Quantity.Thousandths);
        }

        return Hash(buffer);
    }

    internal static UInt128 ContentHash(string receipt)
    {
        var (buffer, _) = Writer();
        Add(buffer, receipt);
        return Hash(buffer);
    }

    /// <summary>An answer as it is sent and stored.</summary>
    public static byte[] Write(TillAnswer answer)
    {
        var (buffer, json) = Writer();
        json.WriteStartObject();
        json.WriteString("id"u8, answer.Id);
        json.WriteString("state"u8, answer.State.Code());
        json.WriteNumber("totalMinor"u8, answer.Total.Minor);
        json.WriteNumber("discountMinor"u8, answer.Discount.Minor);
        if (answer.Points != Money.Zero) json.WriteNumber("pointsMinor"u8, answer.Points.Minor);
        if (answer.ReservedUntil is { } until) json.WriteString("reservedUntil"u8, until);
        if (answer.BasketOffer is { } basket)
        {
            json.WriteString("basketOffer"u8, basket);
            json.WriteNumber("basketDiscountMinor"u8, answer.BasketDiscount.Minor);
        }

        json.WriteStartArray("lines"u8);
        foreach (var line in answer.Lines)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, line.Id);
            json.WriteNumber("totalMinor"u8, line.Total.Minor);
            json.WriteNumber("discountMinor"u8, line.Discount.Minor);
            if (line.Points != Money.Zero) json.WriteNumber("pointsMinor"u8, line.Points.Minor);
            json.WriteString("offer"u8, line.Offer);
            json.WriteString("refusal"u8, line.Refusal.Code());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write(TillAnswer)"/> wrote.</summary>
    public static TillAnswer ReadAnswer(ReadOnlySpan<byte> json)
    {
        var message = JsonSerializer.Deserialize(json, Json.AnswerMessage)!;
        return new TillAnswer(
            message.Id, new Money(message.TotalMinor), new Money(message.DiscountMinor),
            [.. message.Lines.Select(line => new TillLineAnswer(line.Id, new Money(line.TotalMinor), new Money(line.DiscountMinor), line.Offer, TillRefusals.OfCode(line.Refusal)) { Points = new Money(line.PointsMinor) })])
        {
            State = ReceiptStates.OfCode(message.State),
            Points = new Money(message.PointsMinor),
            ReservedUntil = message.ReservedUntil,
            BasketOffer = message.BasketOffer,
            BasketDiscount = new Money(message.BasketDiscountMinor),
        };
    }

    /// <summary>An empty buffer of this thread, for one message.</summary>
    internal static ArrayBufferWriter<byte> Buffer() => Writer().Buffer;

    /// <summary>A <see cref="CustomerOffersMessage"/>.</summary>
    internal static byte[] Write(CustomerOffers offers)
    {
        var (buffer, json) = Writer();
        json.WriteStartObject();
        json.WriteString("customer"u8, offers.Customer);
        json.WriteBoolean("known"u8, offers.Known);
        WriteDay(json, "day"u8, offers.Day);
        json.WriteStartArray("offers"u8);
        foreach (var offer in offers.Offers)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, offer.Code);
            json.WriteString("wave"u8, offer.Wave);
            json.WriteString("product"u8, offer.Product);
            json.WriteString("name"u8, offer.Name);
            json.WriteNumber("percent"u8, offer.Depth.BasisPoints / 100m);
            WriteDay(json, "from"u8, offer.Validity.Start);
            WriteDay(json, "until"u8, offer.Validity.End.AddDays(-1));
            json.WriteBoolean("used"u8, offer.Used);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What a step that took something back is answered with.</summary>
    internal static byte[] WriteUndone(Receipt before, Receipt after, string? part) => Write(Undone(before, after, part));

    internal static byte[] Write(UndoneMessage undone) => JsonSerializer.SerializeToUtf8Bytes(undone, Json.UndoneMessage);

    internal static UndoneMessage Undone(Receipt before, Receipt after, string? part)
    {
        var lines = new List<UndoneLineMessage>();
        for (var i = 0; i < after.Lines.Length; i++)
            if (after.Lines[i].Returned > before.Lines[i].Returned)
                lines.Add(new UndoneLineMessage(
                    after.Lines[i].Id, new Quantity(after.Lines[i].Returned - before.Lines[i].Returned).Amount, before.Lines[i].Left.Paid - after.Lines[i].Left.Paid));
        var undone = before.State.IsClosed() ? before.Left - after.Left : default;
        return new UndoneMessage(after.Id, after.State.Code(), part, undone.Paid, undone.Discount, undone.Points, lines);
    }

    /// <param name="code">Tells an offer's code.</param>
    internal static byte[] WriteState(Receipt receipt, Func<Use, string> code)
    {
        var left = receipt.Left;
        return JsonSerializer.SerializeToUtf8Bytes(
            new ReceiptStateMessage(
                receipt.Id, receipt.State.Code(), receipt.Store, DateOnly.FromDayNumber(receipt.Day), left.Paid, left.Discount, left.Points,
                receipt.ReservedUntil == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(receipt.ReservedUntil),
                [.. receipt.Lines.Select((line, i) => new LineStateMessage(
                    line.Id, new Quantity(line.Quantity).Amount, new Quantity(line.Returned).Amount, line.Left.Paid, line.Left.Discount,
                    receipt.Uses.Where(use => use.IsHeld && use.Line == i).Select(code).FirstOrDefault()))]),
            Json.ReceiptStateMessage);
    }

    static T Read<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw Missing("{ }");
        }
        catch (JsonException e)
        {
            var place = $"{(e.Path is null or "$" ? "" : e.Path + ", ")}{e.LineNumber + 1}:{e.BytePositionInLine + 1}";
            throw ReceiptCheck.Bad(
                "json-invalid", $"the receipt can't be read as JSON at {place}; expected an object as /openapi shows it",
                $"чек не читается как JSON ({place}); ожидается объект, описанный в /openapi");
        }
    }

    static Quantity Amount(decimal? given, int line)
    {
        var quantity = given ?? throw Missing($"lines[{line}].quantity");
        // Checked here, because a Quantity has no room for what is wrong with it.
        if (quantity is < -1_000_000_000 or > 1_000_000_000 || decimal.Round(quantity, 3) != quantity)
            throw ReceiptCheck.Bad("line-quantity", $"lines[{line}]: the quantity {quantity} has more than three decimals or is too large", $"lines[{line}]: количество {quantity} слишком велико или содержит больше трёх знаков после запятой");
        return Quantity.Of(quantity);
    }

    static void WriteDay(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateOnly day)
    {
        Span<byte> text = stackalloc byte["yyyy-MM-dd".Length];
        _ = day.TryFormat(text, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString(name, text);
    }

    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Writer()
    {
        if (_writer is not var (buffer, json))
        {
            buffer = new ArrayBufferWriter<byte>(1_024);
            json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            _writer = (buffer, json);
        }

        buffer.ResetWrittenCount();
        json.Reset();
        return (buffer, json);
    }

    static void Add(ArrayBufferWriter<byte> buffer, string text)
    {
        Add(buffer, text.Length);
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan((text.Length * 3) + 1)));
    }

    static void Add(ArrayBufferWriter<byte> buffer, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), number);
        buffer.Advance(sizeof(long));
    }

    static UInt128 Hash(ArrayBufferWriter<byte> buffer)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    static BadInputException Missing(string what) => ReceiptCheck.Bad("field-missing", $"{what} is missing in the receipt", $"в чеке нет {what}");
}
