using System.IO.Compression;
using System.Text;
using Volna.Intake.Files;
using Volna.Intake.History;
using Volna.Intake.Import;

namespace Volna.Tests.Intake.Import;

public sealed class ImportJobTests
{
    [Fact]
    public void A_receipt_is_stored_as_it_was_paid()
    {
        // Columns are those of the file; the answer is quantity in thousandths, paid and discount in minor units.
        const string Cases = """
            quantity  price    amount  discount  answer
            1         89.90    -       -         1000_8990_0
            2         89.90    161.82  -         2000_16182_1798
            2         89.90    161.82  17.98     2000_16182_1798
            2         89.90    -       17.98     2000_16182_1798
            2         89.90    -       -17.98    2000_16182_1798
            1         -        50      -         1000_5000_0
            1         -        50      10        1000_5000_1000
            1         40       50      -         1000_5000_0
            0.456     100      -       -         456_4560_0
            30.5      2.5549   -       -         30500_7792_0
            -1        89.90    -       -         -1000_-8990_0
            -1        89.90    80      -         -1000_-8000_-990
            -1        89.90    -80     9.90      -1000_-8000_-990
            1         0        -       -         1000_0_0
            """;
        using var scene = new ImportScene();
        var rows = Cases.Split('\n').Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        string Cell(string text) => text == "-" ? "" : text;
        var result = scene.ImportOne(scene.Write("receipts.csv", ImportScene.Header + string.Concat(rows.Select((row, i) =>
            $"R{i:00},2026-11-01 10:{i:00}:00,S1,C1,P1,Milk,{row[0]},{Cell(row[1])},{Cell(row[2])},{Cell(row[3])}\n"))));
        Assert.Equal((rows.Count, rows.Count), ((int)result.RowsRead, (int)result.Stored));
        Assert.Equal(rows.Select(row => row[4]), scene.Purchases().Select(purchase => string.Join('_', purchase.Split(' ')[5..8])));
    }

    [Fact]
    public void The_same_file_twice_changes_nothing()
    {
        using var scene = new ImportScene();
        var file = scene.Write("receipts.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(1, 500)));
        scene.Import(file);
        var (before, snapshot) = (scene.Purchases(), scene.Snapshot());

        Assert.Equal(FileOutcome.KnownAlready, scene.ImportOne(file).Outcome);
        Assert.Equal(before, scene.Purchases());
        Assert.Equal(snapshot.Id, scene.Snapshot().Id);
    }

    [Fact]
    public void A_receipt_of_an_earlier_file_is_rejected_and_a_repeated_line_is_not()
    {
        using var scene = new ImportScene();
        const string Line = "R1,2026-11-01 10:00:00,S1,C1,P1,,1,5,,\n";
        Assert.Equal(3, scene.ImportOne(scene.Write("receipts-1.csv", ImportScene.Header + Line + Line + Line)).Stored);

        // The same number in another store, or on another day, is another receipt.
        var second = scene.ImportOne(scene.Write("receipts-2.csv", ImportScene.Header + Line
            + Line.Replace("S1", "S2", StringComparison.Ordinal) + Line.Replace("-01 ", "-02 ", StringComparison.Ordinal) + Line));
        Assert.Equal(2, second.Stored);
        Assert.Equal(2, second.Rejected[RejectReason.DuplicateReceipt]);
        Assert.Equal([(2, "receipt", "R1", "duplicate-receipt"), (5, "receipt", "R1", "duplicate-receipt")], ImportScene.Rejects(second));
        Assert.Equal(5, scene.Purchases().Count);
        Assert.Equal(3, scene.Purchases().Select(purchase => purchase.Split(' ')[^1]).Distinct().Count());
    }

    [Fact]
    public void Too_many_wrong_rows_stop_a_file_and_a_higher_limit_goes_on()
    {
        using var scene = new ImportScene();
        var good = ImportScene.MadeUpLines(2, 200).ToList();
        var lines = good.Select((line, i) => i is >= 300 and < 320 ? "oops\n" + line : line);
        var request = new ImportRequest([scene.Write("receipts.csv", ImportScene.Header + string.Concat(lines))]) { ChunkRows = 250, MaxErrors = 10 };

        var stopped = Assert.Single(scene.Import(request).Files);
        Assert.Equal(FileOutcome.TooManyErrors, stopped.Outcome);
        Assert.Equal((250, 250), (stopped.RowsRead, stopped.Stored));
        Assert.Contains("line 322", stopped.Failure!.English, StringComparison.Ordinal);
        Assert.Equal(11, ImportScene.Rejects(stopped).Count);
        Assert.Equal(250, scene.Purchases().Count);

        var done = Assert.Single(scene.Import(request with { MaxErrors = 20 }).Files);
        Assert.Equal(FileOutcome.Done, done.Outcome);
        Assert.Equal((good.Count + 20, good.Count, 20), (done.RowsRead, done.Stored, done.Rejected[RejectReason.FieldCount]));
        Assert.Equal(20, ImportScene.Rejects(done).Count);
        Assert.Equal(good.Count, scene.Purchases().Count);
    }

    [Fact]
    public void A_stopped_import_goes_on_and_ends_as_if_nothing_had_happened()
    {
        var content = ImportScene.Header + string.Concat(ImportScene.MadeUpLines(3, 10_000).Select((line, i) => i % 500 == 0 ? "broken\n" + line : line));
        using var undisturbed = new ImportScene();
        var expected = undisturbed.ImportOne(undisturbed.Write("receipts.csv", content));

        using var scene = new ImportScene();
        var request = new ImportRequest([scene.Write("receipts.csv", content)]) { ChunkRows = 3_000 };
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => ImportJob.Run(
            scene.Data, scene.State, request, ImportScene.Now, new At(step => { if (step.Done > 20_000) stop.Cancel(); }), stop.Token));
        Assert.InRange(scene.Snapshot().Lines, 3_000, expected.Stored - 1);

        var resumed = Assert.Single(scene.Import(request).Files);
        Assert.Equal((expected.RowsRead, expected.Stored), (resumed.RowsRead, resumed.Stored));
        Assert.Equal(expected.Rejected, resumed.Rejected);
        Assert.Equal(ImportScene.Rejects(expected), ImportScene.Rejects(resumed));
        Assert.Equal(undisturbed.Purchases(), scene.Purchases());
        Assert.Equal(undisturbed.Snapshot().Id, scene.Snapshot().Id);
    }

    [Fact]
    public void Many_small_files_are_merged_and_hold_the_same_as_one()
    {
        using var daily = new ImportScene();
        using var once = new ImportScene();
        var all = new StringBuilder(ImportScene.Header);
        for (var day = 0; day < 60; day++)
        {
            var lines = string.Concat(ImportScene.MadeUpLines(day, 20, firstDay: day, days: 1));
            all.Append(lines);
            daily.Import(daily.Write($"receipts-{day:00}.csv", ImportScene.Header + lines));
        }

        once.Import(once.Write("receipts.csv", all.ToString()));
        Assert.InRange(daily.Snapshot().Segments.Count, 2, HistoryStore.MostSegments);
        Assert.Equal(once.Purchases(), daily.Purchases());
        Assert.Equal((once.Snapshot().FirstDay, once.Snapshot().LastDay), (daily.Snapshot().FirstDay, daily.Snapshot().LastDay));
    }

    [Fact]
    public void A_frozen_snapshot_reads_the_same_after_later_imports_and_merges()
    {
        using var scene = new ImportScene();
        scene.Import(scene.Write("receipts-a.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(1, 100))));
        using var history = HistoryStore.Open(scene.Data, scene.State);
        var frozen = history.Snapshot();
        long Count() => Enumerable.Range(0, HistoryStore.Shards).Sum(shard => history.ReadShard(frozen, shard).Sum(customer => (long)customer.Lines.Length));
        var before = Count();
        for (var day = 0; day < HistoryStore.MostSegments; day++)
            scene.Import(scene.Write($"receipts-{day}.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(100 + day, 5))));
        Assert.DoesNotContain(frozen.Segments[0], history.Snapshot().Segments);
        Assert.Equal(before, Count());

        // Some weeks later the merged parts are gone, which is said and not passed over.
        ImportJob.Run(scene.Data, scene.State, new ImportRequest([]), ImportScene.Now.AddDays(HistoryStore.RetiredDays + 1), null, TestContext.Current.CancellationToken);
        Assert.Throws<InvalidOperationException>(() => Count());
        Assert.NotEmpty(scene.Purchases());
    }

    [Fact]
    public void What_a_killed_import_left_in_the_shards_is_neither_read_nor_kept()
    {
        using var scene = new ImportScene();
        scene.Import(scene.Write("receipts-a.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(1, 100))));
        var before = scene.Purchases();
        using (var history = HistoryStore.Open(scene.Data, scene.State))
        {
            history.WriteShard(history.NextSegment(), 3, writer => writer.Add(1, [new PurchaseLine(1, 1, 0, 1, 1_000, 1, 0)]));
            KnownReceiptStore.Write(scene.Data, 1, history.NextSegment(), new Dictionary<int, HashSet<ulong>> { [9_000] = [1] });
        }

        Assert.Equal(before, scene.Purchases());
        scene.Import(scene.Write("receipts-b.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(2, 100))));
        Assert.Equal(before.Count + ImportScene.MadeUpLines(2, 100).Count(), scene.Purchases().Count);
    }

    [Fact]
    public void A_dry_run_checks_everything_and_stores_nothing()
    {
        using var scene = new ImportScene();
        var file = scene.Write("receipts.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(1, 100)) + "R,2026-11-01 10:00:00,,,P,,1,1,,\n");
        var result = Assert.Single(scene.Import(new ImportRequest([file]) { DryRun = true }).Files);
        Assert.Equal(result.RowsRead, result.Stored + 1);
        Assert.Equal(1, result.Rejected[RejectReason.NoCustomer]);
        Assert.Equal("empty", scene.Snapshot().Id);
        Assert.False(Directory.Exists(scene.Data.Rejects));
        Assert.Equal(FileOutcome.Done, scene.ImportOne(file).Outcome);
    }

    [Fact]
    public void A_dry_run_leaves_alone_what_a_killed_import_left_and_takes_none_of_it_for_known()
    {
        using var scene = new ImportScene();
        var file = scene.Write("receipts.csv", ImportScene.Header + "R1,2026-11-01 10:00:00,S1,C1,P1,,1,5,,\n");
        scene.Import(new ImportRequest([file]) { DryRun = true });
        Assert.Empty(Directory.GetFiles(scene.Data.History));

        // Killed between writing a segment and committing it.
        scene.Import(file);
        using (var state = scene.State.Connect()) Dapper.SqlMapper.Execute(state, "delete from segment; delete from batch");
        var again = Assert.Single(scene.Import(new ImportRequest([file]) { DryRun = true }).Files);
        Assert.Equal((1, 0), (again.Stored, again.Rejected.Count));
        Assert.Equal(1, Left("shard-*.db", "block"));
        Assert.Equal(1, Left("receipts.db", "receipt"));

        long Left(string files, string table) => Directory.GetFiles(scene.Data.History, files).Sum(path =>
        {
            using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=false");
            connection.Open();
            return Dapper.SqlMapper.ExecuteScalar<long>(connection, $"select count(*) from {table}");
        });
    }

    [Fact]
    public void Names_and_latest_prices_of_products_come_from_receipts()
    {
        using var scene = new ImportScene();
        scene.Import(scene.Write("receipts.csv", ImportScene.Header
            + "R1,2026-11-02 10:00:00,S1,C1,P1,Milk,2,,18,2\n" + "R2,2026-11-01 10:00:00,S1,C1,P1,Old milk,1,7,,\n" + "R3,2026-11-03 10:00:00,S1,C1,P1,,-1,5,,\n" + "R4,2026-11-01 10:00:00,S1,C1,P2,,1,3,,\n"));
        using var connection = scene.State.Connect();
        Assert.Equal(
            [("P1", "Milk", 1_000L), ("P2", "P2", 300L)],
            Dapper.SqlMapper.Query<(string, string, long)>(connection, "select key, name, seen_price_minor from product order by number"));
    }

    [Fact]
    public void A_gift_leaves_the_price_seen_before_it()
    {
        using var scene = new ImportScene();
        foreach (var file in new[] { "R1,2026-11-01 10:00:00,S1,C1,P1,,1,7,,\nR2,2026-11-02 10:00:00,S1,C1,P1,,1,0,,\n", "R3,2026-11-03 10:00:00,S1,C1,P1,,1,,0,\n" })
            scene.Import(scene.Write($"receipts-{file[..2]}.csv", ImportScene.Header + file));
        using var connection = scene.State.Connect();
        Assert.Equal(700, Dapper.SqlMapper.ExecuteScalar<long>(connection, "select seen_price_minor from product"));
    }

    [Fact]
    public void Foreign_files_are_read_as_their_mapping_says()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        const string Content = "Чек;Дата;Карта;Товар;Кол-во;Сумма;Скидка;Бонус\n\"A;1\";05.11.2026 9:07;77.0;Молоко;1,5;1 234,50;10;0,5\nВ2;06.11.2026 10:00;77.0;Хлеб;1;30;;\n";
        var mapping = Mapping.Parse("""
            [{"file": "чеки*", "kind": "receipts", "encoding": "windows-1251", "delimiter": ";", "decimalSign": ",", "dates": ["d.M.yyyy H:mm"],
              "columns": {"receipt": "Чек", "time": "дата", "customer": "Карта", "product": "Товар", "quantity": "Кол-во", "amount": "Сумма", "discount": ["Скидка", "Бонус"]},
              "constants": {"store": "Центр"}, "strip": {"customer": ".0"}, "returns": {"column": "Чек", "matches": "^В"}}]
            """, "m.json");
        using var scene = new ImportScene();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress)) gzip.Write(Encoding.GetEncoding(1251).GetBytes(Content));
        Assert.Equal(2, scene.ImportOne(scene.Write("чеки.csv.gz", packed.ToArray()), mapping).Stored);
        Assert.Equal(
            ["77 2026-11-05 09:07 Центр Молоко 1500 123450 1050", "77 2026-11-06 10:00 Центр Хлеб -1000 -3000 0"],
            scene.Purchases().Select(purchase => purchase[..purchase.LastIndexOf(' ')]));
    }

    [Fact]
    public void A_file_that_cant_be_used_is_refused_in_one_sentence()
    {
        using var scene = new ImportScene();
        Assert.Contains("no such file", scene.Refusal("receipts-not-there.csv"), StringComparison.Ordinal);
        Assert.Contains("--kind", scene.Refusal(scene.Write("x.csv", "a\n")), StringComparison.Ordinal);
        Assert.Contains("is empty", scene.Refusal(scene.Write("receipts-empty.csv", "")), StringComparison.Ordinal);
        Assert.Contains("is empty", scene.Refusal(scene.Write("receipts-blank.csv", "\n\r\n")), StringComparison.Ordinal);
        Assert.Contains("no column `customer`; found: receipt, time, produkt", scene.Refusal(scene.Write("receipts-1.csv", "receipt,time,produkt\n")), StringComparison.Ordinal);
        Assert.Contains("no column `price|amount`", scene.Refusal(scene.Write("receipts-2.csv", "receipt,time,customer,product,quantity\n")), StringComparison.Ordinal);
        Assert.Contains("`time` twice", scene.Refusal(scene.Write("receipts-3.csv", "receipt,time,time\n")), StringComparison.Ordinal);
        Assert.Contains("can't be read as utf-8", scene.Refusal(scene.Write("receipts-4.csv", [0xD7, 0xE5, 0xEA, (byte)'\n'])), StringComparison.Ordinal);
        Assert.Contains("gzip data is damaged", scene.Refusal(scene.Write("receipts-5.csv.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])), StringComparison.Ordinal);
        Assert.Contains("can't be read", scene.Refusal(Directory.CreateDirectory(Path.Combine(scene.Data.Root, "receipts.csv")).FullName), StringComparison.Ordinal);
        Assert.Equal("empty", scene.Snapshot().Id);

        // The others come in all the same.
        var good = scene.Write("receipts-good.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(1, 5)));
        Assert.Equal([FileOutcome.Failed, FileOutcome.Done], scene.Import("receipts-not-there.csv", good).Files.Select(file => file.Outcome));
    }

    [Fact]
    public void Only_one_import_runs_at_a_time()
    {
        using var scene = new ImportScene();
        var file = scene.Write("receipts.csv", ImportScene.Header + string.Concat(ImportScene.MadeUpLines(1, 5_000)));
        var refused = false;
        scene.Import(new ImportRequest([file]), new At(_ => refused = Assert.Throws<BadInputException>(() => scene.Import(file)).Code == "import-running"));
        Assert.True(refused);
    }

    sealed class At(Action<StepProgress> action) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => action(value);
    }
}
