using System.CommandLine;
using Spectre.Console;
using Volna.Intake.Catalog;
using Volna.Offers.Plans;

namespace Volna.Server.Verbs;

/// <summary><c>volna plan</c>: plans of offers and their versions.</summary>
static class PlanVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "plan", new Text("Checks plans of offers, keeps their versions and compares them.", "Проверяет планы предложений, хранит их версии и сравнивает."),
            "volna plan check plan.json", "volna plan keep plan.json", "volna plan list", "volna plan show \"Grocery, weekly\"", "volna plan diff 1f2e3d4c plan.json");
        command.Subcommands.Add(Check(verb));
        command.Subcommands.Add(Keep(verb));
        command.Subcommands.Add(List(verb));
        command.Subcommands.Add(Show(verb));
        command.Subcommands.Add(Diff(verb));
        return command;
    }

    static Command Check(Verb verb)
    {
        var plan = Reference(verb, "PLAN");
        var command = verb.Create(
            "check", new Text("Tells all mistakes of a plan, a sentence each; with a data folder also what its catalogue doesn't have.", "Называет все ошибки плана, каждую одним предложением; при папке данных — и то, чего нет в её каталоге."), "volna plan check plan.json");
        command.Arguments.Add(plan);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = StateOf(shell);
            var mistakes = Mistakes(parsed.GetValue(plan)!, state, shell);
            if (shell.Json) shell.PrintJson(new { mistakes = mistakes.Select(mistake => mistake.In(shell.Language)) });
            else foreach (var mistake in mistakes) shell.Data.WriteLine(mistake.In(shell.Language));
            if (mistakes.Count == 0) shell.Say(new Text("The plan has no mistakes.", "Ошибок в плане нет."));
            return mistakes.Count == 0 ? Verb.Done : Verb.Failed;
        });
        return command;
    }

    static Command Keep(Verb verb)
    {
        var plan = Reference(verb, "FILE");
        var command = verb.Create(
            "keep", new Text("Keeps a plan as a version, so that waves and schedules can name it; waves keep theirs by themselves.", "Сохраняет план как версию, чтобы волны и расписания могли назвать его по имени; планы волн сохраняются сами."), "volna plan keep plan.json");
        command.Arguments.Add(plan);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var (name, text) = PlanStore.Read(parsed.GetValue(plan)!, state);
            foreach (var mistake in PlanFile.Against(PlanFile.Parse(name, text), name, Catalog(state, shell))) throw mistake;
            if (shell.DryRun) return Verb.Done;
            var kept = new PlanStore(state).Keep(text, Environment.UserName, shell.Time.GetLocalNow());
            if (shell.Json) shell.PrintJson(Printed(kept));
            else shell.Data.WriteLine(kept.Digest);
            return Verb.Done;
        });
        return command;
    }

    static Command List(Verb verb)
    {
        var command = verb.Create("list", new Text("Lists the versions of plans, the newest first.", "Показывает версии планов, сначала новые."), "volna plan list", "volna plan list --json");
        verb.SetAction(command, (_, shell) =>
        {
            using var state = shell.OpenState();
            var plans = new PlanStore(state).List();
            if (shell.Json)
            {
                shell.PrintJson(plans.Select(Printed));
                return Verb.Done;
            }

            var table = new Table().Border(TableBorder.Simple);
            foreach (var heading in (string[])[shell.In("digest", "контрольная сумма"), shell.In("plan", "план"), shell.In("kept at (UTC)", "сохранён (UTC)"), shell.In("by", "кем")]) table.AddColumn(heading);
            foreach (var plan in plans) table.AddRow(plan.Beginning, Markup.Escape(plan.Name), $"{plan.KeptAt.UtcDateTime:yyyy-MM-dd HH:mm}", Markup.Escape(plan.KeptBy));
            shell.Print(table);
            return Verb.Done;
        });
        return command;
    }

    static Command Show(Verb verb)
    {
        var plan = Reference(verb, "PLAN");
        var command = verb.Create("show", new Text("Prints a plan as it was written.", "Печатает план, как он записан."), "volna plan show 1f2e3d4c > plan.json", "volna plan show \"Grocery, weekly\"");
        command.Arguments.Add(plan);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = StateOf(shell);
            var (_, text) = PlanStore.Read(parsed.GetValue(plan)!, state);
            if (shell.Json) shell.PrintJson(new { digest = KeptPlan.DigestOf(text), name = PlanFile.ParseName(text), text });
            else shell.Data.WriteLine(text.TrimEnd());
            return Verb.Done;
        });
        return command;
    }

    static Command Diff(Verb verb)
    {
        var (before, after) = (Reference(verb, "BEFORE"), Reference(verb, "AFTER"));
        var command = verb.Create(
            "diff", new Text("Tells what differs between two plans, setting by setting, whatever the layout of their files.", "Показывает, чем отличаются два плана, по настройкам, независимо от оформления файлов."),
            "volna plan diff 1f2e3d4c plan.json", "volna plan diff before.json after.json --json");
        command.Arguments.Add(before);
        command.Arguments.Add(after);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = StateOf(shell);
            var changes = PlanDiff.Between(Text(before), Text(after));
            if (shell.Json)
            {
                shell.PrintJson(changes);
                return Verb.Done;
            }

            foreach (var change in changes)
                shell.Data.WriteLine($"{change.Place}: {change.Before ?? shell.In("(not there)", "(нет)")} -> {change.After ?? shell.In("(not there)", "(нет)")}");
            if (changes.Count == 0) shell.Say(new Text("The plans say the same.", "Планы совпадают."));
            return Verb.Done;

            string Text(Argument<string> argument)
            {
                var (name, text) = PlanStore.Read(parsed.GetValue(argument)!, state);
                PlanFile.Parse(name, text);
                return text;
            }
        });
        return command;
    }

    static List<Text> Mistakes(string reference, StateStore? state, Shell shell)
    {
        var (name, text) = PlanStore.Read(reference, state);
        var (plan, mistakes) = PlanFile.Check(name, text);
        return plan is null || state is null ? [.. mistakes] : [.. PlanFile.Against(plan, name, Catalog(state, shell)).Select(mistake => mistake.Sentence)];
    }

    // A file can be checked where there are no data yet.
    static StateStore? StateOf(Shell shell) => StateStore.Exists(shell.Folder) ? shell.OpenState() : null;

    static Catalog Catalog(StateStore state, Shell shell) => new CatalogStore(state).LoadGoodsAndStores(DateOnly.FromDateTime(shell.Time.GetLocalNow().DateTime));

    static object Printed(KeptPlan plan) => new { plan.Digest, plan.Name, plan.KeptAt, plan.KeptBy };

    static Argument<string> Reference(Verb verb, string name) => new(name)
    {
        Description = verb.In("A file, or the digest (or its beginning) or name of a kept plan", "Файл либо контрольная сумма (или её начало) или название сохранённого плана"),
    };
}
