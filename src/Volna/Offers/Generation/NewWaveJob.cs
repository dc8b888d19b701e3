using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Kernels;
using Volna.Learning;
using Volna.Offers.Choice;
using Volna.Offers.Plans;
using Volna.Offers.Response;

namespace Volna.Offers.Generation;

/// <summary>Makes a new wave from a plan file: freezes the data, the model and the earlier waves that it will be a function of.</summary>
public static partial class NewWaveJob
{
    /// <param name="planPath">A file, or the digest or name of a kept plan.</param>
    /// <param name="from">First day of validity; purchases on it or later aren't looked at.</param>
    /// <param name="id">Null for the first day, with a letter where a wave of that day exists.</param>
    /// <param name="seed">Null for one derived from the plan's name and the first day.</param>
    /// <param name="dryRun">True to check everything and keep nothing.</param>
    /// <exception cref="GuardException">Black-out days of the plan leave it no day.</exception>
    /// <exception cref="BadInputException">The plan has a mistake, there are no purchases before the first day, no model was learnt, or it was learnt from later purchases.</exception>
    public static Wave Create(DataFolder folder, StateStore state, string planPath, DateOnly from, string? id, string by, ulong? seed, bool dryRun, TimeProvider time)
    {
        (planPath, var text) = PlanStore.Read(planPath, state);
        var plan = PlanFile.Parse(planPath, text);
        var validity = ValidityOf(plan, planPath, from);
        from = validity.Start;
        var catalog = new CatalogStore(state).LoadGoodsAndStores(from);
        foreach (var mistake in PlanFile.Against(plan, planPath, catalog)) throw mistake;
        // Too many goods in too many stores are told here, not when it is generated.
        if (plan.Limits.Any(limit => limit.Where is not null || limit.MostOfStock is not null)) _ = new SharedLimits(plan, new CatalogStore(state).Load(from));

        using var history = HistoryStore.Open(folder, state);
        var snapshot = history.Snapshot();
        if (snapshot.FirstDay is not { } firstDay || firstDay >= from)
            throw new BadInputException("no-purchases", new Text(
                $"{folder.Root}: holds no purchases before {from:yyyy-MM-dd}; import receipts first, or start the wave later.",
                $"{folder.Root}: нет покупок раньше {from:yyyy-MM-dd}; сначала загрузите чеки или начните волну позже."));

        var (version, model) = new ModelStore(folder).LoadPresent();
        // It would know what customers bought in the wave's own days.
        if (model.Day > from)
            throw new BadInputException("model-too-new", new Text(
                $"--from: found {from:yyyy-MM-dd}, but the model {version} was learnt from purchases up to {model.Day.AddDays(-1):yyyy-MM-dd}; expected {model.Day:yyyy-MM-dd} or later, or a data folder whose purchases end before the wave.",
                $"--from: найдено {from:yyyy-MM-dd}, но модель {version} обучена на покупках по {model.Day.AddDays(-1):yyyy-MM-dd}; ожидался день {model.Day:yyyy-MM-dd} или позже либо папка данных, где покупки кончаются до начала волны."));

        if (plan.UsesPortraits)
            foreach (var mistake in PlanFile.Against(plan, planPath, new ModelStore(folder).ReadCard(version).Portraits)) throw mistake;

        var waves = new WaveStore(state);
        var all = waves.List();
        var earlier = Earlier(all, plan, from);
        seed ??= Hash64.Of(string.Create(CultureInfo.InvariantCulture, $"{plan.Name}|{from:yyyy-MM-dd}"));
        var wave = new Wave(
            id is null ? FreeId(from, all) : Checked(id), WaveStatus.Draft, validity,
            seed.Value, text, snapshot.Id, version, null, by, null, time.GetLocalNow())
        {
            Earlier = [.. earlier.Select(one => one.Id)],
            Response = plan.LearnsResponse ? ResponseJob.Learn(folder, history, snapshot, catalog, plan, [.. earlier.Take(PlanFile.EarlierWaves)], from, seed.Value) : [],
        };
        if (dryRun) return wave;
        new PlanStore(state).Keep(text, by, time.GetLocalNow(), isHandedIn: false);
        waves.Add(wave);
        return wave;
    }

    /// <summary>What a person should know before a wave is generated.</summary>
    public static IReadOnlyList<Text> Remarks(DataFolder folder, StateStore state, Wave wave)
    {
        using var history = HistoryStore.Open(folder, state);
        return [.. WaveRemarks.Of(
            PlanFile.Parse($"wave {wave.Id}", wave.Plan), new CatalogStore(state).Load(wave.Validity.Start), wave.ModelVersion!, new ModelStore(folder).ReadCard(wave.ModelVersion!).Day,
            history.Snapshot().LastDay!.Value, wave.Validity.Start)];
    }

    /// <summary>The days of a wave of a plan that would begin on a day.</summary>
    /// <exception cref="GuardException">Black-out days leave it none.</exception>
    public static Period ValidityOf(Plan plan, string planPath, DateOnly from)
    {
        var wanted = new Period(from, from.AddDays(plan.ValidityDays));
        return plan.Blackout.Fit(wanted) ?? throw new GuardException("blackout", new Text(
            $"{planPath}: a wave from {wanted.Start:yyyy-MM-dd} to {wanted.End.AddDays(-1):yyyy-MM-dd} would hold on black-out days of the plan ({plan.Blackout.In(wanted)}); choose another day, or let the plan move waves (\"then\": \"move\").",
            $"{planPath}: волна с {wanted.Start:yyyy-MM-dd} по {wanted.End.AddDays(-1):yyyy-MM-dd} попала бы на запретные дни плана ({plan.Blackout.In(wanted)}); выберите другой день или разрешите плану сдвигать волны (\"then\": \"move\")."));
    }

    /// <summary>The waves that a new one looks back on, latest first: the last few, and whichever more a limit of contacts counts.</summary>
    internal static List<Wave> Earlier(IReadOnlyList<Wave> waves, Plan plan, DateOnly from)
    {
        var contactDays = plan.ChannelContacts.Values.Select(limit => limit.Days).Append(plan.Contacts?.Days ?? 0).Max();
        return [.. waves.Where(one => one.Status is WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported && one.Validity.Start <= from)
            .OrderByDescending(one => one.Validity.Start).ThenByDescending(one => one.Id, StringComparer.Ordinal)
            .TakeWhile((one, at) => at < PlanFile.EarlierWaves || one.Validity.Start > from.AddDays(-contactDays))];
    }

    internal static string FreeId(DateOnly from, IReadOnlyList<Wave> waves)
    {
        var day = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var taken = waves.Select(wave => wave.Id).ToImmutableHashSet(StringComparer.Ordinal);
        if (!taken.Contains(day)) return day;
        for (var letter = 'b'; letter <= 'z'; letter++)
            if (!taken.Contains($"{day}-{letter}"))
                return $"{day}-{letter}";
        throw new BadInputException("wave-exists", new Text(
            $"{day}: there are 26 waves of this day already; give an id with --id.", $"{day}: на этот день уже есть 26 волн; задайте идентификатор через --id."));
    }

    /// <summary>An id becomes a folder's name and part of an offer's code.</summary>
    static string Checked(string id) => IdPattern().IsMatch(id) ? id : throw new BadInputException("wave-id", new Text(
        $"--id: found '{id}', expected 1 to 40 letters a-z, digits and hyphens, the first no hyphen.",
        $"--id: найдено «{id}», ожидалось от 1 до 40 знаков: латинские строчные буквы, цифры и дефис, первый знак не дефис."));

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex IdPattern();
}
