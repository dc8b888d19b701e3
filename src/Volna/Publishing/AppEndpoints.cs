using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Volna.Intake.Catalog;
using Volna.Offers;
using Volna.Offers.Plans;

namespace Volna.Publishing;

/// <summary>What the retailer's app shows a customer.</summary>
public static class AppEndpoints
{
    /// <param name="live">Shared with nobody who closes it earlier.</param>
    public static void MapApp(this IEndpointRouteBuilder routes, DataFolder folder, StateStore state, LiveDayStore live, TimeProvider time)
    {
        var templates = TemplateStore.Load();
        var secret = SecretStore.Open(folder);
        var group = routes.MapGroup("/app/v1").WithTags("app");

        group.MapGet("/customers/{key}/offers", (string key, DateTimeOffset? time, string? lang) => Cards(key, time, lang))
            .WithName("appOffers").WithSummary("A customer's live offers as cards, each with its reason in words.")
            .WithDescription("One card for each wave that is valid now, or at a given `time`; in the customer's own language, or in `lang` (en, ru). An empty list: she is held out, or nothing suited her.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/customers/{key}/offers.html", (string key, DateTimeOffset? time, string? lang) =>
                Results.Content(string.Concat(Cards(key, time, lang).Select(templates.CardHtml)), "text/html; charset=utf-8"))
            .WithName("appOffersHtml").WithSummary("The same as pieces of a page; empty where she has no offers.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

        IReadOnlyList<Card> Cards(string key, DateTimeOffset? moment, string? lang)
        {
            var catalog = new CatalogStore(state);
            var customer = catalog.FindCustomer(key) ?? throw new BadInputException("customer-unknown", new Text(
                $"{key}: there is no customer with this key.", $"{key}: покупателя с таким ключом нет."));
            var contact = catalog.Contacts([customer])[0];
            var day = live.For("", moment ?? time.GetLocalNow());
            var waves = new WaveStore(state);
            return [.. day.Offers(key).Where(held => held.Offers.Count > 0).Select(held => Card.Of(
                contact, Asked(lang) ?? contact.Language ?? PlanFile.Parse(held.Pack.WaveId, waves.Get(held.Pack.WaveId).Plan).Language,
                held.Pack.WaveId, held.Pack.Validity, held.Offers, day.Catalog, secret))];
        }
    }

    static Language? Asked(string? lang) => lang is null ? null : Languages.OfCode(lang);
}
