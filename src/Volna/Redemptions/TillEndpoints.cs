using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Volna.Redemptions;

/// <summary>The till protocol over HTTP. Refusals of a whole call are problem+json (RFC 9457) with a stable <c>code</c>; nothing was changed then.</summary>
public static class TillEndpoints
{
    /// <summary>A thousand lines fit several times.</summary>
    const int MostBytes = 1 << 20;

    public static void MapTill(this IEndpointRouteBuilder routes, Till till)
    {
        var group = routes.MapGroup("/till/v1").WithTags("till").AddEndpointFilter(async (call, next) => Refused(call.HttpContext.Request) ?? await next(call));

        Describe(
            group.MapPost("/receipts/price", (HttpRequest request) => Answer(request, async () => TillMessages.Write(till.Price(await Receipt(request))))),
            "priceReceipt", "Prices a receipt with the customer's offers; changes nothing.");

        Describe(
            group.MapPost("/receipts/close", (HttpRequest request) => Answer(request, async () => (await till.CloseAsync(await Receipt(request))).Body)),
            "closeReceipt", "Closes a receipt: its offers are spent. Safe to repeat with the same id and content: the answer is the first one, byte for byte.");

        group.MapGet("/customers/{key}/offers", (HttpContext context, string key, string? store, DateTimeOffset? time) =>
                Message(till.Offers(key, store ?? "", time ?? context.Time().GetLocalNow())))
            .WithName("customerOffers").WithSummary("What a customer can use in a store now, or at a given time.");

        group.MapGet("/refusals", (HttpContext context) =>
            {
                var language = Language(context.Request);
                return Enum.GetValues<TillRefusal>().Select(refusal => new RefusalMessage(refusal.Code(), refusal.Sentence().In(language)));
            })
            .WithName("refusals").WithSummary("The reasons why an offer isn't used on a line, with a sentence in the language of Accept-Language.");
    }

    /// <summary>A failure as problem+json, in the language asked for.</summary>
    public static IResult Problem(int status, string code, Text sentence, Language language) => Results.Problem(
        type: $"urn:volna:problem:{code}", title: code, detail: sentence.In(language), statusCode: status,
        extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>The language that the caller likes best of ours.</summary>
    public static Language Language(HttpRequest request) =>
        Languages.OfCode(request.GetTypedHeaders().AcceptLanguage
            .Where(language => language.Quality is null or > 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString())
            .FirstOrDefault(language => language.StartsWith("ru", StringComparison.OrdinalIgnoreCase) || language.StartsWith("en", StringComparison.OrdinalIgnoreCase)));

    /// <summary>
    /// A page of another site, open in a browser on this machine, must not spend offers: browsers say where a page comes from, and don't send JSON
    /// across sites without asking first.
    /// </summary>
    static IResult? Refused(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (request.Headers["Sec-Fetch-Site"] == "cross-site" || (origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)))
            return Problem(
                StatusCodes.Status403Forbidden, "origin-foreign",
                new Text("the request comes from a web page of another site; only tills may ask here.", "запрос пришёл со страницы другого сайта; обращаться сюда могут только кассы."), Language(request));
        if (HttpMethods.IsPost(request.Method) && !request.HasJsonContentType())
            return Problem(
                StatusCodes.Status415UnsupportedMediaType, "json-expected",
                new Text(
                    $"Content-Type: found “{request.ContentType}”, expected application/json.",
                    $"Content-Type: указано «{request.ContentType}», ожидается application/json."), Language(request));
        return null;
    }

    static async Task<IResult> Answer(HttpRequest request, Func<Task<string>> work)
    {
        try
        {
            return Results.Text(await work(), "application/json");
        }
        catch (BadInputException bad)
        {
            return Problem(bad.Code == "body-too-large" ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, bad.Code, bad.Sentence, Language(request));
        }
        catch (GuardException guard)
        {
            return Problem(StatusCodes.Status422UnprocessableEntity, guard.Code, guard.Sentence, Language(request));
        }
    }

    static async Task<TillReceipt> Receipt(HttpRequest request)
    {
        // Read by hand, so that the limit holds for a body that doesn't tell its length, too.
        var body = new byte[Math.Min((request.ContentLength ?? 0) + 4_096, MostBytes + 1)];
        var length = 0;
        while (request.ContentLength is not > MostBytes && length <= MostBytes)
        {
            if (length == body.Length) Array.Resize(ref body, Math.Min(body.Length * 2, MostBytes + 1));
            var read = await request.Body.ReadAsync(body.AsMemory(length), request.HttpContext.RequestAborted);
            if (read == 0) return TillMessages.ReadReceipt(body.AsSpan(0, length));
            length += read;
        }

        throw ReceiptCheck.Bad("body-too-large", $"the receipt is larger than {MostBytes} bytes", $"чек больше {MostBytes} байт");
    }

    static void Describe(RouteHandlerBuilder endpoint, string name, string summary) => endpoint
        .WithName(name).WithSummary(summary)
        .Accepts<ReceiptMessage>("application/json")
        .Produces<AnswerMessage>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    static TimeProvider Time(this HttpContext context) => (TimeProvider?)context.RequestServices.GetService(typeof(TimeProvider)) ?? TimeProvider.System;

    static CustomerOffersMessage Message(CustomerOffers offers) => new(
        offers.Customer, offers.Known, offers.Day,
        [.. offers.Offers.Select(offer => new OfferMessage(
            offer.Code, offer.Wave, offer.Product, offer.Name, offer.Depth.BasisPoints / 100m, offer.Validity.Start, offer.Validity.End.AddDays(-1), offer.Used))]);
}

/// <summary>What a customer can use.</summary>
/// <param name="Known">False if she is unknown.</param>
/// <param name="Day">The store's business day.</param>
public sealed record CustomerOffersMessage(string Customer, bool Known, DateOnly Day, IReadOnlyList<OfferMessage> Offers);

/// <param name="Code">As printed for the customer.</param>
/// <param name="Percent">Off the regular price.</param>
/// <param name="Until">The last day on which it can be used.</param>
public sealed record OfferMessage(string Code, string Wave, string Product, string Name, decimal Percent, DateOnly From, DateOnly Until, bool Used);

/// <param name="Code">Stable, for programs.</param>
/// <param name="Text">For people.</param>
public sealed record RefusalMessage(string Code, string Text);
