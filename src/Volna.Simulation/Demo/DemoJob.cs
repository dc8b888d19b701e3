using System.Globalization;
using System.Text.Json;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Intake.Import;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Reports;
using Volna.Reports.Statistics;

namespace Volna.Simulation.Demo;

/// <summary>A step of the demo.</summary>
/// <param name="Run">Does it, and tells in half a sentence what came of it.</param>
public sealed record DemoStep(Text Name, Func<IProgress<StepProgress>?, CancellationToken, Text> Run);

/// <summary>What the demo found: the report that any retailer gets, and the truth that only a made-up world can tell.</summary>
/// <param name="Surprises">Lines that cost something else at the till than the customer had reckoned; 0 unless something is wrong.</param>
public sealed record DemoResult(string Folder, ulong Seed, string Wave, string Digest, WaveReport Report, TrueEffect Truth, long Surprises)
{
    /// <summary>Whether the report's interval contains the true effect on spend; null where the report gives no verdict.</summary>
    public bool? SpendContained => Contains(Metric.SpendPerCustomer, Truth.SpendPerCustomer);

    /// <inheritdoc cref="SpendContained"/>
    public bool? MarginContained => Contains(Metric.MarginPerCustomer, Truth.MarginPerCustomer);

    bool? Contains(Metric metric, double truth) => Report.Everyone[metric].Difference is { } effect ? truth >= effect.Lower && truth <= effect.Upper : null;
}

/// <summary>
/// A whole wave on a make-believe retailer, with the real program: receipts in, models learnt, offers made, approved, published, redeemed at
/// the tills, effect reported. Only the customers are made up.
/// </summary>
public sealed class DemoJob : IDisposable
{
    /// <summary>Of history: learning looks at three windows of a week at least.</summary>
    const int LeastWeeks = 3;

    readonly DataFolder _folder;
    readonly WorldOptions _options;
    readonly TimeProvider _time;
    readonly bool _keepFiles;
    readonly string _maker, _approver;
    readonly CultureInfo _english = Language.English.Culture(), _russian = Language.Russian.Culture();
    StateStore? _state;
    World? _world;
    Population? _population;
    IReadOnlyList<string> _files = [];
    Wave? _wave;
    Trade? _trade;

    /// <summary>The wave's plan, if not the demo's own.</summary>
    internal string? Plan { get; init; }

    /// <param name="folder">See <see cref="Clear"/>.</param>
    /// <param name="keepFiles">True to leave the retailer's files in the folder.</param>
    /// <exception cref="BadInputException">An option makes no sense.</exception>
    public DemoJob(DataFolder folder, WorldOptions options, bool keepFiles, TimeProvider time)
    {
        options.Validate();
        if (options.Weeks < LeastWeeks)
            throw new BadInputException("demo-weeks", new Text(
                $"--weeks: found {options.Weeks}, expected at least {LeastWeeks}: less is too little to learn from.",
                $"--weeks: указано {options.Weeks}, ожидается не меньше {LeastWeeks}: на меньшем учиться нечему."));
        (_folder, _options, _keepFiles, _time) = (folder, options, keepFiles, time);
        (_maker, _approver) = options.Language == Language.Russian ? ("Анна", "Борис") : ("Anna", "Boris");
        Steps =
        [
            new(new("Make-believe retailer", "Вымышленная сеть"), MakeRetailer),
            new(new("Import", "Загрузка"), Import),
            new(new("Learning", "Обучение"), Learn),
            new(new("Offers", "Предложения"), Generate),
            new(new("Approval and publication", "Согласование и публикация"), Publish),
            new(new("Two weeks at the tills", "Две недели на кассах"), Trade),
            new(new("Import of their receipts", "Загрузка этих чеков"), ImportTrade),
            new(new("Report", "Отчёт"), Report),
        ];
    }

    /// <summary>To be run in their order.</summary>
    public IReadOnlyList<DemoStep> Steps { get; }

    /// <summary>After the last step.</summary>
    public DemoResult? Result { get; private set; }

    string Retailer => Path.Combine(_folder.Root, "retailer");

    static string Marker(DataFolder folder) => Path.Combine(folder.Root, "demo.json");

    /// <summary>Makes the demo's folder, new and marked as a demo's. An earlier demo in it is replaced; anything else is left alone.</summary>
    /// <exception cref="BadInputException">The folder holds something that is no demo.</exception>
    public void Clear()
    {
        if (Directory.Exists(_folder.Root) && Directory.EnumerateFileSystemEntries(_folder.Root).Any())
        {
            if (!File.Exists(Marker(_folder)))
                throw new BadInputException("no-demo-folder", new Text(
                    $"{_folder.Root}: holds data that are no demo's; name a new folder with --data.",
                    $"{_folder.Root}: здесь лежат данные не от демонстрации; укажите в --data новую папку."));
            Directory.Delete(_folder.Root, recursive: true);
        }

        Directory.CreateDirectory(_folder.Root);
        File.WriteAllText(Marker(_folder), JsonSerializer.Serialize(new { demo = true, _options.Seed }));
    }

    public void Dispose() => _state?.Dispose();

    Text MakeRetailer(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        Clear();
        _world = World.Build(_options);
        _population = new Population(_world);
        var reference = RetailerFeed.WriteReference(_world, _population, Retailer, stop);
        var (receipts, lines) = RetailerFeed.WriteHistory(_world, _population, Retailer, progress, stop);
        _files = [.. reference, .. receipts];
        return new(
            string.Create(_english, $"{_options.Customers:N0} customers, {_options.Products:N0} products, {_options.Stores} stores, {_options.Weeks} weeks, {lines:N0} lines of receipts"),
            string.Create(_russian, $"покупателей {_options.Customers:N0}, товаров {_options.Products:N0}, магазинов {_options.Stores}, недель {_options.Weeks}, строк чеков {lines:N0}"));
    }

    Text Import(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        _state = StateStore.Open(_folder);
        return Import(_files, progress, stop);
    }

    Text Import(IReadOnlyList<string> files, IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var result = ImportJob.Run(_folder, _state!, new ImportRequest([.. files]) { Language = _options.Language }, _time.GetLocalNow().DateTime, progress, stop);
        if (result.Files.FirstOrDefault(file => file.Failure is not null)?.Failure is { } failure) throw new BadInputException("demo-import", failure);
        var rejected = result.RowsRead - result.Stored;
        if (!_keepFiles)
            foreach (var file in files) File.Delete(file);
        return new(
            string.Create(_english, $"{result.RowsRead:N0} rows read, {result.Stored:N0} stored, {rejected:N0} rejected"),
            string.Create(_russian, $"прочитано строк {result.RowsRead:N0}, сохранено {result.Stored:N0}, отклонено {rejected:N0}"));
    }

    Text Learn(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        using var history = HistoryStore.Open(_folder, _state!);
        var learnt = new LearnJob(history, new CatalogStore(_state!), new ModelStore(_folder), _time).Run(new DemandOptions { WindowDays = DemoPlan.ValidityDays }, dryRun: false, progress, stop);
        double Recall(RankingMethod method) => learnt.Trained.BackTest.All.Single(row => row.Method == method).At5.Recall;
        var (model, frequency, popular) = (Recall(RankingMethod.Model), Recall(RankingMethod.PersonalFrequency), Recall(RankingMethod.MostPopular));
        return new(
            string.Create(_english, $"recall@5 {model:F3} (personal frequency {frequency:F3}, most popular {popular:F3})"),
            string.Create(_russian, $"полнота@5 {model:F3} (личная частота {frequency:F3}, самые популярные {popular:F3})"));
    }

    Text Generate(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var plan = Path.Combine(_folder.Root, "plan.json");
        File.WriteAllText(plan, Plan ?? DemoPlan.Json(_options.Language));
        _wave = NewWaveJob.Create(_folder, _state!, plan, _options.EndDay, id: null, _maker, _options.Seed, dryRun: false, _time);
        GenerateWaveJob.Generate(_folder, _state!, _wave.Id, _maker, _time, Environment.ProcessorCount, progress, stop);
        _wave = new WaveStore(_state!).Get(_wave.Id);
        using var pack = OfferPackStore.Open(_folder, _wave.Id);
        var heldOut = Enumerable.Range(0, pack.Customers).Count(place => pack.At(place).HeldOut);
        return new(
            string.Create(_english, $"wave {_wave.Id}: {pack.Offers:N0} offers for {pack.Customers - heldOut:N0} customers, {heldOut:N0} held out"),
            string.Create(_russian, $"волна {_wave.Id}: предложений {pack.Offers:N0}, покупателей {pack.Customers - heldOut:N0}, в контрольной группе {heldOut:N0}"));
    }

    Text Publish(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        ReviewWaveJob.Approve(_folder, _state!, _wave!.Id, _approver, despiteCorridors: false, dryRun: false, _time);
        var summary = PublishJob.Publish(_folder, _state!, _wave.Id, new PublishOptions { By = _approver }, _time.GetUtcNow(), progress, stop);
        var written = summary.Channels.Sum(channel => (long)channel.Written);
        return new(
            string.Create(_english, $"made by {_maker}, approved by {_approver}; {written:N0} messages in {summary.Outbox}"),
            string.Create(_russian, $"создано: {_maker}, согласовано: {_approver}; сообщений {written:N0} в {summary.Outbox}"));
    }

    Text Trade(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var catalog = new CatalogStore(_state!).Load(_wave!.Validity.Start);
        using var pack = OfferPackStore.Open(_folder, _wave.Id);
        using var live = new LiveDayStore(_folder, _state!, _time);
        using var till = Till.Open(_folder, _state!, live, _time);
        Directory.CreateDirectory(Retailer);
        var path = Path.Combine(Retailer, $"receipts-{CsvBuffer.Iso(_options.EndDay)}.csv");
        _trade = new TradeJob(_world!, _population!, till, pack, number => catalog.Product(number).Key).Run(pack.Validity, path, progress, stop);
        return new(
            string.Create(_english, $"{_trade.Receipts:N0} receipts closed, {_trade.Redeemed:N0} offers redeemed, {_trade.Discount.Major:N0} off"),
            string.Create(_russian, $"закрыто чеков {_trade.Receipts:N0}, погашено предложений {_trade.Redeemed:N0}, скидок на {_trade.Discount.Major:N0}"));
    }

    Text ImportTrade(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var outcome = Import([_trade!.Path], progress, stop);
        if (!_keepFiles) Directory.Delete(Retailer, recursive: true);
        return outcome;
    }

    Text Report(IProgress<StepProgress>? progress, CancellationToken stop)
    {
        var wave = _wave!;
        var report = ReportJob.Make(_folder, _state!, wave.Id, _time.GetLocalNow(), keep: true, progress, stop);
        var page = ReportStore.PagePath(_folder, wave.Id);
        ReportStore.Save(_folder, report, ReportStore.CsvPath(_folder, wave.Id), page, _options.Language);
        if (report.IsOver) new WaveStore(_state!).Finish(wave.Id, "demo", report.MadeAt);
        Result = new DemoResult(_folder.Root, _options.Seed, wave.Id, wave.Digest!, report, _trade!.Truth!, _trade.Surprises);
        return new($"page {page}", $"страница {page}");
    }
}

/// <summary>The truth beside the report, in sentences.</summary>
public static class TruthText
{
    public static IEnumerable<Text> Of(DemoResult result) =>
    [
        Of(new("spend", "покупки"), result.Truth.SpendPerCustomer, result.Report.Everyone[Metric.SpendPerCustomer], result.SpendContained),
        Of(new("margin", "маржу"), result.Truth.MarginPerCustomer, result.Report.Everyone[Metric.MarginPerCustomer], result.MarginContained),
    ];

    static Text Of(Text what, double truthMinor, MetricFigures figures, bool? contained)
    {
        var (english, russian) = (Money(truthMinor, Language.English), Money(truthMinor, Language.Russian));
        if (figures.Difference is not { } effect || contained is not { } inside)
            return new($"True effect on {what.English} per customer: {english}.", $"Истинный эффект на {what.Russian} на покупателя: {russian}.");
        return new(
            $"True effect on {what.English} per customer: {english}; the report's interval {Interval(effect, Language.English)} {(inside ? "contains it" : "misses it, as 5 in 100 do")}.",
            $"Истинный эффект на {what.Russian} на покупателя: {russian}; интервал отчёта {Interval(effect, Language.Russian)} {(inside ? "его содержит" : "его не содержит, так бывает в 5 случаях из 100")}.");
    }

    static string Money(double minor, Language language) => FigureText.WithSign(MetricUnit.Money, minor, language);

    static string Interval(Effect effect, Language language) => FigureText.Interval(MetricUnit.Money, effect, language);
}
