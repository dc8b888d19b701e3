using System.Globalization;
using Volna.Intake.Files;
using Volna.Intake.History;
using Volna.Intake.Import;

namespace Volna.Tests.Intake.Import;

/// <summary>A data folder into which tests import files.</summary>
sealed class ImportScene : IDisposable
{
    public static readonly DateTime Now = new(2026, 11, 26, 12, 0, 0);

    public const string Header = "receipt,time,store,customer,product,product_name,quantity,price,amount,discount\n";

    readonly TemporaryFolder _folder = new();
    StateStore? _state;

    public DataFolder Data => new(Path.Combine(_folder.Path, "data"));

    public StateStore State => _state ??= StateStore.Open(Data);

    public string Write(string name, string content) => _folder.Write(name, content);

    public string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public ImportResult Import(params string[] files) => Import(new ImportRequest([.. files]));

    public ImportResult Import(ImportRequest request, IProgress<StepProgress>? progress = null) =>
        ImportJob.Run(Data, State, request, Now, progress, TestContext.Current.CancellationToken);

    public FileResult ImportOne(string file, Mapping? mapping = null) =>
        Assert.Single(Import(new ImportRequest([file]) { Mapping = mapping ?? Mapping.None }).Files);

    /// <summary>The sentence with which a file is refused.</summary>
    public string Refusal(string file, Mapping? mapping = null)
    {
        var result = ImportOne(file, mapping);
        Assert.Equal(FileOutcome.Failed, result.Outcome);
        Assert.NotEqual(result.Failure!.English, result.Failure.Russian);
        Assert.DoesNotContain('\n', result.Failure.English);
        return result.Failure.English;
    }

    public Snapshot Snapshot()
    {
        using var history = HistoryStore.Open(Data, State);
        return history.Snapshot();
    }

    /// <summary>All purchases as text, with the retailer's keys, in a fixed order.</summary>
    public List<string> Purchases()
    {
        string[] Keys(string table)
        {
            using var connection = State.Connect();
            return ["", .. Dapper.SqlMapper.Query<string>(connection, $"select key from {table} order by number")];
        }

        string[] customers = Keys("customer"), products = Keys("product"), stores = Keys("store");
        using var history = HistoryStore.Open(Data, State);
        var snapshot = history.Snapshot();
        var purchases = new List<string>();
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
            foreach (var customer in history.ReadShard(snapshot, shard))
            {
                Assert.True(customer.Lines.SequenceEqual(history.Read(snapshot, customer.Customer).Lines));
                foreach (var line in customer.Lines)
                    purchases.Add(string.Create(CultureInfo.InvariantCulture,
                        $"{customers[customer.Customer.Value]} {Clock.WallClock(line.Minute):yyyy-MM-dd HH:mm} {stores[line.Store]} {products[line.Product]} {line.QuantityThousandths} {line.PaidMinor} {line.DiscountMinor} {line.Receipt:x}"));
            }

        Assert.Equal(snapshot.Lines, purchases.Count);
        purchases.Sort(StringComparer.Ordinal);
        return purchases;
    }

    /// <summary>The rejects file's rows: line, column, value, reason.</summary>
    public static List<(int Line, string Column, string Value, string Reason)> Rejects(FileResult result)
    {
        if (result.RejectsFile is null) return [];
        var records = Records(File.ReadAllText(result.RejectsFile));
        Assert.Equal(["file", "line", "column", "value", "reason", "sentence"], records[0]);
        return records[1..].ConvertAll(record => (int.Parse(record[1], CultureInfo.InvariantCulture), record[2], record[3], record[4]));
    }

    /// <summary>The records of a CSV file, by the book (RFC 4180), slow and obvious.</summary>
    static List<List<string>> Records(string text)
    {
        var records = new List<List<string>>();
        for (var at = 0; at < text.Length; at++)
        {
            var record = new List<string>();
            for (; ; at++)
            {
                var field = new System.Text.StringBuilder();
                if (text[at] == '"')
                {
                    for (at++; text[at] != '"' || text[++at] == '"'; at++) field.Append(text[at]);
                }
                else
                {
                    for (; text[at] is not (',' or '\n'); at++) field.Append(text[at]);
                }

                record.Add(field.ToString());
                if (text[at] == '\n') break;
            }

            records.Add(record);
        }

        return records;
    }

    /// <summary>Made-up receipts of some days, in the order of time; the same for the same seed.</summary>
    public static IEnumerable<string> MadeUpLines(int seed, int receipts, int firstDay = 0, int days = 30)
    {
        var random = new Random(seed);
        for (var receipt = 0; receipt < receipts; receipt++)
        {
            var time = new DateTime(2026, 1, 1, 9, 0, 0).AddDays(firstDay + ((long)days * receipt / receipts)).AddMinutes(random.Next(600));
            var customer = random.Next(200);
            var store = random.Next(5);
            for (var left = random.Next(1, 8); left > 0; left--)
            {
                var quantity = random.Next(10) == 0 ? -1 : random.Next(1, 4);
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"R{seed}-{receipt},{time:yyyy-MM-dd HH:mm:ss},S{store},C{customer},P{random.Next(300)},,{quantity},{random.Next(100, 9000) / 100m},,\n");
            }
        }
    }

    public void Dispose()
    {
        _state?.Dispose();
        _folder.Dispose();
    }
}
