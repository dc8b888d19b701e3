using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Volna.Intake.Receipts;

/// <summary>The newest price of a product that some receipts showed.</summary>
readonly record struct SeenPrice(int Minute, long UnitMinor)
{
    /// <summary>What one piece costs of a line that isn't a return, before discounts.</summary>
    public static SeenPrice Of(int minute, long paidMinor, long discountMinor, long thousandths) =>
        new(minute, (((paidMinor + discountMinor) * 1_000) + (thousandths / 2)) / thousandths);
}

/// <summary>The newest price of each product.</summary>
sealed class SeenPriceStore
{
    SeenPrice[] _prices = [];

    /// <summary>Notes a price; the newest stays, and of two of one minute the later in the file. A gift's zero is no price.</summary>
    public void See(int product, SeenPrice price)
    {
        if (price.UnitMinor <= 0) return;
        if (product >= _prices.Length) Array.Resize(ref _prices, product * 2);
        if (_prices[product].Minute <= price.Minute) _prices[product] = price;
    }

    /// <summary>Notes what receipts behind these have shown.</summary>
    public void See(SeenPriceStore later)
    {
        for (var product = 1; product < later._prices.Length; product++) See(product, later._prices[product]);
    }

    public void Clear() => Array.Clear(_prices);

    public void Save(DbTransaction transaction)
    {
        using var update = ((SqliteConnection)transaction.Connection!).CreateCommand();
        update.Transaction = (SqliteTransaction)transaction;
        update.CommandText = """
            update product set seen_price_minor = @price, seen_minute = @minute
            where number = @number and (seen_minute is null or seen_minute <= @minute)
            """;
        var number = update.Parameters.Add("@number", SqliteType.Integer);
        var minute = update.Parameters.Add("@minute", SqliteType.Integer);
        var price = update.Parameters.Add("@price", SqliteType.Integer);
        for (var product = 1; product < _prices.Length; product++)
        {
            var seen = _prices[product];
            if (seen.UnitMinor == 0) continue;
            (number.Value, minute.Value, price.Value) = (product, seen.Minute, seen.UnitMinor);
            update.ExecuteNonQuery();
        }
    }
}
