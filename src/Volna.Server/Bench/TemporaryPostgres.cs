using System.Diagnostics;
using Npgsql;

namespace Volna.Server.Bench;

/// <summary>A PostgreSQL of one's own on a folder and socket that are gone when this is closed; from the programs that Debian's <c>postgresql</c> installs.</summary>
sealed class TemporaryPostgres : IDisposable
{
    readonly string _programs;
    readonly DirectoryInfo _folder;
    int _databases;

    TemporaryPostgres(string programs, DirectoryInfo folder) => (_programs, _folder) = (programs, folder);

    /// <summary>Folder of the newest version's programs; null where none is installed.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Where(version => File.Exists($"{version}/bin/initdb")).OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => $"{version}/bin").FirstOrDefault()
        : null;

    /// <param name="synced">False where a power loss is no matter, as in most tests.</param>
    /// <param name="pinned">True for the first processor alone.</param>
    /// <exception cref="BadInputException">No PostgreSQL is installed, or it doesn't start.</exception>
    public static TemporaryPostgres Start(bool synced, bool pinned = false)
    {
        var server = new TemporaryPostgres(
            Programs ?? throw new BadInputException("postgres-missing", new Text(
                "/usr/lib/postgresql: no PostgreSQL is installed here; install it (Debian: apt-get install postgresql), or name a database.",
                "/usr/lib/postgresql: PostgreSQL не установлен; установите его (Debian: apt-get install postgresql) или укажите базу.")),
            Directory.CreateTempSubdirectory("volna-pg-"));
        try
        {
            // PostgreSQL refuses to run as root.
            if (Environment.IsPrivilegedProcess) Run("chown", "postgres", server._folder.FullName);
            server.Call("initdb", "-D", server.Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync");
            server.Call(
                "pg_ctl", "-D", server.Data, "-l", $"{server._folder.FullName}/log", "-w", "-o",
                $"-c listen_addresses='' -c unix_socket_directories='{server._folder.FullName}' -c max_connections=200 -c max_wal_size=8GB -c fsync={(synced ? "on" : "off")}", "start");
            // What it starts for each connection is where it is.
            if (pinned) Run("taskset", "-a", "-c", "-p", "0", File.ReadLines($"{server.Data}/postmaster.pid").First());
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Connection string of a new database.</summary>
    public string NewDatabase()
    {
        var name = $"volna{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(Connection("postgres"));
        connection.Open();
        using var create = new NpgsqlCommand($"create database {name}", connection);
        create.ExecuteNonQuery();
        return Connection(name);
    }

    public void Dispose()
    {
        if (!_folder.Exists) return;
        NpgsqlConnection.ClearAllPools();
        if (File.Exists($"{Data}/postmaster.pid")) Call("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");
        _folder.Delete(recursive: true);
        _folder.Refresh();
    }

    string Data => $"{_folder.FullName}/data";

    string Connection(string database) => $"Host={_folder.FullName};Username=postgres;Database={database};Include Error Detail=true";

    void Call(string program, params string[] arguments)
    {
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", $"{_programs}/{program}", .. arguments]);
        else Run($"{_programs}/{program}", arguments);
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var said = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new BadInputException("postgres-not-started", new Text($"{program} {arguments[^1]}: failed: {said.Result.Trim()}.", $"{program} {arguments[^1]}: ошибка: {said.Result.Trim()}."));
    }
}
