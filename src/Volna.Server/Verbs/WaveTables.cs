using Spectre.Console;
using Volna.Intake.Catalog;
using Volna.Learning.Demand;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Filter;
using Volna.Offers.Generation;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Publishing.Scheduled;

namespace Volna.Server.Verbs;

/// <summary>How waves are shown on the command line: tables for people, JSON for programs.</summary>
static class WaveTables
{
    public static void PrintWave(Shell shell, WaveStore waves, Wave wave, IReadOnlyList<WaveEvent> events)
    {
        var plan = PlanFile.Parse($"wave {wave.Id}", wave.Plan);
        var statistics = wave.Statistics is { } json ? WaveStatistics.FromJson(json) : null;
        var breaches = ReviewWaveJob.Breaches(waves, wave);
        if (shell.Json)
        {
            PrintJson(shell, wave, plan, statistics, breaches, events);
            return;
        }

        string In(string english, string russian) => new Text(english, russian).In(shell.Language);
        var facts = Table("", "");
        facts.HideHeaders();
        void Fact(string name, string value) => facts.AddRow(Markup.Escape(name), Markup.Escape(value));
        Fact(In("wave", "волна"), wave.Id);
        Fact(In("status", "состояние"), wave.Status.Name().In(shell.Language));
        Fact(In("plan", "план"), plan.Name);
        Fact(In("valid", "действует"), In($"{wave.Validity.Start:yyyy-MM-dd} to {wave.Validity.End.AddDays(-1):yyyy-MM-dd}", $"с {wave.Validity.Start:dd.MM.yyyy} по {wave.Validity.End.AddDays(-1):dd.MM.yyyy}"));
        Fact(In("data, model", "данные, модель"), $"{wave.SnapshotId}, {wave.ModelVersion}");
        Fact(In("made by", "создана"), wave.CreatedBy);
        if (wave.ApprovedBy is { } approver) Fact(In("approved by", "согласована"), approver);
        if (statistics is not null)
        {
            Fact(In("customers", "покупателей"), Count(shell, statistics.Customers));
            Fact(In("held out", "в контрольной группе"), Count(shell, statistics.HeldOut));
            if (statistics.UniversallyHeldOut > 0) Fact(In("held out of all waves", "вне всех волн (общая контрольная группа)"), Count(shell, statistics.UniversallyHeldOut));
            Fact(In("with offers", "с предложениями"), Count(shell, statistics.WithOffers));
            Fact(In("offers", "предложений"), Count(shell, statistics.Offers));
            Fact(In("products offered", "товаров предложено"), In($"{Count(shell, statistics.DistinctProducts)} of {Count(shell, statistics.OfferableProducts)}", $"{Count(shell, statistics.DistinctProducts)} из {Count(shell, statistics.OfferableProducts)}"));
            Fact(In("mean depth", "средняя глубина скидки"), statistics.MeanDepthPercent.ToString("0.0", shell.Language.Culture()) + " %");
            Fact(In("explored", "исследовательских"), Count(shell, statistics.Explored));
            Fact(In("expected purchases *", "ожидаемых покупок *"), Count(shell, (long)statistics.ExpectedPurchases));
            Fact(In("expected discount cost *", "ожидаемая стоимость скидок *"), Amount(shell, statistics.ExpectedDiscountMinor));
            if (statistics.ExpectedBySuppliersMinor > 0) Fact(In("of it paid by suppliers *", "из неё платят поставщики *"), Amount(shell, statistics.ExpectedBySuppliersMinor));
            Fact(In("expected additional margin *", "ожидаемая дополнительная маржа *"), Amount(shell, statistics.ExpectedMarginMinor));
            Fact(In("expected additional turnover *", "ожидаемый дополнительный оборот *"), Amount(shell, statistics.ExpectedTurnoverMinor));
            if (statistics.ExpectedBesideMinor != 0) Fact(In("first purchases, customers kept, less what other goods lose *", "первые покупки и удержание за вычетом потерь других товаров *"), Amount(shell, statistics.ExpectedBesideMinor));
            Fact(In("value by the plan *", "ценность по плану *"), In($"{Amount(shell, statistics.ValueMinor)}; no allocation brings more than {statistics.Gap * 100:0.000} % above it", $"{Amount(shell, statistics.ValueMinor)}; никакое распределение не лучше больше чем на {(statistics.Gap * 100).ToString("0.000", shell.Language.Culture())} %"));
            Fact(In("offers with assumed cost *", "предложений с предполагаемой себестоимостью *"), Count(shell, statistics.CostAssumed));
            Fact(In("digest", "контрольная сумма"), wave.Digest ?? "");
        }

        shell.Print(facts);
        if (statistics is not null)
        {
            var segments = Table(In("segment", "сегмент"), "/" + In("customers", "покупателей"), "/" + In("held out", "контроль"), "/" + In("with offers", "с предложениями"), "/" + In("offers", "предложений"));
            foreach (var one in statistics.Segments)
                segments.AddRow(Markup.Escape(plan.Segments[one.Segment].Name), Count(shell, one.Customers), Count(shell, one.HeldOut), Count(shell, one.WithOffers), Count(shell, one.Offers));
            shell.Print(segments);

            var slots = Table(In("slot", "слот"), "/" + In("wanted", "нужно"), "/" + In("filled", "заполнено"), In("empty because", "пусто, потому что"));
            foreach (var one in statistics.Slots)
                slots.AddRow(
                    one.Kind.Name().In(shell.Language), Count(shell, one.Wanted), Count(shell, one.Filled),
                    Markup.Escape(string.Join("; ", statistics.EmptySlots.Where(empty => empty.Kind == one.Kind).OrderByDescending(empty => empty.Count)
                        .Select(empty => $"{Count(shell, empty.Count)} {EmptyReason(empty.Reason).In(shell.Language)}"))));
            shell.Print(slots);

            if (statistics.Limits.Length > 0) PrintLimits(shell, statistics);

            var refusals = Table(In("not offered because", "не предложено, потому что"), "/" + In("candidates", "кандидатов"));
            foreach (var (refusal, count) in statistics.Refusals) refusals.AddRow(Markup.Escape(refusal.Words().In(shell.Language)), Count(shell, count));
            shell.Print(refusals);
            shell.Data.WriteLine("* " + Assumptions(plan, wave).In(shell.Language));
        }

        foreach (var breach in breaches) shell.Say(new Text($"Outside its corridor: {breach.English}.", $"Вне коридора: {breach.Russian}."));
        if (events.Count == 0) return;
        var history = Table(In("at", "когда"), In("by", "кто"), In("became", "стала"), In("note", "примечание"));
        foreach (var one in events) history.AddRow($"{one.At:yyyy-MM-dd HH:mm}", Markup.Escape(one.By), one.To.Name().In(shell.Language), Markup.Escape(one.Note));
        shell.Print(history);
    }

    const int MostStockRows = 20;

    /// <summary>The limits that customers share, and what more of each would bring.</summary>
    internal static void PrintLimits(Shell shell, WaveStatistics statistics)
    {
        string In(string english, string russian) => new Text(english, russian).In(shell.Language);
        var table = Table(In("limit", "ограничение"), "/" + In("used", "занято"), "/" + In("at least", "не меньше"), "/" + In("at most", "не больше"), In("more would bring *", "что дало бы увеличение *"));
        // There may be tens of thousands of caps by stock: those that cost most are shown.
        var stock = statistics.Limits.Where(limit => limit.IsStock).ToList();
        var shown = stock.Where(limit => limit.Price != 0).OrderByDescending(limit => Math.Abs(limit.Price)).Take(MostStockRows).ToHashSet();
        foreach (var limit in statistics.Limits.Where(limit => !limit.IsStock || shown.Contains(limit)).Select(limit => limit.Told()).OrderByDescending(limit => Math.Abs(limit.Price)))
        {
            string Of(long amount) => limit.Money ? Amount(shell, amount / 1_000.0) : Count(shell, amount);
            table.AddRow(
                Markup.Escape(limit.Name), Of(limit.Used), limit.Least > 0 ? Of(limit.Least) : "", limit.Most < long.MaxValue / 4 ? Of(limit.Most) : "",
                (limit.Price, limit.Money) switch
                {
                    (0, _) => In("nothing: there is enough", "ничего: запас есть"),
                    ( < 0, _) => In($"the promise costs {Amount(shell, -limit.Price / 1_000)} for each more offer", $"обещание стоит {Amount(shell, -limit.Price / 1_000)} за каждое следующее предложение"),
                    (_, true) => In($"{Amount(shell, limit.Price * 100_000)} for {Amount(shell, 100_000)}", $"{Amount(shell, limit.Price * 100_000)} на {Amount(shell, 100_000)}"),
                    _ => In($"{Amount(shell, limit.Price / 1_000)} for one offer", $"{Amount(shell, limit.Price / 1_000)} на одно предложение"),
                });
        }

        shell.Print(table);
        if (stock.Count > 0)
            shell.Say(new Text(
                $"Caps by stock: {Count(shell, stock.Count)}, used up: {Count(shell, stock.Count(limit => limit.Used == limit.Most && limit.Most > 0))}; `--json` has all of them.",
                $"Ограничений по остаткам: {Count(shell, stock.Count)}, исчерпано: {Count(shell, stock.Count(limit => limit.Used == limit.Most && limit.Most > 0))}; полный список — в `--json`."));
    }

    public static void PrintList(Shell shell, IReadOnlyList<Wave> waves)
    {
        if (shell.Json)
        {
            shell.PrintJson(waves.Select(wave => new { wave.Id, wave.Status, ValidFrom = wave.Validity.Start, ValidUntil = wave.Validity.End, wave.CreatedBy, wave.ApprovedBy, wave.Digest }));
            return;
        }

        string In(string english, string russian) => new Text(english, russian).In(shell.Language);
        var table = Table(In("wave", "волна"), In("status", "состояние"), In("first day", "первый день"), In("last day", "последний день"), "/" + In("offers", "предложений"), In("made by", "создана"), In("approved by", "согласована"));
        foreach (var wave in waves)
            table.AddRow(
                Markup.Escape(wave.Id), wave.Status.Name().In(shell.Language), $"{wave.Validity.Start:yyyy-MM-dd}", $"{wave.Validity.End.AddDays(-1):yyyy-MM-dd}",
                wave.Statistics is { } json ? Count(shell, WaveStatistics.FromJson(json).Offers) : "", Markup.Escape(wave.CreatedBy), Markup.Escape(wave.ApprovedBy ?? ""));
        shell.Print(table);
    }

    public static void PrintScheduled(Shell shell, IReadOnlyList<ScheduledWave> waves)
    {
        if (shell.Json)
        {
            shell.PrintJson(waves.Select(wave => new { wave.Plan, wave.Day, wave.State, Wave = wave.Wave.Length > 0 ? wave.Wave : null, Note = wave.Note.In(shell.Language) }));
            return;
        }

        string In(string english, string russian) => new Text(english, russian).In(shell.Language);
        var table = Table(In("plan", "план"), In("day", "день"), In("what became of it", "что с ней стало"), In("wave", "волна"), In("why", "почему"));
        foreach (var wave in waves)
            table.AddRow(Markup.Escape(wave.Plan), $"{wave.Day:yyyy-MM-dd}", wave.State.Name().In(shell.Language), Markup.Escape(wave.Wave), Markup.Escape(wave.Note.In(shell.Language)));
        shell.Print(table);
    }

    public static void PrintWhy(Shell shell, string customer, WaveAnswer answer, Catalog catalog, int most)
    {
        IEnumerable<Explanation> Strongest(int at) => at < answer.Reasons.Count ? answer.Reasons[at] : [];
        var refused = answer.Candidates?.Where(one => one.Refusal != OfferRefusal.None).ToList();
        if (shell.Json)
        {
            shell.PrintJson(new
            {
                Customer = customer,
                answer.Segment,
                answer.HeldOut,
                answer.UniversallyHeldOut,
                Offers = answer.Offers.Select((offer, at) => new
                {
                    Product = offer.Target == Candidate.WholeBasket ? "" : catalog.Product(offer.Target).Key,
                    Name = offer.Target == Candidate.WholeBasket ? OfferTexts.Basket(offer.LeastTotal).In(shell.Language) : catalog.Product(offer.Target).Name,
                    offer.Slot,
                    LeastTotalMinor = offer.Target == Candidate.WholeBasket ? offer.LeastTotal.Minor : (long?)null,
                    DepthPercent = offer.Depth.BasisPoints / 100m,
                    RegularPriceMinor = offer.RegularPrice.Minor,
                    FloorMinor = offer.Floor.Minor,
                    offer.Propensity,
                    Reason = OfferTexts.Reason(offer, catalog),
                    Reasons = Strongest(at).Select(one => new { Code = one.Reason, Words = OfferTexts.Reason(one.Reason, one.Because, catalog) }),
                }),
                Refused = refused?.Take(most).Select(one => new
                {
                    Product = one.Candidate.Product == Candidate.WholeBasket ? "" : catalog.Product(one.Candidate.Product).Key,
                    Name = one.Candidate.Product == Candidate.WholeBasket ? OfferTexts.Basket(new Money(one.Candidate.Because)).In(shell.Language) : catalog.Product(one.Candidate.Product).Name,
                    one.Candidate.Chance,
                    one.Refusal,
                    Because = one.Refusal.Words(),
                }),
            });
            return;
        }

        string In(string english, string russian) => new Text(english, russian).In(shell.Language);
        if (answer.UniversallyHeldOut)
        {
            shell.Data.WriteLine(In(
                "Held out of all waves: she never gets offers, so that the effect of all waves together can be measured.",
                "Общая контрольная группа: предложений нет ни в одной волне, чтобы измерить эффект всех волн вместе."));
            return;
        }

        shell.Data.WriteLine(In($"Segment: {answer.Segment}.", $"Сегмент: {answer.Segment}."));
        if (answer.HeldOut)
            shell.Data.WriteLine(In("Held out: she gets no offers, so that the effect of the others' can be measured.", "Контрольная группа: предложений нет, чтобы измерить эффект у остальных."));
        else
        {
            var offers = Table(In("offer", "предложение"), In("slot", "слот"), "/" + In("discount", "скидка"), "/" + In("shelf price", "цена на полке"), In("why", "почему"));
            foreach (var (at, offer) in answer.Offers.Index())
                offers.AddRow(
                    Markup.Escape(Named(shell, catalog, offer.Target, offer.LeastTotal)), offer.Slot.Name().In(shell.Language), OfferTexts.Deal(offer).In(shell.Language), (offer.Target == Candidate.WholeBasket ? offer.LeastTotal : offer.RegularPrice).ToString(shell.Language),
                    Markup.Escape(string.Join("; ", Strongest(at).Select(one => OfferTexts.Reason(one.Reason, one.Because, catalog).In(shell.Language)).DefaultIfEmpty(OfferTexts.Reason(offer, catalog).In(shell.Language)))));
            shell.Print(offers);
        }

        if (refused is null)
        {
            shell.Say(new Text(
                "The data have changed since, so the refused candidates can't be worked out again.", "С тех пор данные изменились, поэтому причины отказов восстановить нельзя."));
            return;
        }

        if (refused.Count == 0) return;
        var table = Table(In("not offered", "не предложено"), "/" + In("chance", "шанс"), In("why not", "почему нет"));
        foreach (var one in refused.Take(most))
            table.AddRow(
                Markup.Escape(Named(shell, catalog, one.Candidate.Product, new Money(one.Candidate.Because))), (one.Candidate.Chance * 100).ToString("0.0", shell.Language.Culture()) + " %", Markup.Escape(one.Refusal.Words().In(shell.Language)));
        shell.Print(table);
        if (refused.Count > most) shell.Say(new Text($"{refused.Count - most} more; --most N shows them.", $"Ещё {refused.Count - most}; их покажет --most N."));
    }

    public static void PrintPublication(Shell shell, PublishSummary summary)
    {
        if (shell.Json)
        {
            shell.PrintJson(summary);
            return;
        }

        string In(string english, string russian) => new Text(english, russian).In(shell.Language);
        var table = Table(In("channel", "канал"), "/" + In("written", "записано"), "/" + In("no consent", "нет согласия"), "/" + In("no address", "нет адреса"), "/" + In("contact limit", "лимит контактов"));
        foreach (var channel in summary.Channels) table.AddRow(channel.Channel, Count(shell, channel.Written), Count(shell, channel.NoConsent), Count(shell, channel.NoAddress), Count(shell, channel.ContactLimit));
        shell.Print(table);
        shell.Say(new Text(
            $"Wave {summary.Wave} is published: {summary.Offers} offers to {summary.Customers} customers, {summary.HeldOut} held out; messages in {summary.Outbox}.",
            $"Волна {summary.Wave} опубликована: предложений — {summary.Offers}, покупателей — {summary.Customers}, в контрольной группе — {summary.HeldOut}; сообщения в {summary.Outbox}."));
    }

    static void PrintJson(Shell shell, Wave wave, Plan plan, WaveStatistics? statistics, IReadOnlyList<Text> breaches, IReadOnlyList<WaveEvent> events) => shell.PrintJson(new
    {
        wave.Id,
        wave.Status,
        Plan = plan.Name,
        ValidFrom = wave.Validity.Start,
        ValidUntil = wave.Validity.End,
        wave.Seed,
        Snapshot = wave.SnapshotId,
        Model = wave.ModelVersion,
        wave.Earlier,
        wave.CreatedBy,
        wave.ApprovedBy,
        wave.Digest,
        statistics?.Customers,
        statistics?.HeldOut,
        statistics?.WithOffers,
        statistics?.Offers,
        Segments = statistics?.Segments.Select(one => new { plan.Segments[one.Segment].Name, one.Customers, one.HeldOut, one.WithOffers, one.Offers }),
        statistics?.Slots,
        statistics?.EmptySlots,
        statistics?.Candidates,
        Refusals = statistics?.Refusals.ToDictionary(one => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(one.Key.ToString()), one => one.Value),
        statistics?.MeanDepthPercent,
        statistics?.Explored,
        statistics?.CostAssumed,
        statistics?.ExpectedPurchases,
        statistics?.ExpectedDiscountMinor,
        statistics?.ExpectedBySuppliersMinor,
        statistics?.ExpectedMarginMinor,
        statistics?.ExpectedTurnoverMinor,
        statistics?.ExpectedBesideMinor,
        statistics?.ValueMinor,
        statistics?.BoundMinor,
        statistics?.Gap,
        Limits = statistics?.Limits.Select(limit => limit.Told()).Select(limit => new { limit.Name, Counts = limit.Money ? "milliMinor" : "offers", limit.Most, limit.Least, limit.Used, ShadowPrice = limit.Price }),
        statistics?.DistinctProducts,
        statistics?.OfferableProducts,
        Assumptions = Assumptions(plan, wave),
        wave.Response,
        CorridorBreaches = breaches,
        Events = events,
    });

    /// <summary>What the expected figures rest on, said wherever they are shown.</summary>
    internal static Text Assumptions(Plan plan, Wave wave)
    {
        var learnt = wave.Response.ToDictionary(one => one.Slot);
        string Odds(Language language) => string.Join(", ", plan.SlotKinds.OrderBy(one => one.Key).Select(one =>
        {
            string Number(double odds) => odds.ToString("0.##", language.Culture());
            var name = one.Key.Name().In(language);
            return learnt.TryGetValue(one.Key, out var odds)
                ? new Text(
                    $"{name} {Number(odds.Drawn)} and {Number(Math.Exp(odds.Offered.Used))} for being offered at all (learnt {Number(odds.OddsPerTenPercent)}, 95 % {Number(odds.Lower)} to {Number(odds.Upper)}, and {Number(Math.Exp(odds.Offered.Mean))}, from {Count(odds.Offers, language)} offers and {Count(odds.Ghosts, language)} that held-out customers would have got)",
                    $"{name} {Number(odds.Drawn)} и {Number(Math.Exp(odds.Offered.Used))} за само предложение (изучено: {Number(odds.OddsPerTenPercent)}, 95 % от {Number(odds.Lower)} до {Number(odds.Upper)}, и {Number(Math.Exp(odds.Offered.Mean))}; предложений {Count(odds.Offers, language)}, не сделанных контрольной группе {Count(odds.Ghosts, language)})").In(language)
                : new Text($"{name} {Number(one.Value.OddsPerTenPercent)} (assumed by the plan)", $"{name} {Number(one.Value.OddsPerTenPercent)} (допущение плана)").In(language);
        }));
        string Worth(Language language) => string.Join(", ", wave.Response.Where(one => one.Worth is not null).Select(one => $"{one.Slot.Name().In(language)} {one.Worth!.Value.Used.ToString("0.00", language.Culture())}"));
        var worth = wave.Response.Any(one => one.Worth is not null)
            ? new Text($"; additional turnover is worth beyond the product's own margin, as learnt: {Worth(Language.English)}", $"; дополнительная выручка приносит сверх маржи самого товара, как изучено: {Worth(Language.Russian)}")
            : new Text("", "");
        var taken = plan.Cannibalisation == 0 ? new Text("", "") : new Text(
            $"; of what goods of a category should take from each other, {plan.Cannibalisation.ToString("0.##", Language.English.Culture())} is counted", $"; из того, что товары категории должны отнимать друг у друга, учтено {plan.Cannibalisation.ToString("0.##", Language.Russian.Culture())}");
        return new Text(
            $"The odds of buying are taken to grow for each 10 % off by a factor of: {Odds(Language.English)}{worth.English}{taken.English}; where no cost is known it is {plan.AssumedCost?.ToString() ?? "not assumed"}{(plan.AssumedCost is null ? "" : " of the price, an assumption")}.",
            $"Шансы покупки на каждые 10 % скидки умножаются на: {Odds(Language.Russian)}{worth.Russian}{taken.Russian}; неизвестная себестоимость {(plan.AssumedCost is { } cost ? $"принята за {cost} цены, это допущение" : "не предполагается")}.");
    }

    internal static Text EmptyReason(OfferRefusal reason) => reason == OfferRefusal.None ? new("too few candidates", "мало кандидатов") : reason.Words();

    /// <param name="least">For the whole basket: what it has to come to; zero where that isn't known.</param>
    static string Named(Shell shell, Catalog catalog, int product, Money least) =>
        product == Candidate.WholeBasket ? (least > Money.Zero ? OfferTexts.Basket(least) : SlotKind.Basket.Name()).In(shell.Language) : $"{catalog.Product(product).Name} ({catalog.Product(product).Key})";

    internal static string Count(Shell shell, long count) => Count(count, shell.Language);

    static string Count(long count, Language language) => count.ToString("N0", language.Culture());

    internal static string Amount(Shell shell, double minor) => new Money((long)Math.Round(minor)).ToString(shell.Language);

    /// <summary>A table; a heading with a slash before it is over numbers.</summary>
    internal static Table Table(params ReadOnlySpan<string> headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings)
            table.AddColumn(heading.StartsWith('/') ? new TableColumn(Markup.Escape(heading[1..])).RightAligned() : new TableColumn(Markup.Escape(heading)));
        return table;
    }
}
