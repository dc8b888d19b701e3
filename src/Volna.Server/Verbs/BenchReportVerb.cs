using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Spectre.Console;
using Volna.Intake.Catalog;
using Volna.Intake.Import;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Reports;
using Volna.Reports.Page;

namespace Volna.Server.Verbs;

/// <summary><c>volna bench report</c>: how long the reports of several waves take, and one page from kept counts.</summary>
static class BenchReportVerb
{
    const int LinesOfCustomer = 60, DaysOfWave = 14, Products = 30_000, Stores = 300, Cities = 40, Categories = 25, Suppliers = 200;

    public static Command Create(Verb verb)
    {
        var customers = new Option<int>("--customers") { Description = verb.In("Customers, with 60 lines of receipts each", "Покупателей, по 60 строк чеков у каждого"), HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var waves = new Option<int>("--waves") { Description = verb.In("Waves, all of whose customers are reported on", "Волн, отчёты о которых составляются"), HelpName = "K", DefaultValueFactory = _ => 10 };
        verb.InBounds(customers, 100, 20_000_000);
        verb.InBounds(waves, 1, 12);
        var command = verb.Create(
            "report", new Text("Full reports of several waves in one pass over the history, and a page from kept counts: seconds, memory.", "Полные отчёты о нескольких волнах за один проход по истории и страница из сохранённых подсчётов: секунды, память."),
            "volna bench report", "volna bench report --customers 3000000 --waves 10 --json");
        command.Options.Add(customers);
        command.Options.Add(waves);
        verb.SetAction(command, (parsed, shell) => Measure(shell, parsed.GetValue(customers), parsed.GetValue(waves)));
        return command;
    }

    static int Measure(Shell shell, int customers, int waves)
    {
        var temporary = Directory.CreateTempSubdirectory("volna-bench-");
        try
        {
            var folder = new DataFolder(Path.Combine(temporary.FullName, "data"));
            using var state = StateStore.Open(folder);
            var files = WriteReference(temporary.FullName, customers);
            var receipts = Path.Combine(temporary.FullName, "receipts.csv");
            BenchVerb.WriteReceipts(receipts, customers * LinesOfCustomer);
            shell.WithProgress(progress => ImportJob.Run(folder, state, new ImportRequest([.. files, receipts]), shell.Time.GetLocalNow().DateTime, progress, shell.Stop));
            var ids = AddWaves(folder, state, waves);
            GC.Collect();

            using var process = Process.GetCurrentProcess();
            using var peak = new PeakMemory(process);
            var processorBefore = process.TotalProcessorTime;
            var clock = Stopwatch.StartNew();
            var reports = shell.WithProgress(progress => ReportJob.Make(folder, state, ids, shell.Time.GetLocalNow(), keep: true, progress, shell.Stop));
            foreach (var report in reports) ReportStore.Save(folder, report, ReportStore.CsvPath(folder, report.Wave), ReportStore.PagePath(folder, report.Wave), shell.Language);
            var seconds = clock.Elapsed.TotalSeconds;
            process.Refresh();
            var processorSeconds = (process.TotalProcessorTime - processorBefore).TotalSeconds;
            var peakMemoryMiB = peak.Bytes() >> 20;

            clock.Restart();
            var page = ReportPage.Of(ReportJob.Make(folder, state, ids[0], shell.Time.GetLocalNow(), keep: false, null, shell.Stop), shell.Language);
            var pageMilliseconds = clock.Elapsed.TotalMilliseconds;

            var figures = new
            {
                customers,
                waves,
                lines = (long)customers * LinesOfCustomer,
                seconds = Math.Round(seconds, 2),
                processorSeconds = Math.Round(processorSeconds, 2),
                peakMemoryMiB,
                pageMilliseconds = Math.Round(pageMilliseconds, 1),
                pageBytes = page.Length,
            };
            if (shell.Json)
            {
                shell.PrintJson(figures);
                return Verb.Done;
            }

            var culture = shell.Language.Culture();
            var table = new Table().Border(TableBorder.Minimal).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
            table.AddRow(shell.In("customers", "покупателей"), figures.customers.ToString("N0", culture));
            table.AddRow(shell.In("waves", "волн"), figures.waves.ToString("N0", culture));
            table.AddRow(shell.In("lines of history", "строк истории"), figures.lines.ToString("N0", culture));
            table.AddRow(shell.In("seconds for all reports", "секунд на все отчёты"), figures.seconds.ToString("N2", culture));
            table.AddRow(shell.In("processor seconds", "секунд процессора"), figures.processorSeconds.ToString("N2", culture));
            table.AddRow(shell.In("peak memory meanwhile, MiB", "пик памяти при этом, МиБ"), figures.peakMemoryMiB.ToString("N0", culture));
            table.AddRow(shell.In("a page from kept counts, milliseconds", "страница из сохранённых подсчётов, миллисекунд"), figures.pageMilliseconds.ToString("N1", culture));
            shell.Print(table);
            return Verb.Done;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            temporary.Delete(recursive: true);
        }
    }

    static string[] WriteReference(string folder, int customers)
    {
        return
        [
            Write("stores.csv", "key,name,city,time_zone", Stores, i => $"S{i:000},Shop {i},City {i % Cities:00},"),
            Write("products.csv", "key,name,category,brand,supplier,price,cost,floor,floor_price,tags", Products, i => $"{100_000 + i},Product {i},Category {i % Categories:00}/Shelf {i % 500:000},,Supplier {i % Suppliers:000},{(1_990 + (i * 37L % 48_000)) / 100},{(1_990 + (i * 37L % 48_000)) / 150},none,,"),
            Write("customers.csv", "key,home_store,consents", customers, i => $"{7_000_000_000 + i},S{i % Stores:000},{(i % 3 == 0 ? "app;email;print" : i % 3 == 1 ? "app;print" : "print")}"),
        ];

        string Write(string name, string header, int rows, Func<int, string> row)
        {
            var path = Path.Combine(folder, name);
            using var file = new StreamWriter(path, append: false, new UTF8Encoding(false), 1 << 20);
            file.NewLine = "\n";
            file.WriteLine(header);
            for (var i = 0; i < rows; i++) file.WriteLine(row(i));
            return path;
        }
    }

    /// <summary>Published waves one after the other until the end of the year, each of all customers: 10 % held out, five offers for the others.</summary>
    static List<string> AddWaves(DataFolder folder, StateStore state, int waves)
    {
        var profiles = new CatalogStore(state).LoadProfiles().Where(profile => profile.Id.Value != 0).OrderBy(profile => profile.KeyHash).ToList();
        var plan = PlanTemplateStore.Text;
        var ids = new List<string>();
        for (var wave = 0; wave < waves; wave++)
        {
            var start = new DateOnly(2026, 1, 1).AddDays(-DaysOfWave * (waves - wave));
            var validity = new Period(start, start.AddDays(DaysOfWave));
            var id = start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            string digest;
            using (var pack = NewOfferPackStore.Create(folder, id, validity))
            {
                foreach (var profile in profiles)
                {
                    var heldOut = new Draw((ulong)wave, "holdout", profile.KeyHash).NextUnit() < 0.1;
                    pack.Add(profile.Id, profile.KeyHash, (int)(profile.KeyHash % 4), heldOut, heldOut ? [] : Offers(profile.Id));
                }

                digest = pack.Commit();
            }

            var at = new DateTimeOffset(start.ToDateTime(default), TimeSpan.Zero);
            new WaveStore(state).Add(new Wave(id, WaveStatus.Published, validity, (ulong)wave, plan, "s", "m", digest, "bench", "bench", at));
            ids.Add(id);
        }

        return ids;
    }

    static Offer[] Offers(CustomerId customer) => [.. Enumerable.Range(0, 5).Select(index => new Offer
    {
        Customer = customer,
        Index = index,
        Target = 1 + ((customer.Value + (index * 577)) % Products),
        Depth = new Percent(500 * (1 + (index % 4))),
        Slot = (SlotKind)(index % 4),
        Reason = CandidateReason.BoughtOften,
        Because = 0,
        Propensity = 1,
        Floor = new Money(1_00),
        RegularPrice = new Money(100_00),
    })];

    /// <summary>Looks at the process's memory now and then; the system's own peak would be that of the import before.</summary>
    sealed class PeakMemory : IDisposable
    {
        readonly Process _process;
        readonly Timer _timer;
        long _peak;

        public PeakMemory(Process process)
        {
            _process = process;
            _timer = new Timer(_ => Bytes(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
        }

        public long Bytes()
        {
            lock (_process)
            {
                _process.Refresh();
                return _peak = Math.Max(_peak, _process.WorkingSet64);
            }
        }

        public void Dispose() => _timer.Dispose();
    }
}
