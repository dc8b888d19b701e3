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

        group.MapGet("/customers/{key}/cards", (string key, DateTimeOffset? time) => Cards(key, time) is { } cards ? Results.Ok(cards) : Unknown())
            .WithName("customerCards").WithSummary("A customer's live offers as cards, one for each wave that is valid now, or at a given time.")
            .Produces<IReadOnlyList<Card>>().ProducesProblem(StatusCodes.Status404NotFound);

        group.MapGet("/customers/{key}/cards.html", (string key, DateTimeOffset? time) =>
                Cards(key, time) is { } cards ? Results.Content(string.Concat(cards.Select(templates.CardHtml)), "text/html; charset=utf-8") : Unknown())
            .WithName("customerCardsHtml").WithSummary("The same as pieces of a page; empty where she has no offers.");

        IReadOnlyList<Card>? Cards(string key, DateTimeOffset? moment)
        {
            var catalog = new CatalogStore(state);
            if (catalog.FindCustomer(key) is not { } customer) return null;
            var contact = catalog.Contacts([customer])[0];
            var day = live.For("", moment ?? time.GetLocalNow());
            var waves = new WaveStore(state);
            return [.. day.Offers(key).Where(held => held.Offers.Count > 0).Select(held => Card.Of(
                contact, contact.Language ?? PlanFile.Parse(held.Pack.WaveId, waves.Get(held.Pack.WaveId).Plan).Language,
                held.Pack.WaveId, held.Pack.Validity, held.Offers, day.Catalog, secret))];
        }
    }

    static IResult Unknown() => Results.Problem(
        type: "urn:volna:problem:customer-unknown", title: "customer-unknown", detail: "There is no such customer.", statusCode: StatusCodes.Status404NotFound,
        extensions: new Dictionary<string, object?> { ["code"] = "customer-unknown" });
}
