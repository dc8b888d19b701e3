using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Volna.Redemptions.Access;

namespace Volna.Redemptions;

/// <summary>The till protocol over HTTP. Refusals of a whole call are problem+json (RFC 9457) with a stable <c>code</c>; nothing was changed then.</summary>
public static class TillEndpoints
{
    /// <summary>A thousand lines fit several times.</summary>
    const int MostBytes = 1 << 20;

    public static void MapTill(this IEndpointRouteBuilder routes, Till till)
    {
        var group = routes.MapGroup("/till/v1").WithTags("till");

        Describe(
            group.MapPost("/receipts/price", (Delegate)((HttpContext context) => Answer(context, async () => TillMessages.Write(till.Price(await Receipt(context)))))),
            "priceReceipt", "Prices a receipt with the customer's offers; changes nothing.");

        Describe(
            group.MapPost("/receipts/close", (Delegate)((HttpContext context) => Answer(context, async () => (await till.CloseAsync(await Receipt(context))).Body))),
            "closeReceipt", "Closes a receipt: its offers are spent. Safe to repeat with the same id and content: the answer is the first one, byte for byte.");

        DescribeRefusals(group
            .MapGet("/customers/{key}/offers", (HttpContext context, string key, string? store, DateTimeOffset? time) => Answer(context, () =>
            {
                AccessEndpoints.CheckStore(context, store ?? "");
                return new ValueTask<string>(JsonSerializer.Serialize(Message(till.Offers(key, store ?? "", time ?? context.Time().GetLocalNow())), TillMessages.Json));
            }))
            .WithName("customerOffers").WithSummary("What a customer can use in a store now, or at a given time.")
            .Produces<CustomerOffersMessage>());

        DescribeRefusals(group
            .MapGet("/refusals", (HttpContext context) =>
            {
                var language = Language(context.Request);
                return Enum.GetValues<TillRefusal>().Select(refusal => new RefusalMessage(refusal.Code(), refusal.Sentence().In(language)));
            })
            .WithName("refusals").WithSummary("The reasons why an offer isn't used on a line, with a sentence in the language of Accept-Language."));
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

    /// <summary>Answers a call by what the work returns; a refusal of the whole call as a problem.</summary>
    static Task Answer(HttpContext context, Func<ValueTask<string>> work)
    {
        try
        {
            CheckOrigin(context.Request);
            var answer = work();
            if (!answer.IsCompletedSuccessfully) return Awaited(context, answer);
            Write(context.Response, answer.Result);
            return Task.CompletedTask;
        }
        catch (Exception failure) when (Problem(context.Request, failure) is { } problem)
        {
            return problem.ExecuteAsync(context);
        }
    }

    static async Task Awaited(HttpContext context, ValueTask<string> answer)
    {
        try
        {
            Write(context.Response, await answer);
        }
        catch (Exception failure) when (Problem(context.Request, failure) is { } problem)
        {
            await problem.ExecuteAsync(context);
        }
    }

    // Straight into the connection's buffer, which is sent when the call ends.
    static void Write(HttpResponse response, string json)
    {
        var span = response.BodyWriter.GetSpan(Encoding.UTF8.GetMaxByteCount(json.Length));
        var length = Encoding.UTF8.GetBytes(json, span);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = length;
        response.BodyWriter.Advance(length);
    }

    /// <summary>Null for mistakes of our own.</summary>
    static IResult? Problem(HttpRequest request, Exception failure) => failure switch
    {
        BadInputException bad => Problem(
            bad.Code switch
            {
                "origin-foreign" => StatusCodes.Status403Forbidden,
                "body-too-large" => StatusCodes.Status413PayloadTooLarge,
                "json-expected" => StatusCodes.Status415UnsupportedMediaType,
                _ => StatusCodes.Status400BadRequest,
            },
            bad.Code, bad.Sentence, Language(request)),
        GuardException guard => Problem(guard.Code == "key-of-other-store" ? StatusCodes.Status403Forbidden : StatusCodes.Status422UnprocessableEntity, guard.Code, guard.Sentence, Language(request)),
        _ => null,
    };

    /// <summary>
    /// A page of another site, open in a browser on this machine, must not spend offers: browsers say where a page comes from, and don't send JSON
    /// across sites without asking first.
    /// </summary>
    static void CheckOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (request.Headers["Sec-Fetch-Site"] == "cross-site" || (origin.Count > 0 && !origin.ToString().Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)))
            throw ReceiptCheck.Bad(
                "origin-foreign",
                "the request comes from a web page of another site; only tills may ask here", "запрос пришёл со страницы другого сайта; обращаться сюда могут только кассы");
        if (HttpMethods.IsPost(request.Method) && !request.HasJsonContentType())
            throw ReceiptCheck.Bad(
                "json-expected",
                $"Content-Type: found “{request.ContentType}”, expected application/json", $"Content-Type: указано «{request.ContentType}», ожидается application/json");
    }

    static async ValueTask<TillReceipt> Receipt(HttpContext context)
    {
        var request = context.Request;
        // Read by hand, so that the limit holds for a body that doesn't tell its length, too.
        var body = new byte[Math.Min((request.ContentLength ?? 0) + 4_096, MostBytes + 1)];
        var length = 0;
        while (request.ContentLength is not > MostBytes && length <= MostBytes)
        {
            if (length == body.Length) Array.Resize(ref body, Math.Min(body.Length * 2, MostBytes + 1));
            var read = await request.Body.ReadAsync(body.AsMemory(length), context.RequestAborted);
            length += read;
            if (read > 0 && length != request.ContentLength) continue;
            var receipt = TillMessages.ReadReceipt(body.AsSpan(0, length));
            AccessEndpoints.CheckStore(context, receipt.Store);
            return receipt;
        }

        throw ReceiptCheck.Bad("body-too-large", $"the receipt is larger than {MostBytes} bytes", $"чек больше {MostBytes} байт");
    }

    static void Describe(RouteHandlerBuilder endpoint, string name, string summary) => DescribeRefusals(endpoint
        .WithName(name).WithSummary(summary)
        .Accepts<ReceiptMessage>("application/json")
        .Produces<AnswerMessage>()
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity));

    static void DescribeRefusals(RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

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
