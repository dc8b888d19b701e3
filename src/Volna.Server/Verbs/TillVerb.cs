using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Redemptions.Offline;

namespace Volna.Server.Verbs;

/// <summary><c>volna till</c>: one basket from the shell, as a till would send it.</summary>
static class TillVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "till", new Text("Prices or closes one basket, as a till would.", "Рассчитывает или закрывает один чек, как это делает касса."),
            "volna till price --customer 17850 --line 85123A:6:2.55",
            "volna till close --id R-1 --store 12 --customer 17850 --line 85123A:6:2.55 --line 22423:1:12.75",
            "volna till close --receipt receipt.json --json",
            "volna till pack --store 12 --out store-12.pack",
            "volna till offline --wave 2026-11-26");
        command.Subcommands.Add(Create(verb, "price", new Text("Tells what the basket costs with the customer's offers; changes nothing.", "Показывает стоимость чека с предложениями покупателя; ничего не меняет."), close: false));
        command.Subcommands.Add(Create(verb, "close", new Text(
            "Closes the basket: its offers are spent. A repeat with the same id gets the first answer.",
            "Закрывает чек: его предложения погашаются. Повтор с тем же номером получает первый ответ."), close: true));
        command.Subcommands.Add(CreatePack(verb));
        command.Subcommands.Add(CreateOffline(verb));
        return command;
    }

    static Command CreatePack(Verb verb)
    {
        var store = new Option<string>("--store") { Description = verb.In("Key of the store", "Ключ магазина"), HelpName = "KEY", Required = true };
        var output = new Option<string?>("--out") { Description = verb.In("File to write the pack to", "Файл, в который записать пакет"), HelpName = "FILE" };
        var day = new Option<DateOnly?>("--day") { Description = verb.In("A day on which the wave is live (default: today)", "День, в который действует волна (по умолчанию — сегодня)"), HelpName = "2026-11-26" };
        var command = verb.Create(
            "pack", new Text(
                "Writes the pack with which a store's tills sell off-line; the server gives it out, too. Without --out tells the key that the store's tills check it with.",
                "Записывает пакет, по которому кассы магазина продают без связи; его отдаёт и сервер. Без --out показывает ключ, которым кассы магазина проверяют пакет."),
            "volna till pack --store 12", "volna till pack --store 12 --out store-12.pack");
        foreach (var option in (Option[])[store, output, day]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            var key = parsed.GetValue(store)!;
            using var state = shell.OpenState();
            if (parsed.GetValue(output) is not { } path)
            {
                SayIfUnknown(shell, key, StoresToday(shell, state));
                var secret = Convert.ToHexStringLower(StorePackFile.Key(SecretStore.Open(shell.Folder), key));
                if (shell.Json) shell.PrintJson(new { store = key, packKey = secret });
                else shell.Data.WriteLine(secret);
                return Verb.Done;
            }

            using var live = new LiveDayStore(shell.Folder, state, shell.Time);
            using var till = Till.Open(shell.Folder, state, live, shell.Time);
            if (shell.DryRun)
            {
                shell.Say(new Text("Dry run: no lease was begun, nothing was written.", "Пробный запуск: аренда не начата, ничего не записано."));
                return Verb.Done;
            }

            // Before a lease is begun: one whose pack can't be written would stay with nobody.
            if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
                throw new BadInputException("pack-path", new Text($"--out {path}: expected a file in a folder that is there.", $"--out {path}: нужен файл в существующей папке."));
            var pack = till.PackAsync(key, parsed.GetValue(day)).GetAwaiter().GetResult();
            File.WriteAllBytes(path, pack);
            var lease = StorePackFile.Lease(pack);
            if (shell.Json) shell.PrintJson(new { store = key, lease, file = path, bytes = pack.Length });
            else shell.Data.WriteLine(In(shell, $"{path}: {pack.Length} bytes, lease {lease}", $"{path}: {pack.Length} байт, аренда {lease}"));
            return Verb.Done;
        });
        return command;
    }

    static Command CreateOffline(Verb verb)
    {
        var wave = new Option<string?>("--wave") { Description = verb.In("Only of this wave", "Только по этой волне"), HelpName = "ID" };
        var command = verb.Create(
            "offline", new Text(
                "Names each use of an offer that had been used elsewhere while a store was off-line, and the leases that aren't settled.",
                "Называет каждое повторное погашение, случившееся, пока магазин был без связи, и ещё не сданные аренды."),
            "volna till offline", "volna till offline --wave 2026-11-26 --json");
        command.Options.Add(wave);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            using var live = new LiveDayStore(shell.Folder, state, shell.Time);
            using var till = Till.Open(shell.Folder, state, live, shell.Time);
            var asked = parsed.GetValue(wave);
            if (asked is not null) _ = new WaveStore(state).Get(asked);
            var report = new OfflineReportMessage(new ExtraUseStore(state).List(asked), [.. till.OpenLeases().Where(lease => asked is null || lease.Wave == asked)]);
            if (shell.Json) shell.PrintJson(report);
            else Print(shell, report);
            return Verb.Done;
        });
        return command;
    }

    static string In(Shell shell, string english, string russian) => new Text(english, russian).In(shell.Language);

    static void Print(Shell shell, OfflineReportMessage report)
    {
        var extra = new Table().Border(TableBorder.Simple).Title(In(shell, "Extra uses", "Повторные погашения"));
        foreach (var heading in (string[])[
            In(shell, "Wave", "Волна"), In(shell, "Customer", "Покупатель"), In(shell, "Offer", "Предложение"), In(shell, "Receipt", "Чек"), In(shell, "Store", "Магазин"), In(shell, "Day", "День"),
            In(shell, "Discount", "Скидка"), In(shell, "Used before on", "Раньше погашено чеком")]) extra.AddColumn(heading);
        foreach (var use in report.ExtraUses)
            extra.AddRow(
                Markup.Escape(use.Wave), Markup.Escape(use.Customer), use.Offer, Markup.Escape(use.Receipt), Markup.Escape(use.Store), $"{use.Day:yyyy-MM-dd}",
                new Money(use.DiscountMinor).ToString(shell.Language), Markup.Escape(use.FirstReceipt));
        shell.Print(extra);
        var leases = new Table().Border(TableBorder.Simple).Title(In(shell, "Leases that aren't settled", "Несданные аренды"));
        foreach (var heading in (string[])[In(shell, "Store", "Магазин"), In(shell, "Lease", "Аренда"), In(shell, "Receipts so far", "Чеков получено")]) leases.AddColumn(heading);
        foreach (var lease in report.OpenLeases) leases.AddRow(Markup.Escape(lease.Store), Markup.Escape(lease.Lease), $"{lease.Receipts}");
        shell.Print(leases);
    }

    static Command Create(Verb verb, string name, Text description, bool close)
    {
        var file = new Option<string?>("--receipt") { Description = verb.In("Receipt as JSON, as the till sends it; - reads stdin", "Чек в формате JSON, каким его шлёт касса; - читает stdin"), HelpName = "FILE" };
        var id = new Option<string?>("--id") { Description = verb.In("Id of the receipt, kept over repeats", "Номер чека; при повторе тот же"), HelpName = "ID" };
        var store = new Option<string>("--store") { Description = verb.In("Key of the store", "Ключ магазина"), HelpName = "KEY", DefaultValueFactory = _ => "" };
        var customer = new Option<string>("--customer") { Description = verb.In("Key of the customer", "Ключ покупателя"), HelpName = "KEY", DefaultValueFactory = _ => "" };
        var time = new Option<string?>("--time") { Description = verb.In("When, by the store's clock or with an offset (default: today at noon)", "Когда, по часам магазина или со смещением (по умолчанию — сегодня в полдень)"), HelpName = "2026-11-27T18:04" };
        var line = new Option<string[]>("--line") { Description = verb.In("A line; the price can be left out where the catalogue has one", "Строка чека; цену можно не указывать, если она есть в каталоге"), HelpName = "PRODUCT:QUANTITY[:PRICE]" };
        var command = verb.Create(name, description, $"volna till {name} --id R-1 --customer 17850 --line 85123A:6:2.55", $"volna till {name} --receipt receipt.json");
        foreach (var option in (Option[])[file, id, store, customer, time, line, verb.Postgres]) command.Options.Add(option);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var stores = StoresToday(shell, state);
            var receipt = parsed.GetValue(file) is { } path
                ? ReadFile(path)
                : Receipt(
                    parsed.GetValue(id) ?? (close && !shell.DryRun ? throw Bad("till-id-missing", "--id: is missing; a receipt to close needs an id that stays the same when the call is repeated", "--id: не указан; закрываемому чеку нужен номер, который не меняется при повторе") : "price"),
                    parsed.GetValue(store)!, parsed.GetValue(customer)!, Moment(parsed.GetValue(time), stores.FindStore(parsed.GetValue(store)!), shell), parsed.GetValue(line) ?? [], new CatalogStore(state));
            SayIfUnknown(shell, receipt.Store, stores);
            using var live = new LiveDayStore(shell.Folder, state, shell.Time);
            using var till = Till.Open(shell.Folder, state, live, shell.Time);
            var answer = close && !shell.DryRun ? till.Close(receipt) : till.Price(receipt);
            if (shell.Json) shell.Data.WriteLine(System.Text.Encoding.UTF8.GetString(TillMessages.Write(answer)));
            else Print(shell, receipt, answer);
            if (close && shell.DryRun) shell.Say(new Text("Dry run: nothing was spent.", "Пробный запуск: ничего не погашено."));
            return Verb.Done;
        });
        return command;
    }

    static TillReceipt ReadFile(string path)
    {
        if (path == "-") return TillMessages.ReadReceipt(System.Text.Encoding.UTF8.GetBytes(System.Console.In.ReadToEnd()));
        if (!File.Exists(path)) throw Bad("file-missing", $"{path}: there is no such file", $"{path}: такого файла нет");
        try
        {
            return TillMessages.ReadReceipt(File.ReadAllBytes(path));
        }
        catch (BadInputException bad)
        {
            throw new BadInputException(bad.Code, new Text($"{path}: {bad.Sentence.English}", $"{path}: {bad.Sentence.Russian}"));
        }
    }

    static TillReceipt Receipt(string id, string store, string customer, DateTimeOffset time, string[] lines, CatalogStore catalogs)
    {
        if (lines.Length == 0) throw Bad("receipt-empty", "--line: is missing; expected at least one PRODUCT:QUANTITY:PRICE", "--line: не указана; нужна хотя бы одна строка ТОВАР:КОЛИЧЕСТВО:ЦЕНА");
        var catalog = catalogs.Load(DateOnly.FromDateTime(time.DateTime));
        var storeNumber = catalog.Stores.FirstOrDefault(one => one?.Key == store)?.Id.Value ?? 0;
        return new TillReceipt(id, store, customer, time, [.. lines.Select((line, i) => Line($"{i + 1}", line, catalog, storeNumber))]);
    }

    // From the right, because a product's key may contain colons; the longest key that the catalogue knows wins.
    static TillLine Line(string id, string text, Catalog catalog, int store)
    {
        var cells = text.Split(':');
        Product? Known(int parts) => parts > 0 && string.Join(':', cells[..parts]) is var key ? catalog.Products.FirstOrDefault(product => product?.Key == key) : null;

        if (cells.Length >= 2 && Known(cells.Length - 1) is { } product && catalog.Price(product.Id.Value, store) is { } price && Number(cells[^1], 3) is { } quantity)
            return new TillLine(id, product.Key, Quantity.Of(quantity), price);
        if (cells.Length >= 3 && Number(cells[^2], 3) is { } amount && Number(cells[^1], 2) is { } paid)
            return new TillLine(id, string.Join(':', cells[..^2]), Quantity.Of(amount), Money.FromMajor(paid));
        throw Bad(
            "till-line", $"--line {text}: isn't PRODUCT:QUANTITY:PRICE, such as milk:2:89.90, nor PRODUCT:QUANTITY of a product with a known price",
            $"--line {text}: ожидается ТОВАР:КОЛИЧЕСТВО:ЦЕНА, например milk:2:89.90, или ТОВАР:КОЛИЧЕСТВО для товара с известной ценой");
    }

    static decimal? Number(string text, int decimals) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= 1_000_000_000 && decimal.Round(number, decimals) == number ? number : null;

    static Catalog StoresToday(Shell shell, StateStore state) => new CatalogStore(state).LoadGoodsAndStores(DateOnly.FromDateTime(shell.Time.GetLocalNow().DateTime));

    // Not refused: a shop may sell before it is imported. But whoever types it may have meant another.
    static void SayIfUnknown(Shell shell, string store, Catalog catalog)
    {
        if (store.Length > 0 && catalog.FindStore(store) is null)
            shell.Say(new Text(
                $"Store {store} isn't among the imported ones: it has no prices and no time zone of its own, and what is allowed per store is counted under this key.",
                $"Магазина {store} нет среди загруженных: у него нет своих цен и часового пояса, а лимиты на магазин считаются под этим ключом."));
    }

    static DateTimeOffset Moment(string? text, Store? store, Shell shell)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(store?.TimeZone ?? "", out var own) ? own : shell.Time.LocalTimeZone;
        // Not now, because the same command typed again is the same receipt.
        if (text is null) return InZone(TimeZoneInfo.ConvertTime(shell.Time.GetUtcNow(), zone).Date.AddHours(12));
        if (DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var clock) && clock is { Kind: DateTimeKind.Unspecified, Year: > 1 and < 9999 }) return InZone(clock);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment)
            ? moment
            : throw Bad("till-time", $"--time {text}: isn't a time such as 2026-11-27T18:04+03:00", $"--time {text}: это не время; ожидается, например, 2026-11-27T18:04+03:00");

        DateTimeOffset InZone(DateTime atStore) => new(atStore, zone.GetUtcOffset(atStore));
    }

    static void Print(Shell shell, TillReceipt receipt, TillAnswer answer)
    {
        string In(string english, string russian) => new Text(english, russian).In(shell.Language);
        string Amount(Money money) => money.ToString(shell.Language);
        var table = new Table().Border(TableBorder.Simple).Title(In($"Receipt {Markup.Escape(receipt.Id)}", $"Чек {Markup.Escape(receipt.Id)}"));
        table.AddColumn(In("Product", "Товар"));
        foreach (var heading in (string[])[In("Quantity", "Количество"), In("Price", "Цена"), In("Discount", "Скидка"), In("To pay", "К оплате")]) table.AddColumn(new TableColumn(heading).RightAligned().NoWrap());
        table.AddColumn(In("Offer", "Предложение"));
        for (var i = 0; i < answer.Lines.Count; i++)
        {
            var (line, told) = (receipt.Lines[i], answer.Lines[i]);
            table.AddRow(
                Markup.Escape(line.Product), line.Quantity.Amount.ToString("0.###", shell.Language.Culture()), Amount(line.UnitPrice), told.Discount == Money.Zero ? "" : Amount(-told.Discount),
                Amount(told.Total), told.Offer ?? told.Refusal.Sentence().In(shell.Language));
        }

        table.AddRow(In("Total", "Итого"), "", "", answer.Discount == Money.Zero ? "" : Amount(-answer.Discount), Amount(answer.Total), "");
        shell.Print(table);
    }

    static BadInputException Bad(string code, string english, string russian) => new(code, new Text(english + ".", russian + "."));
}
