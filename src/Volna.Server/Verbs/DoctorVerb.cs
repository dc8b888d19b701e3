using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Learning;
using Volna.Offers;
using Volna.Offers.Pack;

namespace Volna.Server.Verbs;

/// <summary><c>volna doctor</c>: is this machine and this data folder fit to work with?</summary>
static class DoctorVerb
{
    const long LeastFreeBytes = 1L << 30;

    enum Finding
    {
        Ok = 0,

        /// <summary>Works, but may not be meant so.</summary>
        Remark = 1,
        Problem = 2,
    }

    /// <param name="What">What was looked at.</param>
    /// <param name="Detail">What was found, and after a problem what to do.</param>
    sealed record Check(string What, Finding Finding, Text Detail);

    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "doctor", new Text("Checks the machine and the data folder.", "Проверяет машину и папку данных."),
            "volna doctor", "volna doctor --data shop-data --json");
        verb.SetAction(command, (_, shell) =>
        {
            var worst = Finding.Ok;
            var printed = new List<object>();
            foreach (var check in Machine().Concat(Folder(shell)))
            {
                if (check.Finding > worst) worst = check.Finding;
                if (shell.Json) printed.Add(new { check.What, check.Finding, Detail = check.Detail.In(shell.Language) });
                else shell.Data.WriteLine($"{Word(check.Finding).In(shell.Language),-9} {check.What,-10} {check.Detail.In(shell.Language)}");
            }

            if (shell.Json) shell.PrintJson(printed);
            return worst == Finding.Problem ? Verb.Failed : Verb.Done;
        });
        return command;
    }

    static IEnumerable<Check> Machine()
    {
        yield return Environment.Version.Major >= 10
            ? Ok("runtime", new Text(
                $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, processors: {Environment.ProcessorCount}",
                $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, процессоров: {Environment.ProcessorCount}"))
            : Problem("runtime", new Text(
                $"{RuntimeInformation.FrameworkDescription}: version 10 or newer is needed; install the .NET 10 SDK.",
                $"{RuntimeInformation.FrameworkDescription}: нужна версия 10 или новее; установите .NET 10 SDK."));

        yield return TimeZoneInfo.TryFindSystemTimeZoneById("Asia/Yekaterinburg", out _)
            ? Ok("timezones", new Text("The system knows time zones.", "Система знает часовые пояса."))
            : Problem("timezones", new Text(
                "The system has no time zone data; stores can't have time zones. Install it (Debian: apt install tzdata).",
                "В системе нет данных о часовых поясах; магазинам нельзя указать пояс. Установите их (Debian: apt install tzdata)."));
    }

    static IEnumerable<Check> Folder(Shell shell)
    {
        var folder = shell.Folder;
        if (!Directory.Exists(folder.Root))
        {
            yield return Ok("folder", new Text(
                $"{folder.Root}: doesn't exist yet; `volna import` or `volna demo` makes it.",
                $"{folder.Root}: ещё нет; её создаст `volna import` или `volna demo`."));
            yield break;
        }

        if (!shell.DryRun) yield return Writable(folder);
        yield return Space(folder);
        if (!StateStore.Exists(folder))
        {
            yield return Ok("state", new Text(
                $"{folder.State}: doesn't exist yet; `volna import` makes it.", $"{folder.State}: ещё нет; её создаст `volna import`."));
            yield break;
        }

        StateStore? state = null;
        var opened = Try("state", () =>
        {
            state = StateStore.Open(folder);
            return state.FindDamage() is { } damage
                ? Problem("state", new Text(
                    $"{folder.State}: is damaged ({damage}); put back a copy from before.",
                    $"{folder.State}: повреждена ({damage}); верните прежнюю копию."))
                : Ok("state", new Text($"{folder.State}: sound, schema version {StateStore.SchemaVersion}", $"{folder.State}: исправна, версия схемы {StateStore.SchemaVersion}"));
        });
        yield return opened;
        if (state is null) yield break;

        using (state)
        {
            if (opened.Finding == Finding.Problem) yield break;
            foreach (var check in Goods(state, shell)) yield return check;
            yield return History(folder, state, shell);
            yield return Model(folder);
            foreach (var check in Packs(folder, state)) yield return check;
        }
    }

    static Check Writable(DataFolder folder)
    {
        var probe = Path.Combine(folder.Root, ".doctor");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Ok("folder", new Text($"{folder.Root}: can be written", $"{folder.Root}: запись возможна"));
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            return Problem("folder", new Text(
                $"{folder.Root}: can't be written ({failure.Message}); check the rights of the folder.",
                $"{folder.Root}: запись невозможна ({failure.Message}); проверьте права на папку."));
        }
    }

    static Check Space(DataFolder folder)
    {
        var free = new DriveInfo(Path.GetFullPath(folder.Root)).AvailableFreeSpace;
        string Gigabytes(Language language) => (free / (double)(1L << 30)).ToString("N1", language.Culture());
        return free >= LeastFreeBytes
            ? Ok("disk", new Text($"{Gigabytes(Language.English)} GB free", $"свободно {Gigabytes(Language.Russian)} ГБ"))
            : Problem("disk", new Text(
                $"only {Gigabytes(Language.English)} GB free; an import or a wave may need more: free at least 1 GB.",
                $"свободно всего {Gigabytes(Language.Russian)} ГБ; загрузке или волне может не хватить: освободите хотя бы 1 ГБ."));
    }

    static IEnumerable<Check> Goods(StateStore state, Shell shell)
    {
        var store = new CatalogStore(state);
        var catalog = store.Load(DateOnly.FromDateTime(shell.Time.GetLocalNow().DateTime));
        var customers = store.LoadProfiles().Length - 1;
        int products = catalog.Products.Count(product => product is not null), stores = catalog.Stores.Count(place => place is not null);
        yield return Ok("catalogue", new Text(
            $"customers: {customers}, products: {products}, stores: {stores}, exclusions: {catalog.Exclusions.Length}",
            $"покупателей: {customers}, товаров: {products}, магазинов: {stores}, исключений: {catalog.Exclusions.Length}"));
        foreach (var remark in CatalogRemarks.Of(catalog)) yield return new Check("catalogue", Finding.Remark, remark);
    }

    /// <summary>Reading all of the history checks every block's checksum on the way.</summary>
    static Check History(DataFolder folder, StateStore state, Shell shell) => Try("history", () =>
    {
        using var history = HistoryStore.Open(folder, state);
        var snapshot = history.Snapshot();
        long lines = 0, customers = 0;
        for (var shard = 0; shard < HistoryStore.Shards; shard++)
            foreach (var customer in history.ReadShard(snapshot, shard))
            {
                shell.Stop.ThrowIfCancellationRequested();
                customers++;
                lines += customer.Lines.Length;
            }

        return lines == snapshot.Lines
            ? Ok("history", new Text($"purchase lines: {lines}, customers: {customers}, snapshot {snapshot.Id}", $"строк покупок: {lines}, покупателей: {customers}, снимок {snapshot.Id}"))
            : Problem("history", new Text(
                $"{folder.History}: has {lines} purchase lines, but {snapshot.Lines} were imported; put back a copy of the whole data folder.",
                $"{folder.History}: строк покупок {lines}, а загружено было {snapshot.Lines}; верните копию всей папки данных."));
    });

    static Check Model(DataFolder folder) => !Directory.Exists(folder.Models) || Directory.GetDirectories(folder.Models).Length == 0
        ? Ok("model", new Text("Nothing was learnt yet; `volna learn` does.", "Модели ещё нет; её обучает `volna learn`."))
        : Try("model", () =>
        {
            var (version, _) = new ModelStore(folder).LoadPresent();
            return Ok("model", new Text($"{version}: loads", $"{version}: загружается"));
        });

    static IEnumerable<Check> Packs(DataFolder folder, StateStore state)
    {
        foreach (var wave in new WaveStore(state).List().Where(wave => File.Exists(folder.Pack(wave.Id))))
            yield return Try("wave", () =>
            {
                using var pack = OfferPackStore.Open(folder, wave.Id);
                return Ok("wave", new Text(
                    $"{wave.Id}: its pack is sound, customers: {pack.Customers}, offers: {pack.Offers}", $"{wave.Id}: пакет исправен, покупателей: {pack.Customers}, предложений: {pack.Offers}"));
            });
    }

    /// <summary>A failure that the program can explain is a finding, and the checks go on.</summary>
    static Check Try(string what, Func<Check> check)
    {
        try
        {
            return check();
        }
        catch (BadInputException bad)
        {
            return Problem(what, bad.Sentence);
        }
        catch (SqliteException failure)
        {
            return Problem(what, new Text($"a database can't be read ({failure.Message}); put back a copy from before.", $"база не читается ({failure.Message}); верните прежнюю копию."));
        }
    }

    static Check Ok(string what, Text detail) => new(what, Finding.Ok, detail);

    static Check Problem(string what, Text detail) => new(what, Finding.Problem, detail);

    static Text Word(Finding finding) => finding switch
    {
        Finding.Ok => new("ok", "в порядке"),
        Finding.Remark => new("remark", "заметка"),
        _ => new("problem", "проблема"),
    };
}
