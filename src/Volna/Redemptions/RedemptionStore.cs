using System.Globalization;
using Dapper;
using Volna.Intake.Catalog;
using Volna.Redemptions.Journal;
using Volna.Redemptions.Offline;

namespace Volna.Redemptions;

/// <summary>Offers spent, for those who count them; up to the last receipt that became durable.</summary>
public sealed class RedemptionStore(StateStore state)
{
    /// <summary>All redemptions of a wave, by customer and offer.</summary>
    public IReadOnlyList<Redemption> OfWave(string wave) => Read("wave = @wave", new { wave });

    /// <summary>What one customer redeemed of a wave, by offer.</summary>
    public IReadOnlyList<Redemption> OfCustomer(string wave, CustomerId customer) => Read("wave = @wave and customer = @Value", new { wave, customer.Value });

    /// <summary>What redemptions of a wave cost, by what was offered and by who pays: a supplier's name, or empty for the retailer.</summary>
    public IReadOnlyList<(TargetKind TargetKind, int Target, string Payer, long Redemptions, Money Discount)> Costs(string wave)
    {
        CatchUp();
        using var connection = state.Connect();
        return [.. connection.Query<(long Target, string Payer, long Redemptions, long Discount)>(
            "select target, payer, count(*), sum(discount_minor) from redemption where wave = @wave group by target, payer order by target, payer", new { wave })
            .Select(row => ((TargetKind)(row.Target >> 32), (int)(row.Target & 0xFFFF_FFFF), row.Payer, row.Redemptions, new Money(row.Discount)))];
    }

    /// <summary>What is wrong with the money booked for redemptions, or null where everything agrees.</summary>
    public Text? BooksDifference()
    {
        CatchUp();
        using var connection = state.Connect();
        // One transaction, so that closes running meanwhile are seen whole or not at all.
        using var transaction = connection.BeginTransaction(deferred: true);
        Money Sum(string sql) => new(connection.ExecuteScalar<long>(sql, transaction: transaction));
        return MoneyBooks.Difference(new BookSums(
            Sum("select coalesce(sum(debits_minor), 0) from money_account"),
            Sum("select coalesce(sum(credits_minor), 0) from money_account"),
            Sum("select coalesce(sum(debits_minor - credits_minor), 0) from money_account where name like 'discount:%'"),
            Sum("select coalesce(sum(discount_minor), 0) from redemption"),
            Sum("select coalesce(sum(debits_minor - credits_minor), 0) from money_account where name like 'points:%'"),
            Sum("select coalesce(sum(points_minor), 0) from redemption")));
    }

    List<Redemption> Read(string where, object values)
    {
        CatchUp();
        using var connection = state.Connect();
        using var reader = connection.ExecuteReader(
            $"""
            select wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor
            from redemption where {where} order by customer, offer_index
            """,
            values);
        var redemptions = new List<Redemption>();
        while (reader.Read())
            redemptions.Add(new Redemption(
                reader.GetString(0), new CustomerId(reader.GetInt32(1)), ExtraUse.Offer(reader.GetInt32(2)), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                DateOnly.ParseExact(reader.GetString(6), "yyyy-MM-dd", CultureInfo.InvariantCulture), new Quantity(reader.GetInt64(7)), new Money(reader.GetInt64(8)), new Money(reader.GetInt64(9))));
        return redemptions;
    }

    /// <summary>The tables follow the journal; what isn't in them yet is added first.</summary>
    internal void CatchUp()
    {
        if (!JournalStore.Exists(state.Folder))
        {
            FoldStore.CheckNone(state);
            return;
        }

        using var journal = JournalStore.Open(state.Folder);
        FoldStore.CatchUp(state, journal);
    }
}
