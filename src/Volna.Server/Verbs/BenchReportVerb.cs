using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Reports;
using Volna.Reports.Page;
using Volna.Server.Bench;
using Volna.Simulation;

namespace Volna.Server.Verbs;

/// <summary><c>volna bench report</c>: how long the reports of several waves take, and one page from kept counts.</summary>
static class BenchReportVerb
{
    const int DaysOfWave = 7, Products = 30_000;

    public static Command Create(Verb verb)
    {
        var customers = new Option<int>("--customers") { Description = verb.In("Customers of the make-believe chain", "Покупателей вымышленной сети"), HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var waves = new Option<int>("--waves") { Description = verb.In("Waves, all of whose customers are reported on", "Волн, отчёты о которых составляются"), HelpName = "K", DefaultValueFactory = _ => 10 };
        var data = new Option<string?>("--data") { Description = verb.In("Keep the history in this folder, and use it again where it is there", "Хранить историю в этой папке и использовать повторно, если она там есть"), HelpName = "DIR" };
        verb.InBounds(customers, 100, 20_000_000);
        verb.InBounds(waves, 1, 12);
        var command = verb.Create(
            "report", new Text("Full reports of several waves in one pass over the history, and a page from kept counts: seconds, memory.", "Полные отчёты о нескольких волнах за один проход по истории и страница из сохранённых подсчётов: секунды, память."),
            "volna bench report", "volna bench report --customers 3000000 --waves 10 --data /tmp/receipts --json");
        foreach (var option in (Option[])[customers, waves, data]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var temporary = parsed.GetValue(data) is null ? Directory.CreateTempSubdirectory("volna-bench-") : null;
            try
            {
                return Measure(shell, temporary?.FullName ?? parsed.GetValue(data)!, parsed.GetValue(customers), parsed.GetValue(waves));
            }
            finally
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                temporary?.Delete(recursive: true);
            }
        });
        return command;
    }

    static int Measure(Shell shell, string place, int customers, int waves)
    {
        var ids = Starts(waves).Select(Id).ToList();
        var folder = new DataFolder(Path.Combine(place, "data"));
        MakeOnce(shell, place, folder, customers, waves);

        // What an earlier run counted would be taken from there.
        using var state = StateStore.Open(folder);
        if (Directory.Exists(folder.Reports)) Directory.Delete(folder.Reports, recursive: true);
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

        using var history = HistoryStore.Open(folder, state);
        var lines = history.Snapshot().Lines;
        var figures = new
        {
            customers,
            waves,
            lines,
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

    /// <summary>Makes history and waves in <paramref name="place"/>, unless an earlier run with the same options left them there.</summary>
    static void MakeOnce(Shell shell, string place, DataFolder folder, int customers, int waves)
    {
        var (readyPath, ready) = (Path.Combine(place, "made.txt"), $"{customers} customers, {waves} waves");
        Directory.CreateDirectory(place);
        if (File.Exists(readyPath) && File.ReadAllText(readyPath) == ready) return;
        if (Directory.EnumerateFileSystemEntries(place).Any())
            throw new BadInputException("other-world", new Text(
                $"{place}: holds something else; expected an empty folder, or what this command made with {ready}.",
                $"{place}: в папке другое содержимое; ожидалась пустая папка или то, что эта команда создала с параметрами --customers {customers} --waves {waves}."));

        var world = World(customers);
        shell.WithProgress(progress => SimulateIntoJob.Run(world, folder, threads: null, shell.Time, progress, shell.Stop));
        using var state = StateStore.Open(folder);
        AddWaves(folder, state, waves);
        File.WriteAllText(readyPath, ready);
    }

    static WorldOptions World(int customers) => WaveBench.World(customers, Products, seed: 1);

    /// <summary>Published waves, a week each, one after the other until the history ends, each of all customers: 10 % held out, five offers for the others.</summary>
    static void AddWaves(DataFolder folder, StateStore state, int waves)
    {
        var profiles = new CatalogStore(state).LoadProfiles().Where(profile => profile.Id.Value != 0).OrderBy(profile => profile.KeyHash).ToList();
        var plan = PlanTemplateStore.Text;
        foreach (var (wave, start) in Starts(waves).Index())
        {
            var validity = new Period(start, start.AddDays(DaysOfWave));
            var id = Id(start);
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
        }
    }

    static IEnumerable<DateOnly> Starts(int waves) => Enumerable.Range(0, waves).Select(wave => World(1).EndDay.AddDays(-DaysOfWave * (waves - wave)));

    static string Id(DateOnly start) => start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

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
