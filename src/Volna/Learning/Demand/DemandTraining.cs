using System.Collections.Immutable;
using Volna.Intake.Catalog;

namespace Volna.Learning.Demand;

/// <summary>A learnt model and how it was learnt.</summary>
/// <param name="Options">As asked for, but for a window that was shortened.</param>
/// <param name="Remarks">What a person must know about it: a shortened window, a sample, a part that couldn't be learnt.</param>
public sealed record TrainedDemand(DemandModel Model, DemandOptions Options, BackTest BackTest, ImmutableArray<Text> Remarks)
{
    /// <summary>Weather, events and other series by day, and whether the model uses them; empty without any.</summary>
    public ImmutableArray<SeriesUse> Series => Model.Market.Outlook.Series;

    /// <summary>As asked for, whatever the history allowed: learnt again in the same way, a longer one allows more.</summary>
    public required DemandOptions Asked { get; init; }
}

/// <summary>
/// Learns a Demand model twice: once as if the last window hadn't happened yet, which the back-test judges, and once from everything, which is kept.
/// With the history's end E and the window W, the judged model knows the products as of E - W and has its weights from the window before that (features
/// of E - 2W); the kept model knows the products as of E and has its weights from the last window (features of E - W).
/// </summary>
public static class DemandTraining
{
    /// <summary>With fewer returning customers than this, there is nothing to judge a model by.</summary>
    const int LeastReturning = 10;

    const int ShortestWindowDays = 7;

    static readonly Text Fitting = new("Learning demand", "Обучение модели спроса"), Steps = new("steps", "шагов");

    /// <exception cref="BadInputException">There is too little history to learn from.</exception>
    public static TrainedDemand Run(PurchaseSource source, DemandOptions options, IProgress<StepProgress>? progress = null, ParallelOptions? parallel = null)
    {
        parallel ??= new ParallelOptions();
        var (remarks, asked) = (new List<Text>(), options);
        options = FitWindow(source, options, remarks);
        if (source.Lines > options.PanelLines)
            remarks.Add(Remark(
                $"{source.Lines:N0} purchase lines are more than {options.PanelLines:N0}: neighbours and the back-test come from a sample of customers.",
                $"Строк покупок {source.Lines:N0}, больше {options.PanelLines:N0}: соседние товары и проверка — по выборке покупателей."));

        var end = Days.Of(source.LastDay!.Value) + 1;
        var panel = Panel.Gather(source, options, [end - (2 * options.WindowDays), end - options.WindowDays, end], progress, parallel);
        var markets = new Market[3];
        for (var i = 0; i < 3; i++)
        {
            Report(i);
            // Which goods would have been announced before earlier windows is known of those alone that nobody bought to this day: they would teach that such goods don't sell.
            var known = i == 2 ? source.Content : source.Content with { Announced = ImmutableDictionary<int, Announcement>.Empty };
            markets[i] = Market.Of(panel, panel.Tallies[i], known, options, parallel);
        }

        if (markets[2].Popular.Length == 1)
            throw new BadInputException("one-product", new Text(
                $"All purchases of the last {options.WindowDays} days are of one product: there is nothing to choose among; import receipts with more products.",
                $"Все покупки за последние {options.WindowDays} дн. — одного товара: выбирать не из чего; загрузите чеки с другими товарами."));

        Report(3);
        var judged = DemandModel.Fit(panel, markets[0], markets[1], options, parallel);
        var backTest = BackTest.Run(panel, judged, markets[1], options, parallel);
        if (backTest.Customers < LeastReturning)
            throw new BadInputException("too-few-returning", new Text(
                $"Only {backTest.Customers} customers bought both before and within the last {options.WindowDays} days ({backTest.Window}); learning needs at least {LeastReturning}: import more receipts, or try another --window-days.",
                $"Только {backTest.Customers} покупателей покупали и до, и в течение последних {options.WindowDays} дн. ({backTest.Window}); для обучения нужно не менее {LeastReturning}: загрузите больше чеков или задайте другое --window-days."));
        if (backTest.DiscoveryCustomers == 0)
            remarks.Add(new Text(
                "Nobody bought a product new to her in the last window: all discoveries have the same chance.",
                "В последнем окне никто не купил нового для себя товара: шансы всех новых товаров одинаковы."));

        Report(4);
        var model = DemandModel.Fit(panel, markets[1], markets[2], options, parallel);
        Report(5);
        return new TrainedDemand(model, options, backTest, [.. remarks]) { Asked = asked };

        void Report(int step)
        {
            parallel.CancellationToken.ThrowIfCancellationRequested();
            progress?.Report(new StepProgress(Fitting, step, 5, Steps));
        }
    }

    /// <summary>The window as asked for, or as many whole weeks as fit three times into the history.</summary>
    static DemandOptions FitWindow(PurchaseSource source, DemandOptions options, List<Text> remarks)
    {
        if (options.WindowDays is < 1 or > 366)
            throw new BadInputException("window-days", new Text(
                $"--window-days: found {options.WindowDays}, expected 1 to 366.",
                $"--window-days: указано {options.WindowDays}, ожидается от 1 до 366."));
        if (source is not { FirstDay: { } first, LastDay: { } last })
            throw new BadInputException("no-purchases", new Text(
                "There are no purchases of known customers to learn from; run `volna import FILE...` with receipts first.",
                "Нет покупок известных покупателей, учиться не на чем; сначала загрузите чеки: `volna import ФАЙЛ...`."));

        var days = last.DayNumber - first.DayNumber + 1;
        if (days >= 3 * options.WindowDays) return options;
        var windowDays = days / 3 / 7 * 7;
        if (windowDays < ShortestWindowDays)
            throw new BadInputException("history-too-short", new Text(
                $"The purchase history has {days} days ({first:yyyy-MM-dd} to {last:yyyy-MM-dd}); learning needs three times --window-days, and at least {3 * ShortestWindowDays} days.",
                $"В истории покупок {days} дн. (с {first:yyyy-MM-dd} по {last:yyyy-MM-dd}); для обучения нужно втрое больше --window-days и не менее {3 * ShortestWindowDays} дн."));
        remarks.Add(new Text(
            $"The history has {days} days, less than three windows of {options.WindowDays}: the window was shortened to {windowDays} days.",
            $"В истории {days} дн., меньше трёх окон по {options.WindowDays}: окно сокращено до {windowDays} дн."));
        return options with { WindowDays = windowDays };
    }

    static Text Remark(FormattableString english, FormattableString russian) =>
        new(english.ToString(Language.English.Culture()), russian.ToString(Language.Russian.Culture()));
}
