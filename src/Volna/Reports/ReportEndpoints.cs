using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Volna.Reports.Notices;
using Volna.Reports.Slides;

namespace Volna.Reports;

/// <summary>Finished reports and notices for programs, such as a retailer's own business intelligence.</summary>
public static class ReportEndpoints
{
    const int MostNotices = 100;

    public static void MapReports(this IEndpointRouteBuilder routes, DataFolder folder, StateStore state)
    {
        var group = routes.MapGroup("/reports/v1").WithTags("reports");
        group.MapGet("/waves/{wave}", (string wave) => Results.Json(Found(wave), ReportStore.Json))
            .WithName("waveReport").WithSummary("The report last made of a wave: every figure with its interval, or the reason why there is none.")
            .Produces<WaveReport>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/waves/{wave}/figures.csv", (string wave) => Results.Text(ReportCsv.Of(Found(wave)), "text/csv; charset=utf-8"))
            .WithName("waveFigures").WithSummary("Every figure of the report, a row each; money in units of the currency.")
            .Produces<string>(contentType: "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/waves/{wave}/slides.pdf", (string wave, string? lang) => Results.Bytes(ReportSlides.Of(Found(wave), Languages.OfCode(lang)).Write(), "application/pdf"))
            .WithName("waveSlides").WithSummary("The report as slides, in `lang` (en, ru).")
            .Produces<byte[]>(contentType: "application/pdf").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/period", () => Results.Json(FoundPeriod(), ReportStore.Json))
            .WithName("periodReport").WithSummary("The report last made on a period: all its waves together, wave by wave, and by messages got before.")
            .Produces<PeriodReport>().ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/period/figures.csv", () => Results.Text(PeriodCsv.Of(FoundPeriod()), "text/csv; charset=utf-8"))
            .WithName("periodFigures").WithSummary("Every figure of the report on a period, a row each; money in units of the currency.")
            .Produces<string>(contentType: "text/csv").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/notices", () => new NoticeStore(state).List(MostNotices))
            .WithName("notices").WithSummary("The newest notices: breached corridors and finished reports, as webhooks send them.");

        PeriodReport FoundPeriod() => ReportStore.FindPeriod(folder) ?? throw new BadInputException("report-unknown", new Text(
            "There is no report on a period; `volna report period` makes it.", "Отчёта за период нет; его составит `volna report period`."));

        WaveReport Found(string wave) => ReportStore.Find(folder, wave) ?? throw new BadInputException("report-unknown", new Text(
            $"{wave}: there is no report of this wave; `volna report {wave}` makes it.", $"{wave}: отчёта по этой волне нет; его составит `volna report {wave}`."));
    }
}
