using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Volna.Intake.Letters;
using Volna.Reports.Policies;
using Volna.Reports.Targeting;

namespace Volna.Reports;

/// <summary>Every figure of a report as CSV, a row each; money in units of the currency. Empty cells: nothing can be said.</summary>
static class ReportCsv
{
    public static string Of(WaveReport report)
    {
        var csv = new StringBuilder("wave,population,metric,unit,treatedCustomers,heldOutCustomers,treated,heldOut,difference,lower,upper,pValue,relative,relativeLower,relativeUpper,total,totalLower,totalUpper,verdict,unadjusted,unadjustedLower,unadjustedUpper,unadjustedPValue,adjustment,correctedPValue\n");
        foreach (var population in report.Groups.Prepend(report.Everyone))
            foreach (var figures in population.Metrics)
                Figures(population.Dimension == Dimension.Everyone ? "everyone" : Camel(population.Dimension) + ":" + population.Name, Camel(figures.Metric), population.Treated, population.HeldOut, figures);

        if (report.Capped is { } capped)
        {
            Figures("everyone", "spendPerCustomerCut", report.Everyone.Treated, report.Everyone.HeldOut, capped.Spend);
            Counted("everyone", "spendCutAt", "currency", capped.BoundMinor / 100.0);
            Counted("everyone", "spendCutShare", "share", capped.CutShare);
        }

        if (report.Targets is { } targets) Targets(targets);
        if (report.Policies is { IsEmpty: false } policies) Policies(policies);
        Counted("everyone", "unknownCostShare", "share", report.Everyone.UnknownCostShare);
        if (report.SampleRatio is { } ratio)
        {
            Counted("everyone", "plannedHeldOutShare", "share", ratio.PlannedShare);
            Counted("everyone", "sampleRatioPValue", "probability", ratio.PValue);
        }

        Redeemed("everyone", report.Redemption.Offers, report.Redemption.Redeemed, report.Redemption.DiscountMinor);
        Counted("everyone", "redeemers", "customers", report.Redemption.Redeemers);
        foreach (var depth in report.Redemption.Depths) Redeemed($"depth:{(depth.DepthBasisPoints / 100.0).ToString(CultureInfo.InvariantCulture)}", depth.Offers, depth.Redeemed, depth.DiscountMinor);
        foreach (var slot in report.Redemption.Slots) Redeemed("slot:" + Camel(slot.Slot), slot.Offers, slot.Redeemed, slot.DiscountMinor);
        if (report.Letters is { } letters) Letters(letters);
        return csv.ToString();

        void Figures(string population, string metric, long treated, long heldOut, MetricFigures figures)
        {
            var unit = figures.Metric.Unit();
            var scale = unit == MetricUnit.Money ? 100.0 : 1;
            Row(
                report.Wave, population, metric, Camel(unit == MetricUnit.Money ? "currency" : unit),
                Count(treated), Count(heldOut), Number(figures.Treated / scale), Number(figures.HeldOut / scale),
                Number(figures.Difference?.Difference / scale), Number(figures.Difference?.Lower / scale), Number(figures.Difference?.Upper / scale), Number(figures.Difference?.PValue),
                Number(figures.Relative?.Difference), Number(figures.Relative?.Lower), Number(figures.Relative?.Upper),
                Number(figures.Total?.Difference / scale), Number(figures.Total?.Lower / scale), Number(figures.Total?.Upper / scale),
                figures.Verdict == NoVerdict.None ? "" : Camel(figures.Verdict),
                Number(figures.Unadjusted?.Difference / scale), Number(figures.Unadjusted?.Lower / scale), Number(figures.Unadjusted?.Upper / scale), Number(figures.Unadjusted?.PValue),
                figures.Verdict == NoVerdict.None ? Camel(figures.Adjustment) : "", Number(figures.CorrectedPValue));
        }

        void Targets(TargetView view)
        {
            foreach (var (kind, groups) in ((string, ImmutableArray<TargetGroup>)[])[("baseConversion", view.Bands), ("baseConversionTenth", view.Deciles)])
                foreach (var group in groups)
                {
                    var name = string.Create(CultureInfo.InvariantCulture, $"{kind}:{group.From:0.####}-{group.To:0.####}");
                    Effect(name, "spendPerCustomer", group.Treated, group.HeldOut, group.Spend, group.CorrectedPValue);
                    Effect(name, "marginPerCustomer", group.Treated, group.HeldOut, group.Margin, null);
                    Counted(name, "baseConversionForetold", "share", group.Forecast);
                    Counted(name, "heldOutBought", "share", group.HeldOutBought);
                }

            foreach (var curve in view.Curves)
            {
                var metric = curve.OfMargin ? "Margin" : "Spend";
                Effect("order:" + Camel(curve.Order), "qini" + metric, view.Treated, view.HeldOut, curve.Qini, null);
                for (var i = 0; i < curve.Points.Length; i++)
                    Effect("order:" + Camel(curve.Order), string.Create(CultureInfo.InvariantCulture, $"first{(i + 1) * 100 / curve.Points.Length}Percent{metric}"), view.Treated, view.HeldOut, curve.Points[i], null);
            }

            if (view.LeftOut is not { } leftOut) return;
            Counted("leftOut", "customers", "customers", leftOut.Customers);
            Effect("leftOut", "marginSaved", leftOut.Customers, 0, leftOut.Saved, null);
        }

        void Policies(PolicyView view)
        {
            Counted("policy:own", "marginPerOffer", "currency", view.Policies[0].Estimate.Logging / 100);
            Counted("policy:own", "offers", "offers", view.Decisions);
            foreach (var policy in view.Policies)
            {
                var name = "policy:" + Camel(policy.Policy);
                Effect(name, "marginPerOfferGain", 0, 0, policy.Gain, null);
                foreach (var (estimator, value) in ((string, Learning.Policies.PolicyEstimate?)[])[("Snips", policy.Estimate.Snips), ("Ips", policy.Estimate.Ips), ("DoublyRobust", policy.Estimate.DoublyRobust)])
                    Effect(name, "marginPerOffer" + estimator, 0, 0, value is { } one ? new Statistics.Effect(one.Value, one.Lower, one.Upper, double.NaN) : null, null);
                Counted(name, "effectiveOffers", "offers", policy.Estimate.EffectiveDecisions);
            }
        }

        void Effect(string population, string metric, long treated, long heldOut, Statistics.Effect? effect, double? corrected) => Row(
            report.Wave, population, metric, "currency", Count(treated), Count(heldOut), "", "", Number(effect?.Difference / 100), Number(effect?.Lower / 100), Number(effect?.Upper / 100), Number(effect?.PValue),
            "", "", "", "", "", "", "", "", "", "", "", "", Number(corrected));

        void Redeemed(string population, long offers, long redeemed, long discountMinor)
        {
            Counted(population, "offers", "offers", offers);
            Counted(population, "offersRedeemed", "offers", redeemed);
            Counted(population, "discount", "currency", discountMinor / 100.0);
        }

        void Letters(LetterFigures letters)
        {
            foreach (var (metric, count) in ((string, long)[])[
                ("reported", letters.Reported), ("delivered", letters.Delivered), ("bounced", letters.Bounced), ("opened", letters.Opened), ("openedByMachines", letters.OpenedByMachines),
                ("clicked", letters.Clicked), ("clickedByMachines", letters.ClickedByMachines), ("unsubscribed", letters.Unsubscribed), ("complained", letters.Complained)])
                Counted("letters", metric, "letters", count);
        }

        void Counted(string population, string metric, string unit, double? value) =>
            Row(report.Wave, population, metric, unit, "", "", Number(value), "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "");

        void Row(params string[] cells) => csv.AppendJoin(',', cells.Select(Quoted)).Append('\n');
    }

    internal static string Quoted(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal static string Number(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "";

    static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    internal static string Camel(object value) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!);
}
