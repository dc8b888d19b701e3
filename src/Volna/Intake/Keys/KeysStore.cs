using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Volna.Intake.Keys;

/// <summary>The keys that came new with a chunk of rows.</summary>
/// <param name="Customers">With the hash of each key.</param>
sealed record NewKeys(
    IReadOnlyList<(int Number, string Key, ulong Hash)> Customers, IReadOnlyList<(int Number, string Key)> Products, IReadOnlyList<(int Number, string Key)> Stores);

/// <summary>Keeps our numbers of the retailer's keys: all are held in memory during an import, new ones are saved with their chunk.</summary>
sealed class KeysStore
{
    int _savedCustomers;
    int _savedProducts;
    int _savedStores;

    KeysStore(StateStore state)
    {
        using var connection = state.Connect();
        _savedCustomers = Load(connection, "customer", Tables.Customers);
        _savedProducts = Load(connection, "product", Tables.Products);
        _savedStores = Load(connection, "store", Tables.Stores);
    }

    public KeyTables Tables { get; } = new();

    public static KeysStore Load(StateStore state) => new(state);

    /// <summary>The keys that came since the last call. They stay with the chunk that will save them.</summary>
    public NewKeys TakeNew()
    {
        var tables = Tables;
        var taken = new NewKeys(
            New(tables.Customers, ref _savedCustomers, number => (number, tables.Customers.KeyOf(number), tables.Customers.HashOf(number))),
            New(tables.Products, ref _savedProducts, number => (number, tables.Products.KeyOf(number))),
            New(tables.Stores, ref _savedStores, number => (number, tables.Stores.KeyOf(number))));
        return taken;
    }

    /// <summary>Adds the rows of new keys; whoever knows more of them fills it in.</summary>
    public static void Save(NewKeys keys, DbTransaction transaction)
    {
        var connection = (SqliteConnection)transaction.Connection!;
        using (var insert = Prepare(connection, transaction, "insert into customer (number, key, key_hash) values (@number, @key, @other)"))
            foreach (var (number, key, hash) in keys.Customers) Run(insert, number, key, unchecked((long)hash));
        using (var insert = Prepare(connection, transaction, "insert into product (number, key, name) values (@number, @key, @other)"))
            foreach (var (number, key) in keys.Products) Run(insert, number, key, key);
        using (var insert = Prepare(connection, transaction, "insert into store (number, key, name) values (@number, @key, @other)"))
            foreach (var (number, key) in keys.Stores) Run(insert, number, key, key);
    }

    static int Load(SqliteConnection connection, string table, KeyTable into)
    {
        using var reader = connection.ExecuteReader($"select number, key from {table} order by number");
        var buffer = new byte[1024];
        while (reader.Read())
        {
            var key = reader.GetString(1);
            var length = System.Text.Encoding.UTF8.GetBytes(key, buffer);
            if (into.NumberOf(buffer.AsSpan(0, length)) != reader.GetInt32(0))
                throw new InvalidOperationException($"The numbers of table {table} have a gap before {reader.GetInt32(0)}.");
        }

        return into.Count;
    }

    static List<T> New<T>(KeyTable table, ref int saved, Func<int, T> make)
    {
        var taken = new List<T>(table.Count - saved);
        while (saved < table.Count) taken.Add(make(++saved));
        return taken;
    }

    static SqliteCommand Prepare(SqliteConnection connection, DbTransaction transaction, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = (SqliteTransaction)transaction;
        command.Parameters.Add("@number", SqliteType.Integer);
        command.Parameters.Add("@key", SqliteType.Text);
        command.Parameters.Add(new SqliteParameter { ParameterName = "@other" });
        return command;
    }

    static void Run(SqliteCommand insert, int number, string key, object other)
    {
        insert.Parameters[0].Value = number;
        insert.Parameters[1].Value = key;
        insert.Parameters[2].Value = other;
        insert.ExecuteNonQuery();
    }
}
