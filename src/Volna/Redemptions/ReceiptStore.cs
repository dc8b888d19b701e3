using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Volna.Redemptions;

/// <summary>A till's receipts and what they spent, through a connection of its own; for one thread at a time.</summary>
sealed class ReceiptStore : IDisposable
{
    readonly SqliteConnection _connection;
    readonly SqliteCommand _find, _spent, _addReceipt, _addRedemption, _debit, _credit, _transfer;

    public ReceiptStore(StateStore state)
    {
        _connection = state.Connect();
        _find = Prepare("select content, answer from till_receipt where id = $id", "$id");
        _spent = Prepare("select offer_index from redemption where wave = $wave and customer = $customer", "$wave", "$customer");
        _addReceipt = Prepare("insert into till_receipt (id, content, answer, closed_at) values ($id, $content, $answer, $at)", "$id", "$content", "$answer", "$at");
        _addRedemption = Prepare(
            """
            insert into redemption (wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor)
            values ($wave, $customer, $index, $receipt, $line, $store, $day, $quantity, $paid, $discount)
            """,
            "$wave", "$customer", "$index", "$receipt", "$line", "$store", "$day", "$quantity", "$paid", "$discount");
        _debit = Prepare(
            """
            insert into money_account (name, debits_minor, credits_minor) values ($account, $amount, 0)
            on conflict (name) do update set debits_minor = money_account.debits_minor + excluded.debits_minor
            """,
            "$account", "$amount");
        _credit = Prepare(
            """
            insert into money_account (name, debits_minor, credits_minor) values ($account, 0, $amount)
            on conflict (name) do update set credits_minor = money_account.credits_minor + excluded.credits_minor
            """,
            "$account", "$amount");
        _transfer = Prepare(
            "insert into money_transfer (wave, customer, offer_index, debit, credit, amount_minor) values ($wave, $customer, $index, $debit, $credit, $amount)",
            "$wave", "$customer", "$index", "$debit", "$credit", "$amount");
    }

    /// <summary>What was closed under an id: hash of the receipt's content and the answer given; null if nothing was.</summary>
    public (string Content, string Answer)? Find(string id)
    {
        using var reader = Run(_find, id).ExecuteReader();
        return reader.Read() ? (reader.GetString(0), reader.GetString(1)) : null;
    }

    /// <summary>Places of the offers of a wave that a customer spent.</summary>
    public List<int> Spent(string wave, CustomerId customer)
    {
        var spent = new List<int>();
        using var reader = Run(_spent, wave, customer.Value).ExecuteReader();
        while (reader.Read()) spent.Add(reader.GetInt32(0));
        return spent;
    }

    /// <summary>Runs work in one durable transaction that takes the right to write first; nothing stays if it throws.</summary>
    public void InTransaction(Action work)
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var command in (SqliteCommand[])[_find, _spent, _addReceipt, _addRedemption, _debit, _credit, _transfer]) command.Transaction = transaction;
        work();
        transaction.Commit();
    }

    /// <summary>Stores a closed receipt with the offers it spent and the money that moved. Within <see cref="InTransaction"/>.</summary>
    public void Save(string id, string content, string answer, DateTimeOffset closedAt, IReadOnlyList<Redemption> redemptions)
    {
        Run(_addReceipt, id, content, answer, closedAt.ToString("O", CultureInfo.InvariantCulture)).ExecuteNonQuery();
        foreach (var spent in redemptions)
        {
            Run(
                _addRedemption, spent.Wave, spent.Customer.Value, spent.OfferIndex, spent.Receipt, spent.Line, spent.Store,
                spent.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), spent.Quantity.Thousandths, spent.Paid.Minor, spent.Discount.Minor).ExecuteNonQuery();
            var (cost, payer) = MoneyBooks.Accounts(spent.Wave);
            Run(_debit, cost, spent.Discount.Minor).ExecuteNonQuery();
            Run(_credit, payer, spent.Discount.Minor).ExecuteNonQuery();
            Run(_transfer, spent.Wave, spent.Customer.Value, spent.OfferIndex, cost, payer, spent.Discount.Minor).ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_find, _spent, _addReceipt, _addRedemption, _debit, _credit, _transfer]) command.Dispose();
        _connection.Dispose();
    }

    SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    static SqliteCommand Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command;
    }
}
