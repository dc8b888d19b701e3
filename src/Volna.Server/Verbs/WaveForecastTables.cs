using Spectre.Console;
using Volna.Offers;
using Volna.Offers.Forecast;
using Volna.Offers.Plans;

namespace Volna.Server.Verbs;

/// <summary>How the forecast of a wave is shown: as planned, beside it what would be if limits were others, and who loses why.</summary>
static class WaveForecastTables
{
    const int MostReasons = 10;

    public static void Print(Shell shell, Wave wave, WaveForecast planned, WaveForecast? changed)
    {
        if (shell.Json)
        {
            shell.PrintJson(new { wave.Id, AsPlanned = planned, Changed = changed });
            return;
        }

        var plan = PlanFile.Parse($"wave {wave.Id}", wave.Plan);
        var table = changed is null ? WaveTables.Table("", "/" + shell.In("as planned", "по плану")) : WaveTables.Table("", "/" + shell.In("as planned", "по плану"), "/" + shell.In("what if", "что если"));
        Row(shell.In("customers with offers", "покупателей с предложениями"), one => WaveTables.Count(shell, one.Wave.WithOffers));
        Row(shell.In("customers without offers, not held out", "без предложений, не в контроле"), one => WaveTables.Count(shell, one.Wave.Customers - one.Wave.HeldOut - one.Wave.WithOffers));
        Row(shell.In("held out", "в контрольной группе"), one => WaveTables.Count(shell, one.Wave.HeldOut));
        Row(shell.In("offers", "предложений"), one => WaveTables.Count(shell, one.Wave.Offers));
        Row(shell.In("mean depth", "средняя глубина скидки"), one => one.Wave.MeanDepthPercent.ToString("0.0", shell.Language.Culture()) + " %");
        Row(shell.In("expected purchases *", "ожидаемых покупок *"), one => WaveTables.Count(shell, (long)one.Wave.ExpectedPurchases));
        Row(shell.In("cost of discounts *", "стоимость скидок *"), one => WaveTables.Amount(shell, one.Wave.ExpectedDiscountMinor));
        if (planned.Wave.ExpectedBySuppliersMinor > 0) Row(shell.In("of it paid by suppliers *", "из неё платят поставщики *"), one => WaveTables.Amount(shell, one.Wave.ExpectedBySuppliersMinor));
        Row(shell.In("additional margin *", "дополнительная маржа *"), one => Range(shell, one.Margin));
        Row(shell.In("additional turnover *", "дополнительный оборот *"), one => Range(shell, one.Turnover));
        if (planned.Wave.ExpectedBesideMinor != 0) Row(shell.In("first purchases, customers kept, less what other goods lose *", "первые покупки и удержание за вычетом потерь других товаров *"), one => WaveTables.Amount(shell, one.Wave.ExpectedBesideMinor));
        Row(shell.In("value by the plan *", "ценность по плану *"), one => WaveTables.Amount(shell, one.Wave.ValueMinor));
        shell.Print(table);

        var last = changed ?? planned;
        var segments = WaveTables.Table(shell.In("segment", "сегмент"), "/" + shell.In("customers", "покупателей"), "/" + shell.In("with offers", "с предложениями"), "/" + shell.In("get nothing", "ничего не получат"), "/" + shell.In("offers", "предложений"));
        foreach (var one in last.Wave.Segments)
            segments.AddRow(
                Markup.Escape(plan.Segments[one.Segment].Name), WaveTables.Count(shell, one.Customers - one.HeldOut), WaveTables.Count(shell, one.WithOffers),
                WaveTables.Count(shell, one.Customers - one.HeldOut - one.WithOffers), WaveTables.Count(shell, one.Offers));
        shell.Print(segments);

        var empty = WaveTables.Table(shell.In("empty slots", "пустые слоты"), "/" + shell.In("slots", "слотов"), shell.In("because", "потому что"));
        foreach (var one in last.Wave.EmptySlots.OrderByDescending(one => one.Count).Take(MostReasons))
            empty.AddRow(one.Kind.Name().In(shell.Language), WaveTables.Count(shell, one.Count), Markup.Escape(WaveTables.EmptyReason(one.Reason).In(shell.Language)));
        shell.Print(empty);
        if (last.Wave.Limits.Length > 0) WaveTables.PrintLimits(shell, last.Wave);
        shell.Data.WriteLine("* " + WaveTables.Assumptions(plan, wave).In(shell.Language));
        shell.Say(new Text(
            $"Forecast from {WaveTables.Count(shell, planned.Sampled)} of {WaveTables.Count(shell, planned.Customers)} customers; the 95 % intervals tell of the sample, not of the assumptions. Nothing was kept.",
            $"Прогноз по {WaveTables.Count(shell, planned.Sampled)} из {WaveTables.Count(shell, planned.Customers)} покупателей; интервалы 95 % говорят о выборке, а не о предположениях. Ничего не сохранено."));
        if (last.LimitsAreDrawn)
            shell.Say(new Text(
                "Some limits allow fewer offers than a customer of the sample stands for: which of them allow her one is drawn, so that they are right together and rough one by one; a larger --sample tells them better.",
                "Часть ограничений меньше, чем число покупателей, которых представляет один из выборки: какие из них допускают одно предложение, решает жребий, поэтому они верны в сумме и неточны по отдельности; точнее — с большим --sample."));

        void Row(string name, Func<WaveForecast, string> value)
        {
            if (changed is null) table.AddRow(Markup.Escape(name), Markup.Escape(value(planned)));
            else table.AddRow(Markup.Escape(name), Markup.Escape(value(planned)), Markup.Escape(value(changed)));
        }
    }

    static string Range(Shell shell, Range95 range) => $"{WaveTables.Amount(shell, range.Minor)} ({WaveTables.Amount(shell, range.LowerMinor)} ... {WaveTables.Amount(shell, range.UpperMinor)})";
}
