using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Volna.Redemptions.Access;

namespace Volna.Server.Verbs;

/// <summary><c>volna key</c>: who may call the server.</summary>
static class KeyVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "key", new Text("Keys for tills, apps, planning programs and readers of the pages.", "Ключи для касс, приложений, программ планирования и читателей страниц."),
            "volna key create --name \"tills of S12\" --for till --store S12",
            "volna key list",
            "volna key rotate 1f2e3d4c --overlap-days 7",
            "volna key revoke 1f2e3d4c");
        command.Subcommands.Add(Make(verb));
        command.Subcommands.Add(List(verb));
        command.Subcommands.Add(Revoke(verb));
        command.Subcommands.Add(Rotate(verb));
        return command;
    }

    static Command Make(Verb verb)
    {
        var name = new Option<string>("--name") { Description = verb.In("Whose key it is", "Чей это ключ"), HelpName = "NAME", Required = true };
        var uses = new Option<string[]>("--for") { Description = verb.In("What it opens: till, app, console, plans", "Что он открывает: till, app, console, plans"), HelpName = "till|app|console|plans", Required = true };
        uses.AcceptOnlyFromAmong("till", "app", "console", "plans");
        var stores = new Option<string[]>("--store") { Description = verb.In("Key of a store for which it counts (default: all stores)", "Ключ магазина, для которого он действует (по умолчанию — для всех)"), HelpName = "KEY" };
        var days = new Option<int?>("--days") { Description = verb.In("Expires after so many days (default: never)", "Истекает через столько дней (по умолчанию — никогда)"), HelpName = "N" };
        var pace = new Option<int>("--calls-per-second") { Description = verb.In("Calls a second; more are answered by 429", "Запросов в секунду; остальным ответ 429"), HelpName = "N", DefaultValueFactory = _ => 1_000 };
        verb.InBounds(days, 1, 36_500);
        verb.InBounds(pace, 1, AccessKey.MostCallsPerSecond);
        var command = verb.Create(
            "create", new Text("Makes a key and shows it, once: only its hash is kept.", "Создаёт ключ и показывает его один раз: хранится только хеш."),
            "volna key create --name \"tills of S12\" --for till --store S12 --days 365", "volna key create --name \"mobile app\" --for app --json");
        foreach (var option in (Option[])[name, uses, stores, days, pace]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var (secret, now) = (AccessKey.NewSecret(), shell.Time.GetUtcNow());
            var key = AccessKey.Of(
                secret, Name(parsed.GetValue(name)!), parsed.GetValue(uses)!.Aggregate(AccessUses.None, (all, use) => all | Enum.Parse<AccessUses>(use, ignoreCase: true)),
                [.. (parsed.GetValue(stores) ?? []).Distinct()], parsed.GetValue(pace), now, parsed.GetValue(days) is { } left ? now.AddDays(left) : null);
            if (shell.DryRun)
            {
                shell.Say(new Text("Dry run: no key was made.", "Пробный запуск: ключ не создан."));
                return Verb.Done;
            }

            new AccessKeyStore(state, shell.Time).Add(key);
            Show(shell, key, secret);
            return Verb.Done;
        });
        return command;
    }

    static Command List(Verb verb)
    {
        var command = verb.Create("list", new Text("Lists all keys ever made; the keys themselves can't be shown.", "Перечисляет все созданные ключи; сами ключи показать нельзя."), "volna key list", "volna key list --json");
        verb.SetAction(command, (_, shell) =>
        {
            using var state = shell.OpenState();
            var keys = new AccessKeyStore(state, shell.Time).List();
            var now = shell.Time.GetUtcNow();
            if (shell.Json)
            {
                shell.PrintJson(keys.Select(key => Printed(key, now)));
                return Verb.Done;
            }

            var table = new Table().Border(TableBorder.Simple);
            foreach (var heading in (string[])["Id", shell.In("Name", "Имя"), shell.In("For", "Для чего"), shell.In("Stores", "Магазины"), shell.In("Calls a second", "Запросов в секунду"), shell.In("Made", "Создан"), shell.In("Expires", "Истекает"), shell.In("Valid", "Действует")])
                table.AddColumn(heading);
            foreach (var key in keys)
                table.AddRow(
                    key.Id, Markup.Escape(key.Name), Words(key.Uses), key.Stores.IsEmpty ? shell.In("all", "все") : Markup.Escape(string.Join(", ", key.Stores)),
                    key.CallsPerSecond.ToString("N0", shell.Language.Culture()), Moment(key.CreatedAt), key.ExpiresAt is { } at ? Moment(at) : "", key.IsValid(now) ? shell.In("yes", "да") : shell.In("no", "нет"));
            shell.Print(table);
            return Verb.Done;
        });
        return command;
    }

    static Command Revoke(Verb verb)
    {
        var id = Id(verb);
        var command = verb.Create("revoke", new Text("Ends a key: servers refuse it within a second.", "Отзывает ключ: серверы откажут ему в течение секунды."), "volna key revoke 1f2e3d4c");
        command.Arguments.Add(id);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var (store, now) = (new AccessKeyStore(state, shell.Time), shell.Time.GetUtcNow());
            var key = shell.DryRun ? store.Get(parsed.GetValue(id)!) : store.Expire(parsed.GetValue(id)!, now);
            if (shell.Json) shell.PrintJson(Printed(key, now));
            shell.Say(shell.DryRun
                ? new Text($"Dry run: key {key.Id} ({key.Name}) stays as it is.", $"Пробный запуск: ключ {key.Id} ({key.Name}) не изменён.")
                : new Text($"Key {key.Id} ({key.Name}) counts no longer.", $"Ключ {key.Id} ({key.Name}) больше не действует."));
            return Verb.Done;
        });
        return command;
    }

    static Command Rotate(Verb verb)
    {
        var id = Id(verb);
        var overlap = new Option<int>("--overlap-days") { Description = verb.In("How long the old key counts beside the new one", "Сколько дней старый ключ действует вместе с новым"), HelpName = "N", DefaultValueFactory = _ => 7 };
        verb.InBounds(overlap, 0, 365);
        var command = verb.Create(
            "rotate", new Text("Makes a new key with the same rights; the old one counts some days more.", "Создаёт новый ключ с теми же правами; старый действует ещё несколько дней."), "volna key rotate 1f2e3d4c --overlap-days 7");
        command.Arguments.Add(id);
        command.Options.Add(overlap);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var (store, secret, now) = (new AccessKeyStore(state, shell.Time), AccessKey.NewSecret(), shell.Time.GetUtcNow());
            var old = store.Get(parsed.GetValue(id)!);
            if (!old.IsValid(now))
                throw new GuardException("key-expired", new Text(
                    $"key {old.Id} counts no longer, so nothing can take its place; make a new one by `volna key create`.",
                    $"ключ {old.Id} больше не действует, заменять нечего; создайте новый командой `volna key create`."));
            // A key that was to last a year lasts a year anew.
            var key = AccessKey.Of(secret, old.Name, old.Uses, old.Stores, old.CallsPerSecond, now, now + (old.ExpiresAt - old.CreatedAt));
            if (shell.DryRun)
            {
                shell.Say(new Text($"Dry run: key {old.Id} ({old.Name}) stays alone.", $"Пробный запуск: ключ {old.Id} ({old.Name}) не заменён."));
                return Verb.Done;
            }

            old = store.Rotate(old.Id, key, now.AddDays(parsed.GetValue(overlap)));
            Show(shell, key, secret);
            shell.Say(new Text($"Key {old.Id} counts until {Moment(old.ExpiresAt!.Value)}.", $"Ключ {old.Id} действует до {Moment(old.ExpiresAt!.Value)}."));
            return Verb.Done;
        });
        return command;
    }

    static void Show(Shell shell, AccessKey key, string secret)
    {
        if (shell.Json) shell.PrintJson(new { key = secret, key.Id, key.Name, uses = Words(key.Uses).Split(", "), key.Stores, key.CallsPerSecond, key.CreatedAt, key.ExpiresAt });
        else shell.Data.WriteLine(secret);
        shell.Say(new Text(
            $"Key {key.Id} ({key.Name}). It isn't shown again; callers send it as `Authorization: Bearer KEY`.",
            $"Ключ {key.Id} ({key.Name}). Больше он не показывается; вызывающий передаёт его как `Authorization: Bearer КЛЮЧ`."));
    }

    static object Printed(AccessKey key, DateTimeOffset now) => new { key.Id, key.Name, uses = Words(key.Uses).Split(", "), key.Stores, key.CallsPerSecond, key.CreatedAt, key.ExpiresAt, valid = key.IsValid(now) };

    // Enum names by themselves: "Till, App".
    static string Words(AccessUses uses) => uses.ToString().ToLowerInvariant();

    static string Moment(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    static Argument<string> Id(Verb verb) => new("id") { Description = verb.In("Id of the key, as `volna key list` shows it", "Идентификатор ключа, как его показывает `volna key list`"), HelpName = "ID" };

    static string Name(string name) => name.Length is > 0 and <= AccessKey.LongestName && !name.Any(char.IsControl) ? name : throw new BadInputException("key-name", new Text(
        $"--name: expected 1 to {AccessKey.LongestName} characters without control characters.", $"--name: ожидалось от 1 до {AccessKey.LongestName} символов без управляющих."));
}
