using System.CommandLine;
using System.Globalization;
using Volna.Offers;
using Volna.Offers.Forecast;
using Volna.Offers.Generation;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Publishing.Scheduled;

namespace Volna.Server.Verbs;

/// <summary><c>volna wave</c>: a wave's way from plan to publication.</summary>
static class WaveVerb
{
    const int ForecastSample = 10_000;

    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "wave", new Text("Makes, shows, approves and publishes waves of offers.", "Создаёт, показывает, согласует и публикует волны предложений."),
            "volna wave new --plan samples/plan.json --from 2026-11-26 --by Anna",
            "volna wave generate 2026-11-26",
            "volna wave show 2026-11-26",
            "volna wave approve 2026-11-26 --by Boris",
            "volna wave publish 2026-11-26");
        command.Subcommands.Add(New(verb));
        command.Subcommands.Add(Generate(verb, "generate", new Text("Makes the offers of a wave.", "Формирует предложения волны.")));
        command.Subcommands.Add(Generate(verb, "resume", new Text("Goes on with a generation that was broken off.", "Продолжает прерванное формирование.")));
        command.Subcommands.Add(WaveCompareVerb.Create(verb));
        command.Subcommands.Add(Show(verb));
        command.Subcommands.Add(Approve(verb));
        command.Subcommands.Add(Decide(verb, "reject", new Text("Says no to a wave.", "Отклоняет волну."), (shell, state, id, by, note) => ReviewWaveJob.Reject(shell.Folder, state, id, by, note, shell.DryRun, shell.Time)));
        command.Subcommands.Add(Publish(verb));
        command.Subcommands.Add(Decide(verb, "stop", new Text("Takes a wave back: its offers can't be redeemed any more.", "Отзывает волну: её предложения больше не действуют."), (shell, state, id, by, note) => ReviewWaveJob.Stop(state, id, by, note, shell.DryRun, shell.Time)));
        command.Subcommands.Add(List(verb));
        command.Subcommands.Add(Scheduled(verb));
        command.Subcommands.Add(Why(verb));
        return command;
    }

    static Command New(Verb verb)
    {
        var plan = new Option<string>("--plan") { Description = verb.In("Plan file (`volna schema plan` prints one), or digest or name of a kept plan", "Файл плана (образец печатает `volna schema plan`) либо контрольная сумма или название сохранённого плана"), HelpName = "FILE", Required = true };
        var from = new Option<string>("--from") { Description = verb.In("First day of validity; purchases on it or later aren't looked at", "Первый день действия; покупки этого дня и позже не учитываются"), HelpName = "YYYY-MM-DD", Required = true };
        var id = new Option<string?>("--id") { Description = verb.In("Id of the wave (default: its first day)", "Идентификатор волны (по умолчанию — первый день)"), HelpName = "ID" };
        var by = By(verb);
        var seed = new Option<ulong?>("--seed") { Description = verb.In("Seed of hold-out and exploration (default: from plan and day)", "Зерно случайности контрольной группы и исследования (по умолчанию — от плана и дня)"), HelpName = "N" };
        var command = verb.Create(
            "new", new Text("Makes a draft from a plan; freezes data and model.", "Создаёт черновик по плану; фиксирует данные и модель."),
            "volna wave new --plan samples/plan.json --from 2026-11-26", "volna wave new --plan plan.json --from 2026-11-26 --id thursday --by Anna --dry-run");
        foreach (var option in (Option[])[plan, from, id, by, seed]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var wave = NewWaveJob.Create(
                shell.Folder, state, parsed.GetValue(plan)!, Day("--from", parsed.GetValue(from)!), parsed.GetValue(id), parsed.GetValue(by)!, parsed.GetValue(seed), shell.DryRun, shell.Time);
            WaveTables.PrintWave(shell, new WaveStore(state), wave, []);
            if (wave.Validity.Start != Day("--from", parsed.GetValue(from)!) || wave.Validity.Days != PlanFile.Parse("plan", wave.Plan).ValidityDays)
                shell.Say(new Text(
                    $"Black-out days of the plan: the wave holds from {wave.Validity.Start:yyyy-MM-dd} to {wave.Validity.End.AddDays(-1):yyyy-MM-dd}.",
                    $"Запретные дни плана: волна действует с {wave.Validity.Start:yyyy-MM-dd} по {wave.Validity.End.AddDays(-1):yyyy-MM-dd}."));
            foreach (var remark in NewWaveJob.Remarks(shell.Folder, state, wave)) shell.Say(remark);
            if (shell.DryRun) shell.Say(new Text("Dry run: nothing was kept.", "Пробный запуск: ничего не сохранено."));
            else shell.Say(new Text($"Next: volna wave generate {wave.Id}", $"Дальше: volna wave generate {wave.Id}"));
            return Verb.Done;
        });
        return command;
    }

    static Command Generate(Verb verb, string name, Text description)
    {
        var id = Id(verb);
        var by = By(verb);
        var threads = new Option<int>("--threads") { Description = verb.In("Threads (default: all)", "Число потоков (по умолчанию — все)"), HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        verb.InBounds(threads, 1, 1_024);
        var sample = WaveCompareVerb.SampleOption(verb, ForecastSample);
        var whatIf = new Option<string[]>("--what-if")
        {
            Description = verb.In("With --dry-run: what would be if a limit were another; may be repeated", "С --dry-run: что было бы при другом ограничении; можно повторять"),
            HelpName = "LIMIT.budget|mostOffers|leastOffers=N|none",
        };
        var command = verb.Create(
            name, description, $"volna wave {name} 2026-11-26", $"volna wave {name} 2026-11-26 --threads 2", $"volna wave {name} 2026-11-26 --dry-run --what-if all.budget=1200000");
        command.Arguments.Add(id);
        command.Options.Add(by);
        foreach (var option in (Option[])[threads, sample, whatIf]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var waveId = parsed.GetValue(id)!;
            var waves = new WaveStore(state);
            var wave = waves.Get(waveId);
            if (shell.DryRun)
            {
                GenerateWaveJob.Check(wave);
                var (planned, changed) = shell.WithProgress(progress => ForecastWaveJob.Forecast(
                    shell.Folder, state, wave, parsed.GetValue(sample), parsed.GetValue(whatIf) ?? [], parsed.GetValue(threads), progress, shell.Stop));
                WaveForecastTables.Print(shell, wave, planned, changed);
                return Verb.Done;
            }

            if (parsed.GetValue(whatIf) is { Length: > 0 })
                throw new BadInputException("what-if", new Text("--what-if: only tells what would be; expected --dry-run beside it.", "--what-if: только показывает, что было бы; нужен вместе с --dry-run."));

            var before = shell.Time.GetTimestamp();
            var statistics = shell.WithProgress(progress => GenerateWaveJob.Generate(shell.Folder, state, waveId, parsed.GetValue(by)!, shell.Time, parsed.GetValue(threads), progress, shell.Stop));
            var seconds = shell.Time.GetElapsedTime(before).TotalSeconds;
            WaveTables.PrintWave(shell, waves, waves.Get(waveId), waves.Events(waveId));
            var rate = statistics.Customers / Math.Max(seconds, 0.001);
            shell.Say(new Text(
                $"{statistics.Customers.ToString("N0", Language.English.Culture())} customers in {seconds:0.0} s, {rate.ToString("N0", Language.English.Culture())} a second. Next: volna wave approve {waveId} --by NAME",
                $"{statistics.Customers.ToString("N0", Language.Russian.Culture())} покупателей за {seconds.ToString("0.0", Language.Russian.Culture())} с, {rate.ToString("N0", Language.Russian.Culture())} в секунду. Дальше: volna wave approve {waveId} --by ИМЯ"));
            return Verb.Done;
        });
        return command;
    }

    static Command Show(Verb verb)
    {
        var id = Id(verb);
        var command = verb.Create("show", new Text("Shows a wave's figures, refusals and history.", "Показывает показатели волны, причины отказов и историю."), "volna wave show 2026-11-26", "volna wave show 2026-11-26 --json");
        command.Arguments.Add(id);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var waves = new WaveStore(state);
            WaveTables.PrintWave(shell, waves, waves.Get(parsed.GetValue(id)!), waves.Events(parsed.GetValue(id)!));
            return Verb.Done;
        });
        return command;
    }

    static Command Approve(Verb verb)
    {
        var id = Id(verb);
        var by = By(verb);
        var despite = new Option<bool>("--despite-corridors") { Description = verb.In("Approve although figures are outside their corridors", "Согласовать, хотя показатели вне коридоров") };
        var command = verb.Create(
            "approve", new Text("Approves a wave that another person made.", "Согласует волну, созданную другим человеком."),
            "volna wave approve 2026-11-26 --by Boris", "volna wave approve 2026-11-26 --by Boris --despite-corridors");
        command.Arguments.Add(id);
        command.Options.Add(by);
        command.Options.Add(despite);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var waveId = parsed.GetValue(id)!;
            ReviewWaveJob.Approve(shell.Folder, state, waveId, parsed.GetValue(by)!, parsed.GetValue(despite), shell.DryRun, shell.Time);
            return Said(shell, new WaveStore(state).Get(waveId));
        });
        return command;
    }

    static Command Decide(Verb verb, string name, Text description, Action<Shell, StateStore, string, string, string> decide)
    {
        var id = Id(verb);
        var by = By(verb);
        var note = new Option<string>("--note") { Description = verb.In("Why, for the record", "Причина, для истории"), HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var command = verb.Create(name, description, $"volna wave {name} 2026-11-26 --by Boris");
        command.Arguments.Add(id);
        command.Options.Add(by);
        command.Options.Add(note);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var waveId = parsed.GetValue(id)!;
            decide(shell, state, waveId, parsed.GetValue(by)!, parsed.GetValue(note)!);
            return Said(shell, new WaveStore(state).Get(waveId));
        });
        return command;
    }

    static Command Publish(Verb verb)
    {
        var id = Id(verb);
        var limit = new Option<int>("--outbox-limit")
        {
            Description = verb.In("At most so many customers a channel get a file of their own", "Не больше стольких отдельных файлов покупателей на канал"),
            HelpName = "N",
            DefaultValueFactory = _ => new PublishOptions().OutboxLimit,
        };
        var command = verb.Create(
            "publish", new Text("Publishes an approved wave to tills and outbox.", "Публикует согласованную волну на кассы и в папку исходящих."), "volna wave publish 2026-11-26");
        command.Arguments.Add(id);
        command.Options.Add(limit);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var waveId = parsed.GetValue(id)!;
            if (shell.DryRun)
            {
                PublishJob.Check(shell.Folder, state, waveId);
                return Said(shell, new WaveStore(state).Get(waveId));
            }

            // The tills of the same machine go first.
            Background.StandBack(Background.Whenever);
            var summary = shell.WithProgress(progress => PublishJob.Publish(
                shell.Folder, state, waveId, new PublishOptions { OutboxLimit = parsed.GetValue(limit) }, shell.Time.GetLocalNow(), progress, shell.Stop));
            WaveTables.PrintPublication(shell, summary);
            return Verb.Done;
        });
        return command;
    }

    static Command List(Verb verb)
    {
        var command = verb.Create("list", new Text("Lists the waves.", "Показывает список волн."), "volna wave list", "volna wave list --json");
        verb.SetAction(command, (_, shell) =>
        {
            using var state = shell.OpenState();
            WaveTables.PrintList(shell, new WaveStore(state).List());
            return Verb.Done;
        });
        return command;
    }

    static Command Scheduled(Verb verb)
    {
        var command = verb.Create(
            "scheduled", new Text("Lists the waves that were due by schedule, the latest first, and what became of each.", "Показывает волны, назначенные по расписанию, сначала последние, и что с каждой стало."), "volna wave scheduled", "volna wave scheduled --json");
        verb.SetAction(command, (_, shell) =>
        {
            using var state = shell.OpenState();
            WaveTables.PrintScheduled(shell, new ScheduledWaveStore(state).List());
            return Verb.Done;
        });
        return command;
    }

    static Command Why(Verb verb)
    {
        var id = Id(verb);
        var customer = new Argument<string>("CUSTOMER") { Description = verb.In("The retailer's key of a customer, such as a card number", "Ключ покупателя в сети, например номер карты") };
        var most = new Option<int>("--most") { Description = verb.In("Show at most so many refused candidates", "Показать не больше стольких отказов"), HelpName = "N", DefaultValueFactory = _ => 30 };
        verb.InBounds(most, 0, int.MaxValue);
        var command = verb.Create(
            "why", new Text("Tells why a customer got her offers, and why not others.", "Объясняет, почему покупатель получил свои предложения и почему не получил другие."),
            "volna wave why 2026-11-26 17850", "volna wave why 2026-11-26 17850 --most 100 --lang ru");
        command.Arguments.Add(id);
        command.Arguments.Add(customer);
        command.Options.Add(most);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var wave = new WaveStore(state).Get(parsed.GetValue(id)!);
            var key = parsed.GetValue(customer)!;
            var answer = WhyJob.Explain(shell.Folder, state, wave.Id, key);
            WaveTables.PrintWhy(shell, key, answer, new Intake.Catalog.CatalogStore(state).Load(wave.Validity.Start), parsed.GetValue(most));
            return Verb.Done;
        });
        return command;
    }

    static int Said(Shell shell, Wave wave)
    {
        if (shell.Json) shell.PrintJson(new { wave.Id, wave.Status, wave.ApprovedBy, shell.DryRun });
        else if (shell.DryRun) shell.Say(new Text($"Dry run: wave {wave.Id} stays {wave.Status.Name().English}.", $"Пробный запуск: состояние волны {wave.Id} остаётся «{wave.Status.Name().Russian}»."));
        else shell.Say(new Text($"Wave {wave.Id} is {wave.Status.Name().English}.", $"Волна {wave.Id}: {wave.Status.Name().Russian}."));
        return Verb.Done;
    }

    internal static Argument<string> Id(Verb verb) => new("ID") { Description = verb.In("Id of the wave; `volna wave list` shows them", "Идентификатор волны; список показывает `volna wave list`") };

    static Option<string> By(Verb verb)
    {
        var by = new Option<string>("--by")
        {
            Description = verb.In("Your name (default: the user of the machine)", "Ваше имя (по умолчанию — пользователь машины)"),
            HelpName = "NAME",
            DefaultValueFactory = _ => Environment.UserName,
        };
        by.Validators.Add(result =>
        {
            if (result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
                result.AddError(verb.In("--by: found an empty name, expected who does it, such as Anna.", "--by: найдено пустое имя, ожидалось имя того, кто это делает, например Анна."));
        });
        return by;
    }

    internal static DateOnly Day(string option, string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and <= 2200
        ? day
        : throw new BadInputException("no-date", new Text(
            $"{option}: found '{text}', expected a day such as 2026-11-26.", $"{option}: найдено «{text}», ожидалась дата, например 2026-11-26."));
}
