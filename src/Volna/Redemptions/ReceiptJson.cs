using System.Text.Json;

namespace Volna.Redemptions;

/// <summary>
/// Reads a receipt's JSON at a fraction of the serializer's cost. What is unusual (a name unknown, in other letters or twice, a null, a mistake) is left to the
/// serializer, which knows all the rules and what to say.
/// </summary>
static class ReceiptJson
{
    /// <summary>Null: ask the serializer.</summary>
    public static ReceiptMessage? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && Receipt(ref reader) is { } receipt && !reader.Read() ? receipt : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // The serializer finds it, too, and tells where.
            return null;
        }
    }

    static ReceiptMessage? Receipt(ref Utf8JsonReader reader)
    {
        string? id = null, store = null, customer = null;
        DateTimeOffset? time = null;
        long? shelfTotalMinor = null;
        bool? reserve = null, replay = null;
        List<LineMessage>? lines = null;
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsual =
                reader.ValueTextEquals("id"u8) ? Text(ref reader, ref id)
                : reader.ValueTextEquals("store"u8) ? Text(ref reader, ref store)
                : reader.ValueTextEquals("customer"u8) ? Text(ref reader, ref customer)
                : reader.ValueTextEquals("time"u8) ? Time(ref reader, ref time)
                : reader.ValueTextEquals("lines"u8) ? Lines(ref reader, ref lines)
                : reader.ValueTextEquals("shelfTotalMinor"u8) ? Whole(ref reader, ref shelfTotalMinor)
                : reader.ValueTextEquals("reserve"u8) ? Flag(ref reader, ref reserve)
                : reader.ValueTextEquals("replay"u8) && Flag(ref reader, ref replay);
            if (!isUsual) return null;
        }

        return new ReceiptMessage { Id = id, Store = store, Customer = customer, Time = time, Lines = lines, ShelfTotalMinor = shelfTotalMinor, Reserve = reserve ?? false, Replay = replay ?? false };
    }

    static LineMessage? Line(ref Utf8JsonReader reader)
    {
        string? id = null, product = null;
        decimal? quantity = null;
        long? unitPriceMinor = null;
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsual =
                reader.ValueTextEquals("id"u8) ? Text(ref reader, ref id)
                : reader.ValueTextEquals("product"u8) ? Text(ref reader, ref product)
                : reader.ValueTextEquals("quantity"u8) ? Amount(ref reader, ref quantity)
                : reader.ValueTextEquals("unitPriceMinor"u8) && Whole(ref reader, ref unitPriceMinor);
            if (!isUsual) return null;
        }

        return new LineMessage { Id = id, Product = product, Quantity = quantity, UnitPriceMinor = unitPriceMinor };
    }

    static bool Lines(ref Utf8JsonReader reader, ref List<LineMessage>? lines)
    {
        if (lines is not null || !reader.Read() || reader.TokenType != JsonTokenType.StartArray) return false;
        lines = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Line(ref reader) is not { } line) return false;
            lines.Add(line);
        }

        return true;
    }

    static bool Text(ref Utf8JsonReader reader, ref string? text)
    {
        if (text is not null || !reader.Read() || reader.TokenType != JsonTokenType.String) return false;
        text = reader.GetString();
        return true;
    }

    static bool Time(ref Utf8JsonReader reader, ref DateTimeOffset? time)
    {
        if (time is not null || !reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var read) || !HasOffset(reader.GetString()!)) return false;
        time = read;
        return true;
    }

    /// <summary>Whether a time tells how far it is from that of Greenwich; without that it would be read by the server's own zone.</summary>
    public static bool HasOffset(string time) => time.EndsWith('Z') || (time.IndexOf('T', StringComparison.Ordinal) is > 0 and var at && time.AsSpan(at).ContainsAny('+', '-'));

    static bool Whole(ref Utf8JsonReader reader, ref long? number)
    {
        if (number is not null || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var read)) return false;
        number = read;
        return true;
    }

    static bool Amount(ref Utf8JsonReader reader, ref decimal? number)
    {
        if (number is not null || !reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetDecimal(out var read)) return false;
        number = read;
        return true;
    }

    static bool Flag(ref Utf8JsonReader reader, ref bool? flag)
    {
        if (flag is not null || !reader.Read() || reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) return false;
        flag = reader.GetBoolean();
        return true;
    }
}
