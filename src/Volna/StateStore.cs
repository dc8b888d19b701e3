using System.IO;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Volna;

/// <summary>
/// The state database: one SQLite file in WAL mode. Each stage owns its tables and brings them by the numbered scripts of its <c>Schema</c>
/// folder, which are applied once, in the order of stages and numbers. A stage reads only its own tables.
/// </summary>
public sealed class StateStore : IDisposable
{
    readonly string _connectionString;
    readonly SqliteConnection _keepsPoolAlive;

    StateStore(DataFolder folder, string connectionString, SqliteConnection keepsPoolAlive)
    {
        Folder = folder;
        _connectionString = connectionString;
        _keepsPoolAlive = keepsPoolAlive;
    }

    static StateStore() => SQLitePCL.Batteries_V2.Init();

    /// <summary>The data folder whose state this is.</summary>
    public DataFolder Folder { get; }

    /// <summary>Opens the state database, makes the folder and file where they are missing, and applies new schema scripts.</summary>
    /// <exception cref="BadInputException">The file is no database, or was written by a newer version; the folder is a file.</exception>
    public static StateStore Open(DataFolder folder)
    {
        if (File.Exists(folder.Root))
            throw new BadInputException("data-no-folder", new Text(
                $"{folder.Root}: is a file; expected a folder for the data, give one with --data.", $"{folder.Root}: это файл, а нужна папка для данных; укажите её через --data."));
        Directory.CreateDirectory(folder.Root);
        var connectionString = new SqliteConnectionStringBuilder { DataSource = folder.State, ForeignKeys = true, DefaultTimeout = 30 }.ToString();
        SqliteConnection connection;
        try
        {
            connection = Connect(connectionString);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_NOTADB or SQLitePCL.raw.SQLITE_CORRUPT)
        {
            throw new BadInputException("state-unreadable", new Text(
                $"{folder.State}: is no state database of Volna ({e.Message}); give another folder with --data.",
                $"{folder.State}: это не база состояния Volna ({e.Message}); укажите другую папку через --data."));
        }

        ApplyScripts(connection, folder.State);
        return new StateStore(folder, connectionString, connection);
    }

    /// <summary>True where a state database stands already.</summary>
    public static bool Exists(DataFolder folder) => File.Exists(folder.State);

    /// <summary>SQLite's own check of the whole file: null where it is sound, else the first damage found.</summary>
    public string? FindDamage()
    {
        using var connection = Connect();
        var found = connection.QueryFirst<string>("pragma integrity_check(1)");
        return found == "ok" ? null : found;
    }

    /// <summary>How many table scripts this version of the program knows; an open database has them all.</summary>
    public static int SchemaVersion => Scripts().Count;

    /// <summary>A connection of one's own; dispose it soon. Every commit is durable (<c>synchronous=FULL</c>).</summary>
    public SqliteConnection Connect() => Connect(_connectionString);

    public void Dispose() => _keepsPoolAlive.Dispose();

    internal static SqliteConnection Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            connection.Execute("pragma journal_mode=wal; pragma synchronous=full; pragma busy_timeout=30000;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    sealed record Script(string Stage, int Number, string Sql)
    {
        public string Name => $"{Stage}/{Number:000}";
    }

    static void ApplyScripts(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("create table if not exists schema_script (name text primary key) without rowid", transaction: transaction);
        var applied = connection.Query<string>("select name from schema_script", transaction: transaction).ToHashSet();
        var scripts = Scripts();

        if (applied.Except(scripts.Select(script => script.Name)).Order().FirstOrDefault() is { } unknown)
            throw new BadInputException("state-newer", new Text(
                $"{path}: was written by a newer version of Volna (it has the table script {unknown}, which this version doesn't know); update the program.",
                $"{path}: записана более новой версией Volna (в ней есть скрипт таблиц {unknown}, которого эта версия не знает); обновите программу."));

        foreach (var script in scripts.Where(script => !applied.Contains(script.Name)))
        {
            connection.Execute(script.Sql, transaction: transaction);
            connection.Execute("insert into schema_script (name) values (@Name)", new { script.Name }, transaction);
        }

        transaction.Commit();
    }

    /// <summary>The scripts embedded as <c>Volna.{Stage}.Schema.{NNN}-{title}.sql</c>, by stage (the alphabet is the order of the data) and number.</summary>
    static List<Script> Scripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var scripts = new List<Script>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)))
        {
            var parts = resource.Split('.');
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            scripts.Add(new Script(parts[1], int.Parse(parts[3].AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture), reader.ReadToEnd()));
        }

        return [.. scripts.OrderBy(script => script.Stage, StringComparer.Ordinal).ThenBy(script => script.Number)];
    }
}
