using System.Globalization;
using System.Text;
using Volna.Reports.Statistics;

namespace Volna.Reports;

/// <summary>Every figure of a report on a period as CSV, a row each; money in units of the currency. Empty cells: nothing can be said.</summary>
static class PeriodCsv
{
    public static string Of(PeriodReport report)
    {
        var csv = new StringBuilder("population,metric,unit,treatedCustomers,heldOutCustomers,treated,heldOut,difference,lower,upper,pValue,relative,relativeLower,relativeUpper,verdict\n");
        foreach (var figures in report.Compared().Metrics)
        {
            var scale = figures.Metric.Unit() == MetricUnit.Money ? 100.0 : 1;
            var unit = scale > 1 ? "currency" : ReportCsv.Camel(figures.Metric.Unit());
            Row("everyone", ReportCsv.Camel(figures.Metric), unit, report.Everyone.Treated, report.Everyone.HeldOut, figures.Treated / scale, figures.HeldOut / scale, figures.Difference, scale, figures.Relative, figures.Verdict);
            if (figures.Total is { } total) Row("everyone", ReportCsv.Camel(figures.Metric) + "Total", unit, report.Everyone.Treated, report.Everyone.HeldOut, null, null, total, scale, null, NoVerdict.None);
        }

        foreach (var wave in report.Each)
        {
            Row("wave:" + wave.Wave, "spendTotal", "currency", null, null, null, null, wave.Total, 100, wave.Relative, NoVerdict.None);
            Row("wavesUntil:" + wave.Wave, "spendTotal", "currency", null, null, null, null, wave.Cumulative, 100, null, NoVerdict.None);
        }

        Row("waves", "changeFromWaveToWave", "share", null, null, null, null, report.Trend, 1, null, NoVerdict.None);
        foreach (var one in report.ByMessages)
            Row(string.Create(CultureInfo.InvariantCulture, $"messages:{one.Messages}"), "spendPerCustomer", "currency", one.Treated, one.HeldOut, null, one.HeldOutSpend / 100, one.Difference, 100, one.Relative, one.Verdict);
        Row("messages", "changeWithEachMessage", "share", null, null, null, null, report.MessagesTrend, 1, null, NoVerdict.None);
        return csv.ToString();

        void Row(string population, string metric, string unit, long? treatedCustomers, long? heldOutCustomers, double? treated, double? heldOut, Effect? difference, double scale, Effect? relative, NoVerdict verdict) =>
            csv.AppendJoin(
                ',',
                ((string[])[
                    population, metric, unit, ReportCsv.Number(treatedCustomers), ReportCsv.Number(heldOutCustomers), ReportCsv.Number(treated), ReportCsv.Number(heldOut),
                    ReportCsv.Number(difference?.Difference / scale), ReportCsv.Number(difference?.Lower / scale), ReportCsv.Number(difference?.Upper / scale), ReportCsv.Number(difference?.PValue),
                    ReportCsv.Number(relative?.Difference), ReportCsv.Number(relative?.Lower), ReportCsv.Number(relative?.Upper), verdict == NoVerdict.None ? "" : ReportCsv.Camel(verdict),
                ]).Select(ReportCsv.Quoted)).Append('\n');
    }
}
