using System.CommandLine;
using Spectre.Console;
using Volna.Reports;
using Volna.Reports.Statistics;
using Volna.Reports.Targeting;

namespace Volna.Server.Verbs;

/// <summary><c>volna report uplift</c></summary>
static class ReportUpliftVerb
{
    public static Command Create(Verb verb)
    {
        var waves = new Argument<string[]>("WAVE")
        {
            Description = verb.In("Ids of waves, seen together; without any, the latest that was published", "Идентификаторы волн, рассматриваются вместе; без них — последняя опубликованная"),
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = verb.Create(
            "uplift",
            new Text(
                "Shows for whom waves changed most, by how likely customers were to buy without them: Qini, whom not to write to, money saved.",
                "Показывает, на ком волны сказались больше всего, по вероятности покупки и без них: Qini, кому не стоило писать и сколько это сберегло бы."),
            "volna report uplift",
            "volna report uplift 2026-11-12 2026-11-26 --json");
        command.Arguments.Add(waves);
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var ids = parsed.GetValue(waves) is { Length: > 0 } given ? given.Distinct().ToList() : [ReportVerb.Latest(state, shell)];
            var view = shell.WithProgress(progress => ReportJob.Targets(shell.Folder, state, ids, shell.Time.GetLocalNow(), keep: !shell.DryRun, progress, shell.Stop));
            if (shell.Json) shell.PrintJson(view);
            else Print(view, shell);
            return Verb.Done;
        });
        return command;
    }

    static void Print(TargetView view, Shell shell)
    {
        var language = shell.Language;
        foreach (var sentence in view.Sentences()) shell.Data.WriteLine(sentence.In(language));
        if (view.Bands.IsEmpty) return;
        var table = new Table().Border(TableBorder.Rounded).AddColumn(shell.In("base conversion", "базовая конверсия"));
        foreach (var head in (string[])[shell.In("treated", "целевая группа"), shell.In("held out", "контроль"), shell.In("held-out who bought", "купили в контроле"), shell.In("effect on spend", "эффект на покупки"), shell.In("95 % interval", "95 %-й интервал"), shell.In("effect on margin", "эффект на маржу"), shell.In("95 % interval", "95 %-й интервал"), "p"])
            table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var band in view.Bands)
            table.AddRow(
                TargetTexts.Range(band.From, band.To, language), FigureText.Count(band.Treated, language), FigureText.Count(band.HeldOut, language),
                band.HeldOutBought is { } bought ? FigureText.Percent(bought, language) : "—", Difference(band.Spend), Interval(band.Spend), Difference(band.Margin), Interval(band.Margin),
                band.Spend is { } spend ? FigureText.PValue(band.CorrectedPValue ?? spend.PValue, language) : "—");
        shell.Print(table);
        foreach (var curve in view.Curves) shell.Data.WriteLine($"{curve.Title().In(language)}: {curve.Qini().In(language)}");

        string Difference(Effect? effect) => effect is null ? "—" : FigureText.WithSign(MetricUnit.Money, effect.Difference, language);

        string Interval(Effect? effect) => effect is null ? "" : FigureText.Interval(MetricUnit.Money, effect, language);
    }
}
