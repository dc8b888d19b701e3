using System.Collections.Immutable;
using System.Diagnostics;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Intake.Import;
using Volna.Intake.Letters;
using Volna.Learning;
using Volna.Offers;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Reports;
using Volna.Reports.Statistics;

namespace Volna.Simulation.Loop;

/// <summary>
/// The weeks of one policy, with the real program in a data folder of its own: promotions in, wave made, approved by the rule of the corridors, published,
/// redeemed at the tills, receipts in, report.
/// </summary>
sealed class PolicyLifeJob : IDisposable
{
    // The complete files hold everybody's messages; a file for each of a thousand customers every week would only keep the disk busy.
    const int FilesOfChannel = 10;

    const string Maker = "volna simulate", Rule = "corridor rule";

    readonly LoopOptions _options;
    readonly LoopPolicy _policy;
    readonly LoopPlan _plan;
    readonly DataFolder _folder;
    readonly StateStore _state;
    readonly World _shared, _world;
    readonly Population _population;
    readonly Group[] _groups;
    readonly Func<int, double>? _budgetMinor;
    readonly MassPromotionPlan _massPromotions = new();
    readonly LoopClock _clock;
    readonly IProgress<StepProgress>? _progress;
    readonly CancellationToken _stop;
    readonly (Channels Consents, int HomeShop)?[] _known;
    readonly List<WeekFigures> _weeks = [];
    readonly List<PeriodReport?> _periods = [];
    readonly List<(TrueEffect Truth, WaveReport Report)> _reports = [];
    readonly Dictionary<string, (double Wall, double Processor)> _seconds = [];
    long _offers, _redeemed, _surprises, _tills, _opened;
    readonly List<StoppedWave> _stopped = [];
    int _published;

    /// <param name="folder">Holds the history and a model, and becomes the policy's own.</param>
    /// <param name="population">At the end of the history; lives on here.</param>
    /// <param name="budgetMinor">For mass promotion: what may have been spent by the end of a week, from 0, by the customers compared.</param>
    public PolicyLifeJob(
        LoopOptions options, LoopPolicy policy, DataFolder folder, World world, Population population, Group[] groups, Func<int, double>? budgetMinor,
        IProgress<StepProgress>? progress, CancellationToken stop)
    {
        (_options, _policy, _folder, _shared, _groups, _budgetMinor, _progress, _stop) = (options, policy, folder, world, groups, budgetMinor, progress, stop);
        _world = world.Fork();
        _population = population.Fork(_world);
        _known = [.. population.Shoppers.Select(shopper => shopper.Number < options.World.Customers ? (shopper.Consents, shopper.HomeShopOn(7 * options.World.Weeks)) : ((Channels, int)?)null)];
        _plan = LoopPlan.Volna(options.World.Language, learns: policy == LoopPolicy.Volna);
        _clock = new LoopClock(At(0));
        _state = StateStore.Open(folder);
    }

    /// <summary>Each week's sales under the policy.</summary>
    public IReadOnlyList<WeekFigures> Weeks => _weeks;

    public void Dispose() => _state.Dispose();

    /// <summary>Lets all weeks pass.</summary>
    /// <param name="without">The same weeks without any offers.</param>
    public PolicyResult Run(IReadOnlyList<WeekFigures> without)
    {
        for (var week = 0; week < _options.Weeks; week++)
        {
            _stop.ThrowIfCancellationRequested();
            _progress?.Report(new StepProgress(_policy.Name(), week, _options.Weeks, new("weeks", "недель")));
            Week(week);
        }

        _progress?.Report(new StepProgress(_policy.Name(), _options.Weeks, _options.Weeks, new("weeks", "недель")));
        return Conclude(without);
    }

    DateOnly Day(int week) => _options.World.EndDay.AddDays(7 * week);

    DateTimeOffset At(int week) => new(Day(week).ToDateTime(new TimeOnly(6, 0)), TimeSpan.Zero);

    void Week(int week)
    {
        _clock.Now = At(week);
        Timed("import", () => ImportShelf(week));
        if (_budgetMinor is not null) Timed("promotions", () => PromoteOnShelf(week));
        Timed("import", () => Import(Write("mass-promotions", week, RetailerFeed.MassPromotions(_world, WorldWeek(week), WorldWeek(week) + 1, new CsvBuffer()))));
        var wave = MakeWave(week);
        var published = wave is not null && Timed("approval", () => Approve(week, wave));
        if (published) Timed("publication", () => Publish(wave!.Id));
        var letters = published ? Timed("letters", () => ReportLetters(week, wave!.Id)) : null;
        var trade = Timed("tills", () => Trade(week, published ? wave!.Id : null));

        _clock.Now = At(week + 1);
        if (ChangedCustomers(week) is { } changed) Timed("import", () => Import(Write("customers", week, changed)));
        Timed("import", () => Import(trade.Path));
        if (letters is not null) Timed("import", () => Import(letters));
        if (published) Timed("report", () => Report(wave!.Id, trade.Truth!));
        var judged = (week + 1) % LoopOptions.WeeksBetweenLearning == 0 || week + 1 == _options.Weeks;
        _periods.Add(judged && _published > 0 ? Timed("report", () => PeriodReportJob.Make(_folder, _state, new Period(Day(0), Day(week + 1)), _clock.GetLocalNow(), null, _stop)) : null);
    }

    int WorldWeek(int week) => _options.World.Weeks + week;

    /// <summary>What is on stock at the week's beginning, and the goods that are launched until the next begins.</summary>
    void ImportShelf(int week)
    {
        var (today, next) = (7 * WorldWeek(week), 7 * WorldWeek(week + 1));
        if (_world.Assortment.Goods.Any(good => good.ListedFrom > today && good.ListedFrom <= next))
        {
            Import(Write("products", week, RetailerFeed.Products(_world, today + 1, next, new CsvBuffer())));
            Import(Write("exclusions", week, RetailerFeed.Exclusions(_world, next, new CsvBuffer())));
        }

        Import(Write("stock", week, RetailerFeed.Stock(_world, today, new CsvBuffer())));
    }

    void PromoteOnShelf(int week)
    {
        using var history = HistoryStore.Open(_folder, _state);
        var goods = _world.Assortment.Goods.ToDictionary(good => good.Key);
        var sellers = BestSellers.Of(history, new CatalogStore(_state).Load(Day(week)), new Period(Day(week - 8), Day(week)), _stop)
            .Select(seller => (goods[seller.Key], seller.SoldMinor / 8.0));
        var budget = _budgetMinor!(week) - _weeks.Sum(one => one.Compared.DiscountMinor);
        _world.Promote(WorldWeek(week), _massPromotions.Choose(week, budget, sellers, _world.MassPromotions(7 * WorldWeek(week))));
    }

    /// <summary>The policy's wave, awaiting approval; null where it makes none.</summary>
    Wave? MakeWave(int week)
    {
        if (_policy == LoopPolicy.Segments)
            return Timed("offers", () => HandMadeWaveJob.Make(
                _folder, _state, HandMadeLists.Plan(_options.World.Language), Day(week), week / 2, _options.World.Language, Maker, _clock, _stop));
        if (_policy is not (LoopPolicy.Volna or LoopPolicy.VolnaNoLearning)) return null;
        if (week % LoopOptions.WeeksBetweenLearning == 0) Timed("learning", Learn);
        return Timed("offers", () =>
        {
            var plan = Path.Combine(_folder.Root, "plan.json");
            File.WriteAllText(plan, _plan.Plan);
            var wave = NewWaveJob.Create(_folder, _state, plan, Day(week), id: null, Maker, seed: null, dryRun: false, _clock);
            GenerateWaveJob.Generate(_folder, _state, wave.Id, Maker, _clock, Environment.ProcessorCount, null, _stop);
            return new WaveStore(_state).Get(wave.Id);
        });
    }

    void Learn()
    {
        using var history = HistoryStore.Open(_folder, _state);
        new LearnJob(history, new CatalogStore(_state), new ModelStore(_folder), _clock).Run(_plan.Learning, dryRun: false, null, _stop);
    }

    /// <summary>The rule: inside its corridors a wave is approved, outside it isn't published.</summary>
    bool Approve(int week, Wave wave)
    {
        var breaches = ReviewWaveJob.Breaches(new WaveStore(_state), wave);
        if (breaches.Count > 0)
        {
            ReviewWaveJob.Reject(_folder, _state, wave.Id, Rule, string.Join("; ", breaches.Select(breach => breach.English)), dryRun: false, _clock);
            _stopped.Add(new StoppedWave(week + 1, breaches));
            return false;
        }

        ReviewWaveJob.Approve(_folder, _state, wave.Id, Rule, despiteCorridors: false, dryRun: false, _clock);
        return true;
    }

    void Publish(string wave)
    {
        var summary = PublishJob.Publish(_folder, _state, wave, new PublishOptions { By = Rule, OutboxLimit = FilesOfChannel }, _clock.GetUtcNow(), null, _stop);
        _published++;
        _offers += summary.Offers;

        // A year of letters would fill a disk, and nobody reads them here.
        Directory.Delete(summary.Outbox, recursive: true);
    }

    /// <summary>Writes what the mailing service will have reported by the end of the week; on the morning on which the letters go out.</summary>
    string ReportLetters(int week, string wave)
    {
        using var pack = OfferPackStore.Open(_folder, wave);
        var reports = MailReports.Of(_world, _population, pack, new CatalogStore(_state).LoadProfiles(), wave, Day(week));
        _opened += reports.Opened;
        return Write("mail-events", week, reports.Csv);
    }

    Trade Trade(int week, string? wave)
    {
        var days = new Period(Day(week), Day(week + 1));
        var catalog = new CatalogStore(_state).Load(days.Start);
        using var pack = wave is null ? null : OfferPackStore.Open(_folder, wave);
        using var live = new LiveDayStore(_folder, _state, _clock);
        using var till = Till.Open(_folder, _state, live, _clock);
        var figures = new WeekFigures(_shared, _groups);
        var trade = new TradeJob(_world, _population, till, pack, number => catalog.Product(number).Key).Run(
            days, Path.Combine(_folder.Root, $"receipts-{CsvBuffer.Iso(days.Start)}.csv"), null, _stop, figures.Add);
        _weeks.Add(figures);
        _redeemed += trade.Redeemed;
        _surprises += trade.Surprises;
        _tills += trade.Paid.Minor;
        if (_budgetMinor is not null) _massPromotions.Spent(figures.Compared.DiscountMinor);
        return trade;
    }

    void Report(string wave, TrueEffect truth)
    {
        var report = ReportJob.Make(_folder, _state, wave, _clock.GetLocalNow(), keep: false, null, _stop);
        ReportStore.Save(_folder, report, ReportStore.CsvPath(_folder, wave), ReportStore.PagePath(_folder, wave), _options.World.Language);
        new WaveStore(_state).Finish(wave, Maker, report.MadeAt);
        _reports.Add((truth, report));
    }

    /// <summary>
    /// Customers who joined or moved in a week, or left the app; null where there are none. Of letters the mailing service tells, so this file has the consents to them as they were.
    /// </summary>
    CsvBuffer? ChangedCustomers(int week)
    {
        CsvBuffer? csv = null;
        var today = 7 * WorldWeek(week + 1);
        foreach (var shopper in _population.Shoppers.Where(shopper => shopper.Joins < today))
        {
            var now = (Consents: shopper.Consents & ~(_population.States[shopper.Number].Left & ~Channels.Email), HomeShop: shopper.HomeShopOn(today - 1));
            if (now == _known[shopper.Number]) continue;
            _known[shopper.Number] = now;
            RetailerFeed.Customer(_world, shopper, now.HomeShop, now.Consents, csv ??= RetailerFeed.CustomersHeader(new CsvBuffer()));
        }

        return csv;
    }

    string Write(string kind, int week, CsvBuffer content)
    {
        var path = Path.Combine(_folder.Root, $"{kind}-{CsvBuffer.Iso(Day(week))}.csv");
        using var file = File.Create(path);
        file.Write(content.Written.Span);
        return path;
    }

    void Import(string path)
    {
        var imported = ImportJob.Run(_folder, _state, new ImportRequest([path]) { Language = _options.World.Language }, _clock.Now.DateTime, null, _stop);
        if (imported.Files[0].Failure is { } failure) throw new BadInputException("loop-import", failure);
        if (imported.Stored != imported.RowsRead) throw new InvalidOperationException($"{path}: {imported.RowsRead - imported.Stored} rows were rejected.");
        File.Delete(path);
    }

    void Timed(string step, Action work) => Timed(step, () =>
    {
        work();
        return 0;
    });

    T Timed<T>(string step, Func<T> work)
    {
        var (started, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var result = work();
        var (seconds, ofProcessor) = _seconds.GetValueOrDefault(step);
        _seconds[step] = (seconds + Stopwatch.GetElapsedTime(started).TotalSeconds, ofProcessor + (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
        return result;
    }

    /// <summary>What all purchases of these weeks cost, as the history knows them.</summary>
    long Imported()
    {
        using var history = HistoryStore.Open(_folder, _state);
        var snapshot = history.Snapshot();
        var days = new Period(Day(0), Day(_options.Weeks));
        var sums = new long[HistoryStore.Shards];
        Parallel.For(0, sums.Length, new ParallelOptions { CancellationToken = _stop }, shard =>
        {
            foreach (var customer in history.ReadShard(snapshot, shard))
                foreach (ref readonly var line in customer.Within(days))
                    if (!line.IsReturn)
                        sums[shard] += line.PaidMinor;
        });
        return sums.Sum();
    }

    PolicyResult Conclude(IReadOnlyList<WeekFigures> without)
    {
        var customers = _groups.Count(group => group != Group.HeldOut);
        var frequent = _groups.Count(group => group == Group.Frequent);
        Sales own = Sum(_weeks, week => week.Compared), alone = Sum(without, week => week.Compared);
        Sales ownFrequent = Sum(_weeks, week => week.Frequent), aloneFrequent = Sum(without, week => week.Frequent);
        var last = _periods[^1];
        Effect? Difference(Metric metric) => last?.Everyone[metric].Difference;
        Effect? Total(Metric metric) => last?.Everyone[metric].Total;
        return new PolicyResult(
            _policy.Code(), _published, _stopped, _offers, _redeemed, _surprises, _tills, Imported(),
            (Sum(_weeks, week => week.HeldOut) - Sum(without, week => week.HeldOut)).SpendMinor,
            PolicyFigure.Of(own.SpendMinor, alone.SpendMinor, Total(Metric.SpendPerCustomer)),
            PolicyFigure.Of(own.MarginMinor, alone.MarginMinor, Total(Metric.MarginPerCustomer)),
            PolicyFigure.Of(PerWeek(own, customers), PerWeek(alone, customers), Difference(Metric.ReceiptsPerCustomer)?.Times(1.0 / _options.Weeks)),
            PolicyFigure.Of(own.AverageCheck, alone.AverageCheck, Difference(Metric.AverageCheck)),
            PolicyFigure.Of(PerWeek(ownFrequent, frequent), PerWeek(aloneFrequent, frequent), null),
            own.DiscountMinor, Compared().Sum(state => (long)state.Complaints), Compared().LongCount(state => state.Left != 0), _reports.Count == 0 ? null : SumUp(), [.. Points(without)])
        {
            Letters = _reports.Select(wave => wave.Report.Letters).OfType<LetterFigures>().ToList() is { Count: > 0 } letters ? new LettersResult(letters.Aggregate((sum, one) => sum + one), _opened) : null,
            Seconds = _seconds,
        };

        IEnumerable<ShopperState> Compared() => _population.States.Where((_, number) => _groups[number] != Group.HeldOut);

        double PerWeek(Sales sales, int of) => of == 0 ? 0 : (double)sales.Receipts / of / _options.Weeks;
    }

    IEnumerable<WeekPoint> Points(IReadOnlyList<WeekFigures> without)
    {
        Sales sum = default, discounts = default;
        for (var week = 0; week < _weeks.Count; week++)
        {
            sum += _weeks[week].Compared - without[week].Compared;
            discounts += _weeks[week].Compared;
            var everyone = _periods[week]?.Everyone;
            yield return new WeekPoint(
                week + 1, sum.SpendMinor, sum.MarginMinor, sum.Receipts, discounts.DiscountMinor, everyone?[Metric.SpendPerCustomer].Total, everyone?[Metric.MarginPerCustomer].Total);
        }
    }

    WavesResult SumUp()
    {
        var judged = _reports.Where(wave => wave.Report.Everyone[Metric.SpendPerCustomer].Difference is not null && wave.Report.Everyone[Metric.MarginPerCustomer].Difference is not null).ToList();
        int Contained(Metric metric, Func<TrueEffect, double> truth) =>
            judged.Count(wave => wave.Report.Everyone[metric].Difference is { } effect && truth(wave.Truth) >= effect.Lower && truth(wave.Truth) <= effect.Upper);
        return new WavesResult(
            judged.Count, Contained(Metric.SpendPerCustomer, truth => truth.SpendPerCustomer), Contained(Metric.MarginPerCustomer, truth => truth.MarginPerCustomer),
            new SumOfWaves(_reports.Sum(wave => (double)wave.Truth.Spend.Minor), Add(Metric.SpendPerCustomer)),
            new SumOfWaves(_reports.Sum(wave => (double)wave.Truth.Margin.Minor), Add(Metric.MarginPerCustomer)));

        // Each wave draws its hold-out anew, so the errors of the estimates are independent and their squares add up.
        Effect? Add(Metric metric)
        {
            if (judged.Count == 0 || judged.Count < _reports.Count) return null;
            var totals = judged.Select(wave => wave.Report.Everyone[metric].Total!).ToList();
            var reach = Math.Sqrt(totals.Sum(total => Math.Pow((total.Upper - total.Lower) / 2, 2)));
            var sum = totals.Sum(total => total.Difference);
            var deviations = reach == 0 ? 0 : Math.Abs(sum / reach) * 1.959964;
            return new Effect(sum, sum - reach, sum + reach, MathNet.Numerics.SpecialFunctions.Erfc(deviations / Math.Sqrt(2)));
        }
    }

    static Sales Sum(IEnumerable<WeekFigures> weeks, Func<WeekFigures, Sales> of) => weeks.Aggregate(default(Sales), (sum, week) => sum + of(week));
}
