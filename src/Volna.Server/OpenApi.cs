namespace Volna.Server;

/// <summary>The description of the API, at <c>/openapi/v1.json</c>.</summary>
static class OpenApi
{
    public static void AddVolnaOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Volna";
        document.Info.Version = "1";
        document.Info.Description =
            "Personal offers: what an app shows a customer, and what a till asks. Amounts are whole minor units (kopecks, pence). "
            + "A failed call is answered by problem+json (RFC 9457) with a stable `code`, a sentence in the language of Accept-Language (en, ru) and the `requestId`.";
        return Task.CompletedTask;
    }));
}
