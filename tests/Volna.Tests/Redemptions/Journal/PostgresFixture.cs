using Volna.Server.Bench;

namespace Volna.Tests.Redemptions.Journal;

/// <summary>One PostgreSQL for the tests of a class, started by the first that needs it.</summary>
public sealed class PostgresFixture : IDisposable
{
    readonly Lazy<TemporaryPostgres> _server = new(() => TemporaryPostgres.Start(synced: false));

    /// <summary>Connection string of a new database; skips the test where PostgreSQL isn't installed.</summary>
    public string NewDatabase()
    {
        if (TemporaryPostgres.Programs is null) Assert.Skip("skipped: no PostgreSQL");
        return _server.Value.NewDatabase();
    }

    public void Dispose()
    {
        if (_server.IsValueCreated) _server.Value.Dispose();
    }
}
