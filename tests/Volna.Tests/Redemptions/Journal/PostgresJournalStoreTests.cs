using Dapper;
using Npgsql;
using Volna.Redemptions;
using Volna.Redemptions.Journal;

namespace Volna.Tests.Redemptions.Journal;

/// <summary>What only the journal in PostgreSQL has to keep to.</summary>
public sealed class PostgresJournalStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_till_whose_connection_broke_stops_and_what_it_acknowledged_is_there()
    {
        var database = postgres.NewDatabase();
        using var shop = new Shop(database);
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddPublishedWave("w", [.. Enumerable.Range(1, 10).Select(customer => (customer, $"c{customer}", (IReadOnlyList<Volna.Offers.Offer>?)[Shop.Offer(customer, 0, 1, 20)]))]);
        var answers = new Dictionary<int, byte[]>();
        using (var till = shop.OpenTill())
        {
            for (var number = 1; number <= 5; number++) answers[number] = (await till.CloseAsync(Receipt(number))).Body;
            Run(database, "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'");
            await Assert.ThrowsAsync<JournalLostException>(() => till.CloseAsync(Receipt(6)));
            await Assert.ThrowsAsync<JournalLostException>(() => till.Broken.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<JournalLostException>(() => till.CloseAsync(Receipt(7)));
        }

        using (var till = shop.OpenTill())
        {
            foreach (var (number, answer) in answers) Assert.Equal(answer, (await till.CloseAsync(Receipt(number))).Body);
            Assert.Null(await till.StateAsync("r7"));
            Assert.Equal(80_00, (await till.CloseAsync(Receipt(6))).Answer.Total.Minor);
        }

        Assert.Null(new RedemptionStore(shop.State).BooksDifference());

        static TillReceipt Receipt(int number) => Shop.Receipt($"r{number}", $"c{number}", ("milk", 1, 100_00));
    }

    [Fact]
    public async Task A_till_that_nobody_calls_learns_that_its_connection_broke()
    {
        var database = postgres.NewDatabase();
        using var shop = new Shop(database);
        using var till = shop.OpenTill();
        till.TakeWriter();
        Run(database, "alter database " + new NpgsqlConnectionStringBuilder(database).Database + " connection limit 0");
        Run(database, "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        await Assert.ThrowsAsync<JournalLostException>(() => till.Broken.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task While_the_database_keeps_one_waiting_for_an_old_receipt_the_others_go_on()
    {
        var database = postgres.NewDatabase();
        using var shop = new Shop(database);
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddPublishedWave("w", [.. Enumerable.Range(1, 2).Select(customer => (customer, $"c{customer}", (IReadOnlyList<Volna.Offers.Offer>?)[Shop.Offer(customer, 0, 1, 20)]))]);
        TillReply first;
        using (var till = shop.OpenTill()) first = await till.CloseAsync(Receipt(1));

        using (var till = shop.OpenTill())
        {
            till.TakeWriter();
            Task<TillReply> repeat;
            Task<byte[]?> state;
            await using (var connection = new NpgsqlConnection(database + ";Pooling=false"))
            {
                await connection.OpenAsync(TestContext.Current.CancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
                await connection.ExecuteAsync("lock table volna_batch in access exclusive mode", transaction: transaction);
                repeat = OnOneMoreThread(() => till.CloseAsync(Receipt(1)));
                state = OnOneMoreThread(() => till.StateAsync("r1"));
                var price = OnOneMoreThread(() => till.PriceAsync(Receipt(2)));
                Assert.Equal(80_00, (await price.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Total.Minor);
                Assert.Equal(1, till.Rights("w").Redeemed);
                Assert.False(repeat.IsCompleted || state.IsCompleted);
            }

            Assert.Equal(first.Body, (await repeat).Body);
            Assert.Contains("closed", System.Text.Encoding.UTF8.GetString((await state)!), StringComparison.Ordinal);
        }

        static TillReceipt Receipt(int number) => Shop.Receipt($"r{number}", $"c{number}", ("milk", 1, 100_00));
    }

    [Fact]
    public async Task While_the_journal_is_read_again_after_a_write_that_failed_nobody_waits_for_it()
    {
        var database = postgres.NewDatabase();
        using var shop = new Shop(database);
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddPublishedWave("w", [.. Enumerable.Range(1, 3).Select(customer => (customer, $"c{customer}", (IReadOnlyList<Volna.Offers.Offer>?)[Shop.Offer(customer, 0, 1, 20)]))]);
        using var till = shop.OpenTill();
        await till.CloseAsync(Receipt(1));
        // A write is refused, and who reads then waits for a lock.
        Run(database,
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$;
            create trigger refusing before insert on volna_batch for each row execute function refuse();
            create function wait() returns boolean language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(1); return true; end $$;
            alter table volna_batch rename to stored;
            create view volna_batch as select number, body from stored where wait();
            """);
        Task<TillReply> refused, later;
        await using (var connection = new NpgsqlConnection(database + ";Pooling=false"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync("select pg_advisory_lock(1)");
            refused = till.CloseAsync(Receipt(2));
            while (!await connection.ExecuteScalarAsync<bool>("select exists (select from pg_locks where locktype = 'advisory' and not granted)")) await Task.Delay(10, TestContext.Current.CancellationToken);
            var price = OnOneMoreThread(() => till.PriceAsync(Receipt(3)));
            Assert.Equal(80_00, (await price.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken)).Total.Minor);
            later = till.CloseAsync(Receipt(3));
            Assert.False(refused.IsCompleted || later.IsCompleted);
        }

        foreach (var close in (Task[])[refused, later])
            Assert.Contains("the disk is full", (await Assert.ThrowsAsync<PostgresException>(() => close)).Message, StringComparison.Ordinal);
        Run(database, "drop view volna_batch; alter table stored rename to volna_batch; drop trigger refusing on volna_batch");
        Assert.Equal(1, till.Rights("w").Redeemed);
        foreach (var number in (int[])[2, 3]) Assert.Equal(80_00, (await till.CloseAsync(Receipt(number))).Answer.Total.Minor);
        Assert.Equal(3, till.Rights("w").Redeemed);
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());

        static TillReceipt Receipt(int number) => Shop.Receipt($"r{number}", $"c{number}", ("milk", 1, 100_00));
    }

    [Fact]
    public void A_commit_is_awaited_also_where_the_database_says_otherwise()
    {
        var database = postgres.NewDatabase();
        Run(database, $"alter database {new NpgsqlConnectionStringBuilder(database).Database} set synchronous_commit = off");
        using var journal = PostgresJournalStore.Open(database);
        Run(database,
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise 'synchronous_commit is %', current_setting('synchronous_commit'); end $$;
            create trigger awaited before insert on volna_batch for each row when (current_setting('synchronous_commit') <> 'on') execute function refuse();
            """);
        journal.TakeWriter();
        journal.Append(1, [0, 0, 0, 0]);
    }

    [Fact]
    public void Many_open_a_new_database_at_once()
    {
        var database = postgres.NewDatabase();
        var ids = new string[8];
        Parallel.For(0, ids.Length, i =>
        {
            using var journal = PostgresJournalStore.Open(database);
            ids[i] = journal.Id;
        });
        Assert.Single(ids.Distinct());
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("Database=volna;Password=secret")]
    [InlineData("Host=db;Port=secret")]
    [InlineData("Host=db;secret=1")]
    [InlineData("postgresql://volna:secret@db/volna")]
    public void What_is_no_connection_string_is_refused_and_not_shown(string given)
    {
        var refused = Assert.Throws<BadInputException>(() => PostgresJournalStore.Open(given));
        Assert.Equal("postgres-connection", refused.Code);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=volna;Username=volna;Password=secret", "127.0.0.1:1/volna")]
    [InlineData("Host=/nowhere;Database=volna;Username=volna;Password=secret", "/nowhere:5432/volna")]
    [InlineData("Host=nowhere.invalid;Database=volna;Username=volna;Password=secret", "nowhere.invalid:5432/volna")]
    public void A_server_that_isnt_there_is_named_in_both_languages_without_the_password(string given, string place)
    {
        var refused = Assert.Throws<BadInputException>(() => PostgresJournalStore.Open(given));
        Assert.Equal("postgres-unusable", refused.Code);
        Assert.StartsWith($"--postgres {place}: ", refused.Sentence.English, StringComparison.Ordinal);
        Assert.StartsWith($"--postgres {place}: ", refused.Sentence.Russian, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_doesnt_exist_is_refused()
    {
        var other = new NpgsqlConnectionStringBuilder(postgres.NewDatabase()) { Database = "other" };
        Assert.Contains("3D000", Assert.Throws<BadInputException>(() => PostgresJournalStore.Open(other.ConnectionString)).Sentence.Russian, StringComparison.Ordinal);
    }

    static Task<T> OnOneMoreThread<T>(Func<Task<T>> call) => Task.Factory.StartNew(call, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    static void Run(string database, string sql)
    {
        using var connection = new NpgsqlConnection(database + ";Pooling=false");
        connection.Open();
        connection.Execute(sql);
    }
}
