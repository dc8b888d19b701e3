using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Volna.Console.Pages;
using Volna.Intake.Catalog;
using Volna.Intake.History;
using Volna.Offers;
using Volna.Offers.Choice;
using Volna.Offers.Generation;
using Volna.Offers.Pack;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Reports;
using Volna.Reports.Page;

namespace Volna.Console;

/// <summary>The web console's pages: each loads what it shows, a Razor component renders it on the server.</summary>
public static class ConsoleEndpoints
{
    /// <summary>Receipts shown of a customer, newest first.</summary>
    const int MostReceipts = 30;

    static readonly string Style = Resource("console.css");

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").ExcludeFromDescription();
        pages.MapGet("/console.css", () => Results.Text(Style, "text/css"));
        pages.MapGet("/", Waves);
        pages.MapGet("/waves/{id}", Wave);
        pages.MapGet("/waves/{id}/report", Report);
        pages.MapGet("/period", Period);
        pages.MapGet("/customers", Customer);
        // A program that asks for an unknown address gets no page.
        foreach (var api in (string[])["app", "till", "reports", "health", "openapi"]) pages.MapFallback($"/{api}/{{**rest}}", () => Results.NotFound());
        pages.MapFallback((HttpContext context) => Missing(context, new Text("There is no such page.", "Такой страницы нет.")));
    }

    static RazorComponentResult Waves(HttpContext context, StateStore state, DataFolder folder)
    {
        var rows = new WaveStore(state).List().Select(wave => new WaveRow(wave, Statistics(wave))).ToList();
        return Page<WavesPage>(context, ("Waves", rows), ("Period", ReportStore.FindPeriod(folder)));
    }

    static RazorComponentResult Wave(HttpContext context, string id, StateStore state, DataFolder folder)
    {
        var waves = new WaveStore(state);
        if (waves.Find(id) is not { } wave) return Missing(context, NoWave(id));
        var plan = Statistics(wave) is null ? null : PlanFile.Parse($"wave {id}", wave.Plan);
        return Page<WavePage>(
            context, ("Wave", wave), ("Statistics", Statistics(wave)), ("Plan", plan), ("Events", waves.Events(id)), ("Report", ReportStore.Find(folder, id)));
    }

    static IResult Report(HttpContext context, string id, DataFolder folder) => ReportStore.Find(folder, id) is { } report
        ? Results.Text(ReportPage.Of(report, Language(context)), "text/html; charset=utf-8")
        : Missing(context, new Text(
            $"Wave {id} has no report yet; `volna report {id}` makes it.",
            $"Отчёта по волне {id} ещё нет; его составит `volna report {id}`."));

    static IResult Period(HttpContext context, DataFolder folder) => ReportStore.FindPeriod(folder) is { } report
        ? Results.Text(PeriodPage.Of(report, Language(context)), "text/html; charset=utf-8")
        : Missing(context, new Text("There is no report on a period yet; `volna report period` makes it.", "Отчёта за период ещё нет; его составит `volna report period`."));

    static RazorComponentResult Customer(HttpContext context, string? key, string? wave, bool? why, StateStore state, DataFolder folder, LiveDayStore live)
    {
        if (string.IsNullOrWhiteSpace(key)) return Page<SearchPage>(context);
        key = key.Trim();
        var customers = new CatalogStore(state);
        if (customers.FindCustomer(key) is not { } customer)
            return Missing(context, new Text($"There is no customer with the key “{key}”.", $"Покупателя с ключом «{key}» нет."), key);

        var waves = new WaveStore(state).List().Where(one => one.Digest is not null).ToList();
        var chosen = wave is null ? waves.FirstOrDefault(one => one.Status == WaveStatus.Published) ?? waves.FirstOrDefault() : waves.FirstOrDefault(one => one.Id == wave);
        if (wave is not null && chosen is null) return Missing(context, NoWave(wave), key);

        using var histories = HistoryStore.Open(folder, state);
        var snapshot = histories.Snapshot();
        var lines = histories.Read(snapshot, customer).Lines.ToArray();
        var day = chosen?.Validity.Start ?? snapshot.LastDay ?? DateOnly.MinValue;
        var view = new CustomerView
        {
            Contact = customers.Contacts([customer])[0],
            Catalog = customers.Load(day),
            Receipts = CustomerView.NewestFirst(lines, MostReceipts),
            ReceiptCount = PurchaseLine.CountReceipts(lines),
            SpentMinor = lines.Sum(line => line.PaidMinor),
            FirstDay = lines.Length == 0 ? null : lines[0].Day,
            LastDay = lines.Length == 0 ? null : lines[^1].Day,
            Waves = [.. waves.Select(one => one.Id)],
            Wave = chosen,
            Place = chosen is null ? null : InWave(live.Pack(chosen), SecretStore.Open(folder), state, key, customer),
            Why = chosen is not null && why == true ? WhyJob.Explain(folder, state, chosen.Id, key) : null,
        };
        return Page<CustomerPage>(context, ("View", view));
    }

    /// <summary>A customer in a wave, or null if she isn't assigned to it.</summary>
    static PlaceInWave? InWave(OfferPackStore pack, byte[] secret, StateStore state, string key, CustomerId customer)
    {
        var place = pack.Find(Kernels.Hash64.Of(key));
        if (place < 0) return null;
        var redeemed = new RedemptionStore(state).OfCustomer(pack.WaveId, customer).Select(redemption => redemption.OfferIndex).ToHashSet();
        return new PlaceInWave(
            pack.At(place).HeldOut,
            [.. pack.OffersAt(place).Select(offer => new ShownOffer(offer, OfferCode.Of(secret, pack.WaveId, customer, offer.Index), redeemed.Contains(offer.Index)))]);
    }

    static WaveStatistics? Statistics(Wave wave) =>
        wave.Statistics is null ? null : WaveStatistics.FromJson(wave.Statistics);

    static RazorComponentResult Missing(HttpContext context, Text sentence, string key = "")
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Page<MissingPage>(context, ("Sentence", sentence), ("SearchKey", key));
    }

    static Text NoWave(string id) => new($"There is no wave “{id}”.", $"Волны «{id}» нет.");

    /// <summary>A page in the reader's language: <c>?lang=</c>, which is kept in a cookie, else the cookie, else what the browser asks for.</summary>
    static RazorComponentResult Page<TPage>(HttpContext context, params IEnumerable<(string Name, object? Value)> values)
        where TPage : IComponent
    {
        context.Response.Headers.CacheControl = "no-store";
        var parameters = values.ToDictionary(value => value.Name, value => value.Value);
        parameters["Reader"] = new Reader(Language(context), context.Request.Path, context.Request.Query);
        return new RazorComponentResult(typeof(TPage), parameters);
    }

    static Language Language(HttpContext context)
    {
        if (context.Request.Query["lang"].FirstOrDefault() is { } asked)
        {
            var language = Languages.OfCode(asked);
            context.Response.Cookies.Append("lang", language.Code(), new CookieOptions { SameSite = SameSiteMode.Strict, HttpOnly = true, MaxAge = TimeSpan.FromDays(365) });
            return language;
        }

        return context.Request.Cookies["lang"] is { } kept ? Languages.OfCode(kept) : TillEndpoints.Language(context.Request);
    }

    static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ConsoleEndpoints).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
