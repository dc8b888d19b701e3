using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning;
using Volna.Learning.Demand;
using Volna.Learning.Portraits;

namespace Volna.Server.Verbs;

/// <summary><c>volna learn</c></summary>
static class LearnVerb
{
    public static Command Create(Verb verb)
    {
        var windowDays = new Option<int>("--window-days")
        {
            Description = verb.In("Days ahead for which chances hold, and length of the back-test's window", "На сколько дней вперёд считается шанс; такова же длина окна проверки"),
            HelpName = "N",
            DefaultValueFactory = _ => new DemandOptions().WindowDays,
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = verb.In("Seed of the samples taken from a long history", "Зерно случайных выборок из длинной истории"),
            HelpName = "N",
            DefaultValueFactory = _ => new DemandOptions().Seed,
        };
        var list = new Option<bool>("--list") { Description = verb.In("Show the models that were learnt", "Показать обученные модели") };
        var command = verb.Create(
            "learn",
            new Text("Learns from the purchase history what customers will want.", "Учится по истории покупок, чего захотят покупатели."),
            "volna learn", "volna learn --window-days 14 --dry-run", "volna learn --list", "volna learn --promote 0003-5f2a9c01", "volna learn --roll-back",
            "volna learn --compare --plan new-plan.json --waves 8", "volna learn --compare --model 0003-5f2a9c01 --json");
        command.Options.Add(windowDays);
        command.Options.Add(seed);
        command.Options.Add(list);
        var promote = new Option<string?>("--promote") { Description = verb.In("Make waves with this model from now on, learn nothing", "Впредь формировать волны по этой модели; ничему не учиться"), HelpName = "VERSION" };
        var rollBack = new Option<bool>("--roll-back") { Description = verb.In("Make waves with the model that was in use before, learn nothing", "Впредь формировать волны по предыдущей рабочей модели; ничему не учиться") };
        command.Options.Add(promote);
        command.Options.Add(rollBack);
        var compared = ComparePolicyOptions.AddTo(command, verb);
        verb.SetAction(command, (parsed, shell) =>
        {
            RefuseTogether(parsed, [compared.Compare, list, promote, rollBack], [windowDays, seed]);
            if (parsed.GetValue(compared.Compare)) return compared.Run(parsed, shell);
            compared.RefuseAlone(parsed);
            return parsed.GetValue(list) ? List(shell)
                : parsed.GetValue(promote) is { } version ? Use(shell, models => models.Promote(version, PromotionReason.ByPerson, Environment.UserName, shell.Time.GetUtcNow()), version)
                : parsed.GetValue(rollBack) ? Use(shell, models => models.RollBack(Environment.UserName, shell.Time.GetUtcNow()), null)
                : Learn(shell, new DemandOptions { WindowDays = parsed.GetValue(windowDays), Seed = parsed.GetValue(seed) });
        });
        return command;
    }

    /// <param name="instead">Options of which each does something other than to learn.</param>
    /// <param name="how">Options that tell how to learn.</param>
    static void RefuseTogether(ParseResult parsed, Option[] instead, Option[] how)
    {
        if (instead.FirstOrDefault(option => WorldArguments.IsGiven(parsed, option)) is not { } first) return;
        foreach (var other in instead.Concat(how).Where(option => option != first && WorldArguments.IsGiven(parsed, option)))
            throw new BadInputException("learn-together", new Text(
                $"{other.Name}: found together with {first.Name}; expected one of them.", $"{other.Name}: указано вместе с {first.Name}; ожидалось одно из двух."));
    }

    static int Learn(Shell shell, DemandOptions options)
    {
        var started = shell.Time.GetTimestamp();
        using var state = shell.OpenState();
        using var history = HistoryStore.Open(shell.Folder, state);
        var result = shell.WithProgress(progress => new LearnJob(history, new CatalogStore(state), new ModelStore(shell.Folder), shell.Time).Run(options, shell.DryRun, progress, shell.Stop));
        var seconds = shell.Time.GetElapsedTime(started).TotalSeconds;

        var trained = result.Trained;
        foreach (var remark in trained.Remarks) shell.Say(remark);
        if (shell.Json)
        {
            shell.PrintJson(new { result.Version, result.IsNew, result.Promotion, result.Present, result.SnapshotId, trained.Model.Day, trained.Options, trained.Remarks, trained.Series, trained.BackTest, result.Portraits?.Portraits, Seconds = Math.Round(seconds, 3) });
            return Verb.Done;
        }

        Print(shell, trained.BackTest);
        foreach (var series in trained.Series) shell.Data.WriteLine(series.Words.In(shell.Language));
        if (result.Portraits is { } portraits) Print(shell, portraits);
        shell.Say(Outcome(result, seconds, shell));
        return Verb.Done;
    }

    static int Use(Shell shell, Action<ModelStore> choose, string? version)
    {
        var models = new ModelStore(shell.Folder);
        if (shell.DryRun)
        {
            if (version is not null) models.Load(version);
            if (shell.Json) shell.PrintJson(new { models.Present });
            shell.Say(new Text("Nothing was changed (--dry-run).", "Ничего не изменено (--dry-run)."));
            return Verb.Done;
        }

        choose(models);
        if (shell.Json) shell.PrintJson(new { models.Present });
        else shell.Say(new Text($"Waves are made with the model {models.Present} from now on.", $"Впредь волны формируются по модели {models.Present}."));
        return Verb.Done;
    }

    static Text Outcome(LearnResult result, double seconds, Shell shell)
    {
        var time = seconds.ToString("N1", shell.Language.Culture());
        return result switch
        {
            { Version: null } => new Text($"Nothing was written (--dry-run); {time} s.", $"Ничего не записано (--dry-run); {time} с."),
            { Promotion: PromotionVerdict.HeldByPerson } => new Text(
                $"Model {result.Version} is learnt, but waves keep to {result.Present}: a person went back to it although a newer one was there; `volna learn --promote {result.Version}` uses the new one; {time} s.",
                $"Модель {result.Version} обучена, но волны формируются по {result.Present}: к ней вернулись, хотя была более новая; `volna learn --promote {result.Version}` включит новую; {time} с."),
            { IsNew: false } => new Text($"The model is the same as {result.Version}, nothing new to write; {time} s.", $"Модель совпадает с {result.Version}, записывать нечего; {time} с."),
            { Promotion: PromotionVerdict.NotBetter } => new Text(
                $"Model {result.Version} is learnt, but waves keep to {result.Present}: its way of learning foretold the same days at least as well; `volna learn --promote {result.Version}` uses it nevertheless; {time} s.",
                $"Модель {result.Version} обучена, но волны формируются по {result.Present}: её способ обучения предсказал те же дни не хуже; `volna learn --promote {result.Version}` всё же включит новую; {time} с."),
            { Promotion: PromotionVerdict.NotComparable } => new Text(
                $"Model {result.Version} is learnt, but waves keep to {result.Present}: windows of different length can't be compared; `volna learn --promote {result.Version}` uses it; {time} s.",
                $"Модель {result.Version} обучена, но волны формируются по {result.Present}: окна разной длины не сравнить; `volna learn --promote {result.Version}` включит новую; {time} с."),
            _ => new Text($"Model {result.Version} is learnt; {time} s.", $"Модель {result.Version} обучена; {time} с."),
        };
    }

    static void Print(Shell shell, BackTest test)
    {
        var culture = shell.Language.Culture();
        shell.Data.WriteLine(new Text(
            string.Create(culture, $"Back-test on {test.Window}: {test.Customers:N0} customers who bought before and within it, {test.DiscoveryCustomers:N0} of them something new."),
            string.Create(culture, $"Проверка на {test.Window}: {test.Customers:N0} покупателей, покупавших и до, и в это время; из них новое для себя купили {test.DiscoveryCustomers:N0}.")).In(shell.Language));

        var quality = NewTable(shell, ("", ""), ("hit rate@5", "попадание@5"), ("recall@5", "полнота@5"), ("NDCG@5", "NDCG@5"), ("hit rate@10", "попадание@10"), ("recall@10", "полнота@10"), ("NDCG@10", "NDCG@10"));
        foreach (var row in test.All) quality.AddRow(Row(Name(row.Method), row));
        foreach (var row in test.Discovery) quality.AddRow(Row(Of(row, "new to her only", "только новое для неё"), row));
        foreach (var row in test.Launches) quality.AddRow(Row(Of(row, "just launched only", "только новинки"), row));

        shell.Print(quality);

        var calibration = NewTable(shell, ("chance up to", "шанс до"), ("kind", "вид"), ("candidates", "кандидатов"), ("expected purchases", "ожидалось покупок"), ("purchases", "куплено"));
        foreach (var bin in test.Calibration)
            calibration.AddRow(
                bin.MostChance.ToString("P0", culture), Name(bin.Kind).In(shell.Language), bin.Candidates.ToString("N0", culture), bin.Expected.ToString("N0", culture),
                bin.Bought.ToString("N0", culture));
        shell.Print(calibration);

        static Text Of(MethodQuality row, string english, string russian) => new($"{Name(row.Method).English}, {english}", $"{Name(row.Method).Russian}, {russian}");
        string[] Row(Text name, MethodQuality row) => [name.In(shell.Language), .. Numbers(row.At5), .. Numbers(row.At10)];
        string[] Numbers(Ranking ranking) => [ranking.Hit.ToString("F4", culture), ranking.Recall.ToString("F4", culture), ranking.Ndcg.ToString("F4", culture)];
    }

    static void Print(Shell shell, PortraitSet portraits)
    {
        var culture = shell.Language.Culture();
        var table = NewTable(shell, ("portrait", "портрет"), ("customers", "покупателей"), ("receipts a year", "чеков за год"), ("typical receipt", "обычный чек"), ("days since the last", "дней с последнего"));
        foreach (var portrait in portraits.Portraits)
            table.AddRow(
                Markup.Escape(portrait.Name.In(shell.Language)), portrait.Share.ToString("P0", culture), portrait.ReceiptsAYear.ToString("N0", culture), (portrait.ReceiptMinor / 100).ToString("N0", culture),
                portrait.DaysSinceLast.ToString("N0", culture));
        shell.Print(table);
    }

    static int List(Shell shell)
    {
        var models = new ModelStore(shell.Folder);
        var cards = models.Versions().Select(version => (Version: version, Card: models.FindCard(version))).ToList();
        if (shell.Json)
        {
            shell.PrintJson(cards.Select(model => new { model.Version, Present = model.Version == models.Present, model.Card }));
            return Verb.Done;
        }

        if (cards.Count == 0)
        {
            shell.Say(new Text("There is no model yet; `volna learn` makes one.", "Моделей пока нет; их создаёт `volna learn`."));
            return Verb.Done;
        }

        var culture = shell.Language.Culture();
        var table = NewTable(shell, ("version", "версия"), ("learnt at (UTC)", "обучена (UTC)"), ("data until", "данные до"), ("window, days", "окно, дней"), ("recall@5", "полнота@5"), ("NDCG@5", "NDCG@5"), ("in use", "в работе"));
        foreach (var (version, card) in cards)
        {
            if (card is null)
            {
                table.AddRow(version, shell.In("not readable", "не читается"), "", "", "", "", version == models.Present ? shell.In("yes", "да") : "");
                continue;
            }

            var quality = card.BackTest.All.Single(row => row.Method == RankingMethod.Model).At5;
            table.AddRow(
                version, card.CreatedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), card.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                card.Options.WindowDays.ToString(culture), quality.Recall.ToString("F4", culture), quality.Ndcg.ToString("F4", culture), version == models.Present ? shell.In("yes", "да") : "");
        }

        shell.Print(table);
        return Verb.Done;
    }

    /// <summary>The first column is text, the others are numbers.</summary>
    static Table NewTable(Shell shell, params (string English, string Russian)[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (english, russian) in columns)
        {
            var column = new TableColumn(new Text(english, russian).In(shell.Language));
            table.AddColumn(table.Columns.Count == 0 ? column : column.RightAligned());
        }

        return table;
    }

    static Text Name(RankingMethod method) => method switch
    {
        RankingMethod.Model => new("model", "модель"),
        RankingMethod.MostPopular => new("most popular", "самые популярные"),
        RankingMethod.PersonalFrequency => new("personal frequency", "личная частота"),
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, null),
    };

    static Text Name(CandidateKind kind) => kind switch
    {
        CandidateKind.Habit => new("habit", "привычное"),
        CandidateKind.Discovery => new("discovery", "новое"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
