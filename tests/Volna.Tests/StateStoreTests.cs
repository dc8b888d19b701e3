using Dapper;

namespace Volna.Tests;

public sealed class StateStoreTests
{
    [Fact]
    public void Opening_twice_applies_each_script_once()
    {
        using var folder = new TemporaryFolder();
        using (StateStore.Open(folder.Data)) { }
        using var state = StateStore.Open(folder.Data);
        using var connection = state.Connect();
        Assert.Contains("Intake/002", connection.Query<string>("select name from schema_script"));
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused_by_name_and_left_alone()
    {
        using var folder = new TemporaryFolder();
        using (var state = StateStore.Open(folder.Data))
        using (var connection = state.Connect())
            connection.Execute("insert into schema_script (name) values ('Offers/999')");

        var refusal = Assert.Throws<BadInputException>(() => StateStore.Open(folder.Data));
        Assert.Equal("state-newer", refusal.Code);
        Assert.Contains("Offers/999", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Data.State, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("state.db", "this is a letter, not a database, and long enough to look like something");
        Assert.Equal("state-unreadable", Assert.Throws<BadInputException>(() => StateStore.Open(folder.Data)).Code);
    }

    [Fact]
    public void Every_commit_is_durable()
    {
        using var folder = new TemporaryFolder();
        using var state = StateStore.Open(folder.Data);
        using var connection = state.Connect();
        Assert.Equal("wal", connection.ExecuteScalar<string>("pragma journal_mode"));
        Assert.Equal(2, connection.ExecuteScalar<long>("pragma synchronous"));
    }
}
