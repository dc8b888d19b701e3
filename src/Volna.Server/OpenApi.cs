using Microsoft.OpenApi;

namespace Volna.Server;

/// <summary>The description of the API, at <c>/openapi/v1.json</c>.</summary>
static class OpenApi
{
    const string KeyScheme = "key";

    public static void AddVolnaOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Volna";
        document.Info.Version = "1";
        document.Info.Description =
            "Personal offers: what an app shows a customer, and what a till asks. Amounts are whole minor units (kopecks, pence). "
            + "A failed call is answered by problem+json (RFC 9457) with a stable `code`, a sentence in the language of Accept-Language (en, ru) and the `requestId`. "
            + "Every till call may be repeated with the same ids and content: it has one effect, and the answer to a repeat is the first one.";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A key of `volna key create`. Not needed on the machine of the server as long as none was made.",
            },
        };
        foreach (var (path, item) in document.Paths)
            foreach (var (method, operation) in item.Operations ?? [])
                if (path.StartsWith("/till/", StringComparison.Ordinal)) DescribeTillCall(document, operation, isRepeatable: method == HttpMethod.Post && path.StartsWith("/till/v1/receipts/", StringComparison.Ordinal));
                else if (path.StartsWith("/app/", StringComparison.Ordinal) || path.StartsWith("/plans/", StringComparison.Ordinal)) operation.Security = Key(document);
        return Task.CompletedTask;
    }));

    static void DescribeTillCall(OpenApiDocument document, OpenApiOperation operation, bool isRepeatable)
    {
        operation.Security = Key(document);
        foreach (var status in (string[])["429", "503"])
            if (operation.Responses?.GetValueOrDefault(status) is OpenApiResponse response)
                response.Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait before the call is made again, with the same ids.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } },
                };
        if (!isRepeatable) return;
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = "Idempotency-Key",
            In = ParameterLocation.Header,
            Description = "Besides the ids in the call: the same key gets the first answer; with another call it is refused (422).",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 },
        });
    }

    // Either of the two: a key, or none where none is needed.
    static List<OpenApiSecurityRequirement> Key(OpenApiDocument document) =>
        [new() { [new OpenApiSecuritySchemeReference(KeyScheme, document)] = [] }, []];
}
