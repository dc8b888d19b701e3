using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Volna.Kernels;
using Volna.Redemptions.Ledger;
using Volna.Redemptions.Life;
using Volna.Redemptions.Offline;

namespace Volna.Redemptions.Journal;

/// <summary>
/// The tables that are derived from the journal: redemptions, money accounts, and where to look for a receipt. They follow the journal in large steps,
/// because a step costs as much for one receipt as for hundreds that lie on the same page.
/// </summary>
sealed class FoldStore : IDisposable
{
    // Bounds the memory of a step, and how long others wait for the right to write.
    const int MostRecords = 50_000;

    readonly StateStore _state;
    readonly SqliteConnection _reader;
    readonly sqlite3_stmt _find;
    bool _holds;

    public FoldStore(StateStore state)
    {
        _state = state;
        _reader = state.Connect();
        // Straight to SQLite's own calls: this is asked for each receipt.
        if (raw.sqlite3_prepare_v2(_reader.Handle, "select batch, at from till_place where hash = ? order by batch desc, at desc", out _find) != raw.SQLITE_OK)
            throw new InvalidOperationException($"SQLite: {raw.sqlite3_errmsg(_reader.Handle).utf8_to_string()}");
    }

    /// <summary>Brings the tables up to the journal's end; any process may, any number at once. Returns the last batch they know.</summary>
    public static long CatchUp(StateStore state, IJournal journal)
    {
        using var connection = state.Connect();
        while (true)
        {
            var last = journal.Last();
            var before = connection.ExecuteScalar<long>("select batch from till_applied");
            Check(state, before, connection.ExecuteScalar<string>("select journal from till_applied")!, journal.Id);
            if (before >= last) return before;
            using var transaction = connection.BeginTransaction(deferred: false);
            var step = new Step(connection, transaction);
            // Read again: another one may have been faster.
            var applied = connection.ExecuteScalar<long>("select batch from till_applied", transaction: transaction);
            var records = 0;
            foreach (var (sequence, body) in journal.After(applied))
            {
                foreach (var (place, receipt) in Batch.ReadAll(sequence, body, withAnswers: false))
                {
                    step.Add(place, receipt, body);
                    records++;
                }

                applied = sequence;
                if (records >= MostRecords) break;
            }

            step.Save();
            connection.Execute("update till_applied set batch = @applied, journal = @Id", new { applied, journal.Id }, transaction);
            transaction.Commit();
        }
    }

    /// <exception cref="BadInputException">The tables follow another journal.</exception>
    static void Check(StateStore state, long applied, string follows, string journal)
    {
        if (applied > 0 && follows != journal) throw JournalStore.Elsewhere(state.Folder);
    }

    /// <summary>Does nothing where no receipt came from any journal.</summary>
    /// <inheritdoc cref="Check(StateStore, long, string, string)"/>
    public static void CheckNone(StateStore state)
    {
        using var connection = state.Connect();
        if (connection.ExecuteScalar<string>("select journal from till_applied") is { Length: > 0 }) throw JournalStore.Elsewhere(state.Folder);
    }

    /// <summary>The same; false if the tables don't know a batch after it, because it isn't durable yet or an import holds the database for a while.</summary>
    public static bool TryCatchUp(StateStore state, IJournal journal, long batch)
    {
        try
        {
            return CatchUp(state, journal) >= batch;
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode == raw.SQLITE_BUSY)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads on from what the tables are now, until <see cref="LetGo"/>: to begin and end a reading for each receipt takes longer than the reading itself. As long as
    /// somebody holds on, the database's log can't begin anew, so it mustn't be for long.
    /// </summary>
    public void HoldOn()
    {
        _reader.Execute("begin transaction");
        // Only the first reading tells which state it is.
        _ = _reader.ExecuteScalar<long>("select batch from till_applied");
        _holds = true;
    }

    /// <inheritdoc cref="HoldOn"/>
    public void LetGo()
    {
        if (_holds) _reader.Execute("commit transaction");
        _holds = false;
    }

    /// <summary>Where records of a hash stand, the latest first. For one thread at a time.</summary>
    public List<RecordPlace>? Find(ulong hash)
    {
        List<RecordPlace>? places = null;
        raw.sqlite3_bind_int64(_find, 1, unchecked((long)hash));
        int result;
        while ((result = raw.sqlite3_step(_find)) == raw.SQLITE_ROW) (places ??= []).Add(new RecordPlace(raw.sqlite3_column_int64(_find, 0), raw.sqlite3_column_int(_find, 1)));
        raw.sqlite3_reset(_find);
        if (result != raw.SQLITE_DONE) throw new InvalidOperationException($"SQLite: {raw.sqlite3_errmsg(_reader.Handle).utf8_to_string()}");
        return places;
    }

    /// <summary>Where receipts with reserved rights stand, and leases that run.</summary>
    public List<RecordPlace> Reservations() => [.. _reader.Query<(long Batch, int At)>("select batch, at from till_reservation").Select(row => new RecordPlace(row.Batch, row.At))];

    /// <summary>Books the redemptions of a wave into its new book.</summary>
    public void Load(WaveBook book)
    {
        foreach (var (customer, index) in _reader.Query<(long, long)>("select customer, offer_index from till_expired where wave = @Wave", new { book.Wave }))
            book.Move(new Use(book.Wave, (int)customer, (int)index, 0, "", 0, RightState.Free, RightState.Expired, default, default), "", 0);
        using var command = _reader.CreateCommand();
        command.CommandText = "select customer, offer_index, target, payer, store, day, quantity_thousandths, paid_minor, discount_minor, points_minor from redemption where wave = $wave";
        command.Parameters.AddWithValue("$wave", book.Wave);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var value = new UseValue(reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9));
            book.Move(
                new Use(book.Wave, reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2), reader.GetString(3), 0, RightState.Free, RightState.Redeemed, default, value),
                reader.GetString(4), DateOnly.ParseExact(reader.GetString(5), "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber);
        }
    }

    public void Dispose()
    {
        LetGo();
        _find.Dispose();
        _reader.Dispose();
    }

    /// <summary>The key in the index for a receipt's id.</summary>
    public static ulong HashOfReceipt(string id) => Hash64.Of(id);

    /// <summary>The key in the index for an Idempotency-Key.</summary>
    public static ulong HashOfKey(string key) => Hash64.Of(key, seed: 1);

    /// <summary>What some records change in the tables: gathered, so that each row is written once.</summary>
    sealed class Step(SqliteConnection connection, SqliteTransaction transaction)
    {
        readonly List<(long Hash, RecordPlace Place)> _places = [];

        // With where to read them again: thousands of receipts as objects would keep the collector busy.
        readonly Dictionary<(string Wave, int Customer, int Index), (byte[] Batch, int At, int Use)> _redemptions = [];
        readonly Dictionary<string, RecordPlace?> _reservations = [];

        // Rights that expired, and of those in the table the ones used again.
        readonly Dictionary<(string Wave, int Customer, int Index), bool> _expired = [];
        bool _someExpired = connection.ExecuteScalar<bool>("select exists (select 1 from till_expired)", transaction: transaction);

        // What was given apart from what was taken back, because both sides of an account only grow.
        readonly Dictionary<(string Wave, string Payer), (long Discount, long Points)> _given = [], _takenBack = [];

        string _wave = "";

        public void Add(RecordPlace place, Receipt receipt, byte[] batch)
        {
            _places.Add((unchecked((long)HashOfReceipt(receipt.Id)), place));
            foreach (var answer in receipt.Answers)
                if (answer.Key.Length > 0)
                    _places.Add((unchecked((long)HashOfKey(answer.Key)), place));
            var wasReserved = Lease.IsRecord(receipt);
            for (var i = 0; i < receipt.Uses.Length; i++)
            {
                ref readonly var use = ref receipt.Uses[i];
                wasReserved |= use.Was == RightState.Reserved;
                // One text for all: nearly always it is the same wave.
                if (_wave != use.Wave) _wave = use.Wave;
                if (use.Was == RightState.Redeemed || use.Is == RightState.Redeemed) _redemptions[(_wave, use.Customer, use.Index)] = (batch, place.At, i);
                if (!ExtraUse.Is(use.Index) && (_someExpired |= use.Is == RightState.Expired)) _expired[(_wave, use.Customer, use.Index)] = use.Is == RightState.Expired;
                var (discount, points) = MoneyBooks.Cost(use);
                if (discount > 0 || points > 0) Sum(_given, use, Math.Max(0, discount), Math.Max(0, points));
                if (discount < 0 || points < 0) Sum(_takenBack, use, Math.Min(0, discount), Math.Min(0, points));
            }

            var isOpen = Lease.IsRecord(receipt) ? receipt.State == ReceiptState.Open : receipt.State == ReceiptState.Priced && receipt.Uses.Length > 0;
            // Most receipts are closed without a reservation: there is no row to look for.
            if (isOpen || wasReserved) _reservations[receipt.Id] = isOpen ? place : null;

            static void Sum(Dictionary<(string, string), (long Discount, long Points)> sums, in Use use, long discount, long points)
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (use.Wave, use.Payer), out _);
                sum = (sum.Discount + discount, sum.Points + points);
            }
        }

        public void Save()
        {
            // In the order of the keys, so that neighbours are written together.
            _places.Sort((a, b) => a.Hash.CompareTo(b.Hash));
            using (var add = Prepare("insert into till_place (hash, batch, at) values (?, ?, ?)"))
                foreach (var (hash, place) in _places)
                {
                    Bind(add, 1, hash);
                    Bind(add, 2, place);
                    Run(add);
                }

            using (var keep = Prepare("insert or replace into till_reservation (receipt, batch, at) values (?, ?, ?)"))
            using (var drop = Prepare("delete from till_reservation where receipt = ?"))
                foreach (var (receipt, place) in _reservations)
                {
                    var run = place is null ? drop : keep;
                    Bind(run, 1, receipt);
                    if (place is { } at) Bind(run, 2, at);
                    Run(run);
                }

            foreach (var ((wave, customer, index), isExpired) in _expired)
                connection.Execute(
                    isExpired ? "insert or ignore into till_expired (wave, customer, offer_index) values (@wave, @customer, @index)" : "delete from till_expired where wave = @wave and customer = @customer and offer_index = @index",
                    new { wave, customer, index }, transaction);

            using (var keep = Prepare(
                """
                insert or replace into redemption (wave, customer, offer_index, receipt, line, store, day, quantity_thousandths, paid_minor, discount_minor, points_minor, target, payer)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """))
            using (var drop = Prepare("delete from redemption where wave = ? and customer = ? and offer_index = ?"))
                foreach (var (key, (batch, at, number)) in _redemptions.OrderBy(one => one.Key.Customer))
                {
                    var receipt = Batch.Read(batch, at, withAnswers: false);
                    ref readonly var use = ref receipt.Uses[number];
                    var run = use.Is == RightState.Redeemed ? keep : drop;
                    Bind(run, 1, key.Wave);
                    Bind(run, 2, key.Customer);
                    Bind(run, 3, key.Index);
                    if (use.Is == RightState.Redeemed)
                    {
                        Bind(run, 4, receipt.Id);
                        Bind(run, 5, use.Line == Use.Basket ? "" : receipt.Lines[use.Line].Id);
                        Bind(run, 6, receipt.Store);
                        Bind(run, 7, Written(receipt.Day));
                        Bind(run, 8, use.Value.Quantity);
                        Bind(run, 9, use.Value.Paid);
                        Bind(run, 10, use.Value.Discount);
                        Bind(run, 11, use.Value.Points);
                        Bind(run, 12, use.Target);
                        Bind(run, 13, use.Payer);
                    }

                    Run(run);
                }

            foreach (var ((wave, payer), (discount, points)) in _given.Concat(_takenBack))
                foreach (var (debit, credit, amount) in MoneyBooks.Postings(wave, payer, discount, points))
                {
                    Book(debit, debits: amount, credits: 0);
                    Book(credit, debits: 0, credits: amount);
                }
        }

        void Book(string name, long debits, long credits) => connection.Execute(
            """
            insert into money_account (name, debits_minor, credits_minor) values (@name, @debits, @credits)
            on conflict (name) do update set debits_minor = money_account.debits_minor + excluded.debits_minor, credits_minor = money_account.credits_minor + excluded.credits_minor
            """,
            new { name, debits, credits }, transaction);

        (int Number, string Written) _day = (-1, "");

        string Written(int day)
        {
            if (_day.Number != day) _day = (day, DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            return _day.Written;
        }

        sqlite3_stmt Prepare(string sql)
        {
            Expect(raw.sqlite3_prepare_v2(connection.Handle, sql, out var statement), raw.SQLITE_OK);
            return statement;
        }

        void Bind(sqlite3_stmt statement, int at, long number) => Expect(raw.sqlite3_bind_int64(statement, at, number), raw.SQLITE_OK);

        void Bind(sqlite3_stmt statement, int at, RecordPlace place)
        {
            Bind(statement, at, place.Batch);
            Bind(statement, at + 1, place.At);
        }

        void Bind(sqlite3_stmt statement, int at, string text)
        {
            const int Longest = 256;
            // An empty span would be taken for a null.
            if (text.Length is 0 or > Longest)
            {
                Expect(raw.sqlite3_bind_text(statement, at, text), raw.SQLITE_OK);
                return;
            }

            Span<byte> bytes = stackalloc byte[Longest * 3];
            Expect(raw.sqlite3_bind_text(statement, at, bytes[..Encoding.UTF8.GetBytes(text, bytes)]), raw.SQLITE_OK);
        }

        void Run(sqlite3_stmt statement)
        {
            Expect(raw.sqlite3_step(statement), raw.SQLITE_DONE);
            raw.sqlite3_reset(statement);
        }

        void Expect(int result, int expected)
        {
            if (result != expected) throw new SqliteException(raw.sqlite3_errmsg(connection.Handle).utf8_to_string(), result);
        }
    }
}
