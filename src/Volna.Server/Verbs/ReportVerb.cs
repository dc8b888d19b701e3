using System.CommandLine;
using Spectre.Console;
using Volna.Offers;
using Volna.Reports;
using Volna.Reports.Policies;
using Volna.Reports.Targeting;

namespace Volna.Server.Verbs;

/// <summary><c>volna report</c></summary>
static class ReportVerb
{
    public static Command Create(Verb verb)
    {
        var wave = new Argument<string?>("WAVE")
        {
            Description = verb.In("Id of the wave; without it, the latest that was published", "Идентификатор волны; без него — последняя опубликованная"),
            Arity = ArgumentArity.ZeroOrOne,
        };
        var csv = new Option<string?>("--csv") { Description = verb.In("Where every figure is written as CSV", "Куда записать все цифры в формате CSV"), HelpName = "FILE" };
        var html = new Option<string?>("--html") { Description = verb.In("Where the page is written", "Куда записать страницу отчёта"), HelpName = "FILE" };
        var pdf = new Option<string?>("--pdf") { Description = verb.In("Where the slides are written", "Куда записать слайды"), HelpName = "FILE" };
        var command = verb.Create(
            "report",
            new Text(
                "Shows what a wave brought against the customers held out, and writes a page, slides (PDF) and a CSV file into reports/WAVE.",
                "Показывает, что волна принесла относительно контрольной группы, и пишет страницу, слайды (PDF) и файл CSV в reports/WAVE."),
            "volna report",
            "volna report 2026-11-26 --html report.html --pdf report.pdf",
            "volna report 2026-11-26 --json");
        command.Arguments.Add(wave);
        command.Options.Add(csv);
        command.Options.Add(html);
        command.Options.Add(pdf);
        command.Subcommands.Add(ReportPeriodVerb.Create(verb));
        command.Subcommands.Add(ReportSupplierVerb.Create(verb));
        command.Subcommands.Add(ReportUpliftVerb.Create(verb));
        verb.SetAction(command, (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var id = parsed.GetValue(wave) ?? Latest(state, shell);
            var report = shell.WithProgress(progress => ReportJob.Make(shell.Folder, state, id, shell.Time.GetLocalNow(), keep: !shell.DryRun, progress, shell.Stop));
            var (csvPath, pagePath) = (parsed.GetValue(csv) ?? ReportStore.CsvPath(shell.Folder, id), parsed.GetValue(html) ?? ReportStore.PagePath(shell.Folder, id));
            var slidesPath = parsed.GetValue(pdf) ?? ReportStore.SlidesPath(shell.Folder, id);
            if (!shell.DryRun)
            {
                ReportStore.Save(shell.Folder, report, csvPath, pagePath, shell.Language, slidesPath);
                if (report.IsOver) new WaveStore(state).Finish(id, Environment.UserName, report.MadeAt);
            }

            if (shell.Json) shell.PrintJson(report);
            else Print(report, shell);
            if (!shell.DryRun) shell.Say(new Text($"page: {pagePath}; slides: {slidesPath}; every figure: {csvPath}", $"страница: {pagePath}; слайды: {slidesPath}; все цифры: {csvPath}"));
            return Verb.Done;
        });
        return command;
    }

    internal static string Latest(StateStore state, Shell shell) =>
        new WaveStore(state).List().FirstOrDefault(wave => wave.Status is WaveStatus.Published or WaveStatus.Closed or WaveStatus.Reported)?.Id
            ?? throw new BadInputException("no-wave", new Text(
                $"{shell.Folder.Root}: no wave was published yet; `volna wave list` shows those there are.",
                $"{shell.Folder.Root}: ни одна волна ещё не опубликована; список волн показывает `volna wave list`."));

    /// <summary>The report as text: the sentence, the effects, redemption, remarks.</summary>
    internal static void Print(WaveReport report, Shell shell)
    {
        var language = shell.Language;
        string In(string english, string russian) => new Text(english, russian).In(language);

        shell.Data.WriteLine($"{In("Wave", "Волна")} {report.Wave}, {FigureText.Day(report.Start, language)} – {FigureText.Day(report.End.AddDays(-1), language)}: {FigureText.Count(report.Everyone.Treated, language)} {In("customers treated", "в целевой группе")}, {FigureText.Count(report.Everyone.HeldOut, language)} {In("held out", "в контроле")}");
        shell.Data.WriteLine(Headline.Of(report).In(language));
        foreach (var note in report.Notes.Where(note => note.Alarm)) shell.Data.WriteLine($"{In("Attention:", "Внимание:")} {note.Text.In(language)}");

        shell.Print(EffectTable(report.Everyone.Metrics.Select(figures => (figures.Metric.Name().In(language), figures)), In("per assigned customer", "на участника волны"), language));
        if (report.By(Dimension.Segment) is { Count: > 1 } segments)
            shell.Print(EffectTable(segments.Select(segment => (segment.Name, segment[Metric.SpendPerCustomer])), In("spend per customer by segment", "покупки на покупателя по сегментам"), language));

        if (report.Targets is { } targets)
            foreach (var sentence in targets.Sentences()) shell.Data.WriteLine(sentence.In(language));
        if (report.Policies is { } policies) shell.Data.WriteLine(policies.Sentence().In(language));

        var redemption = report.Redemption;
        var slots = new Table().Border(TableBorder.Rounded);
        slots.AddColumn(In("slot", "слот"));
        foreach (var head in (string[])[In("offers", "предложений"), In("redeemed", "погашено"), In("share", "доля"), In("discount", "скидка")])
            slots.AddColumn(new TableColumn(head).RightAligned());
        foreach (var slot in redemption.Slots) AddSlot(slot.Slot.Name().In(language), slot.Offers, slot.Redeemed, slot.DiscountMinor);
        AddSlot(In("all", "всего"), redemption.Offers, redemption.Redeemed, redemption.DiscountMinor);
        shell.Print(slots);
        if (report.Letters is { } letters) shell.Data.WriteLine(letters.Sentence().In(language));
        foreach (var note in report.Notes.Where(note => !note.Alarm)) shell.Data.WriteLine("* " + note.Text.In(language));

        void AddSlot(string name, long offers, long redeemed, long discountMinor) => slots.AddRow(
            name, FigureText.Count(offers, language), FigureText.Count(redeemed, language),
            offers == 0 ? "—" : FigureText.Percent((double)redeemed / offers, language), FigureText.Total(discountMinor, language));
    }

    internal static Table EffectTable(IEnumerable<(string Name, MetricFigures Figures)> rows, string title, Language language)
    {
        string In(string english, string russian) => new Text(english, russian).In(language);

        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn(Markup.Escape(title));
        foreach (var head in (string[])[In("treated", "целевая группа"), In("held out", "контроль"), In("difference", "разница"), In("95 % interval", "95 %-й интервал"), "%", In("95 % interval", "95 %-й интервал"), "p"])
            table.AddColumn(new TableColumn(head).RightAligned());
        foreach (var (name, figures) in rows)
        {
            var unit = figures.Metric.Unit();
            table.AddRow(
                Markup.Escape(name),
                FigureText.Of(unit, figures.Treated, language),
                FigureText.Of(unit, figures.HeldOut, language),
                figures.Difference is { } difference ? FigureText.WithSign(unit, difference.Difference, language) : "—",
                figures.Difference is { } range ? FigureText.Interval(unit, range, language) : In("not enough data yet", "данных ещё мало"),
                figures.Relative is { } relative ? FigureText.SignedPercent(relative.Difference, language) : "—",
                figures.Relative is { } relativeRange ? FigureText.PercentInterval(relativeRange, language) : "",
                figures.Difference is { } tested ? FigureText.PValue(figures.CorrectedPValue ?? tested.PValue, language) : "—");
        }

        return table;
    }
}
