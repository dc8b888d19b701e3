using System.Text;
using Volna.Redemptions;
using Volna.Redemptions.Journal;
using Volna.Redemptions.Life;

namespace Volna.Tests.Redemptions.Journal;

/// <summary>What every journal keeps to: one text for SQLite and PostgreSQL.</summary>
public sealed class JournalContractTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public enum Kind
    {
        Sqlite,
        Postgres,
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public void Batches_come_back_as_they_were_written_and_in_order(Kind kind)
    {
        using var folder = new TemporaryFolder();
        var data = Place(kind, folder);
        using (var journal = JournalStore.Open(data))
        {
            Assert.Equal((0L, 0), (journal.Last(), journal.After(0).Count()));
            journal.TakeWriter();
            for (var number = 1; number <= 3; number++) journal.Append(number, Body(number));
            Expect(journal);
        }

        using (var again = JournalStore.Open(data)) Expect(again);

        static void Expect(IJournal journal)
        {
            Assert.Equal(3, journal.Last());
            Assert.Equal(Body(2), Read(journal, 2));
            Assert.Equal([1, 2, 3], journal.After(0).Select(batch => batch.Sequence));
            Assert.Equal([Body(3)], journal.After(2).Select(batch => batch.Body));
            Assert.Empty(journal.After(3));
            Assert.Throws<InvalidOperationException>(() => Read(journal, 4));
        }
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public void An_append_that_fails_leaves_nothing_and_the_next_one_goes_on(Kind kind)
    {
        using var folder = new TemporaryFolder();
        using var journal = JournalStore.Open(Place(kind, folder));
        journal.TakeWriter();
        journal.Append(1, Body(1));
        Assert.ThrowsAny<Exception>(() => journal.Append(1, Body(7)));
        Assert.Equal((1L, Convert.ToHexString(Body(1))), (journal.Last(), Convert.ToHexString(Read(journal, 1))));
        journal.Append(2, Body(2));
        Assert.Equal([1, 2], journal.After(0).Select(batch => batch.Sequence));
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public void A_damaged_batch_is_never_read(Kind kind)
    {
        using var folder = new TemporaryFolder();
        using var journal = JournalStore.Open(Place(kind, folder));
        journal.TakeWriter();
        var torn = Body(1);
        torn[^1] ^= 1;
        journal.Append(1, torn);
        Assert.Contains("Batch 1", Assert.Throws<InvalidOperationException>(() => Read(journal, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => journal.After(0).Count());
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public void One_writes_and_others_read_until_it_ends(Kind kind)
    {
        using var folder = new TemporaryFolder();
        var data = Place(kind, folder);
        using var other = JournalStore.Open(data);
        using (var journal = JournalStore.Open(data))
        {
            journal.TakeWriter();
            journal.TakeWriter();
            journal.Append(1, Body(1));
            Assert.Equal("till-taken", Assert.Throws<GuardException>(other.TakeWriter).Code);
            Assert.Equal(Body(1), Read(other, 1));
        }

        other.TakeWriter();
        other.Append(2, Body(2));
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public async Task A_reader_beside_the_writer_sees_a_whole_beginning(Kind kind)
    {
        using var folder = new TemporaryFolder();
        using var journal = JournalStore.Open(Place(kind, folder));
        journal.TakeWriter();
        var writing = Task.Run(() =>
        {
            for (var number = 1; number <= 500; number++) journal.Append(number, Body(number));
        }, TestContext.Current.CancellationToken);
        while (!writing.IsCompleted)
        {
            var last = journal.Last();
            var seen = journal.After(0).Select(batch => batch.Sequence).ToList();
            Assert.True(seen.Count >= last);
            Assert.Equal(Enumerable.Range(1, seen.Count).Select(number => (long)number), seen);
        }

        await writing;
        Assert.Equal(500, journal.Last());
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public void Ten_thousand_batches_are_read_from_any_place(Kind kind)
    {
        using var folder = new TemporaryFolder();
        var data = Place(kind, folder);
        using (var journal = JournalStore.Open(data))
        {
            journal.TakeWriter();
            for (var number = 1; number <= 10_000; number++) journal.Append(number, Body(number));
        }

        using var again = JournalStore.Open(data);
        Assert.Equal(10_000, again.Last());
        var expected = 0L;
        foreach (var (sequence, body) in again.After(0))
        {
            Assert.Equal(++expected, sequence);
            Assert.True(body.AsSpan().SequenceEqual(Body(sequence)));
        }

        Assert.Equal((10_000L, 9_990L), (expected, again.After(9_989).First().Sequence));
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public async Task A_till_gives_the_first_answer_again_from_a_new_process_and_its_books_balance(Kind kind)
    {
        using var shop = Milk(kind);
        string first;
        using (var till = shop.OpenTill())
        {
            first = Encoding.UTF8.GetString((await till.CloseAsync(Receipt(1))).Body);
            await till.ReserveAsync(Receipt(2) with { Customer = "boris" });
        }

        using (var till = shop.OpenTill())
        {
            Assert.Equal(first, Encoding.UTF8.GetString((await till.CloseAsync(Receipt(1))).Body));
            Assert.Equal(TillRefusal.OfferUsed, (await till.CloseAsync(Receipt(3))).Answer.Lines[0].Refusal);
            Assert.Equal(TillRefusal.OfferReserved, (await till.CloseAsync(Receipt(4) with { Customer = "boris" })).Answer.Lines[0].Refusal);
            await till.CancelAsync("r1");
        }

        Assert.Empty(new RedemptionStore(shop.State).OfWave("w"));
        Assert.Null(new RedemptionStore(shop.State).BooksDifference());
    }

    [Theory, InlineData(Kind.Sqlite), InlineData(Kind.Postgres)]
    public void Tables_that_follow_one_journal_refuse_another(Kind kind)
    {
        using var shop = Milk(kind);
        using (var till = shop.OpenTill()) till.Close(Receipt(1));
        Assert.Single(new RedemptionStore(shop.State).OfWave("w"));

        using var state = StateStore.Open(shop.Data with { TillPostgres = kind == Kind.Sqlite ? postgres.NewDatabase() : null });
        Assert.Equal("till-journal-elsewhere", Assert.Throws<BadInputException>(() => new RedemptionStore(state).OfWave("w")).Code);
        Assert.Equal("till-journal-elsewhere", Assert.Throws<BadInputException>(() => Till.Open(state.Folder, state, null!, TimeProvider.System)).Code);
    }

    Shop Milk(Kind kind)
    {
        var shop = new Shop(kind == Kind.Postgres ? postgres.NewDatabase() : null);
        shop.AddStore(1, "S");
        shop.AddProduct(1, "milk");
        shop.AddPublishedWave("w", (1, "anna", [Shop.Offer(1, 0, 1, 20)]), (2, "boris", [Shop.Offer(2, 0, 1, 20)]));
        return shop;
    }

    static TillReceipt Receipt(int number) => Shop.Receipt($"r{number}", "anna", ("milk", 1, 100_00));

    DataFolder Place(Kind kind, TemporaryFolder folder) => folder.Data with { TillPostgres = kind == Kind.Postgres ? postgres.NewDatabase() : null };

    static byte[] Body(long number)
    {
        var batch = new Batch(number);
        batch.Add(new Receipt { Id = $"receipt {number}", Store = "S" });
        return batch.Finish().ToArray();
    }

    static byte[] Read(IJournal journal, long batch) => journal.ReadAsync(batch).GetAwaiter().GetResult();
}
