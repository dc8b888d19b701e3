using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Volna.Publishing;
using Volna.Redemptions.Access;
using Volna.Redemptions.Life;
using Volna.Redemptions.Offline;

namespace Volna.Redemptions;

/// <summary>The till protocol over HTTP. Refusals of a whole call are problem+json (RFC 9457) with a stable <c>code</c>; nothing was changed then.</summary>
public static partial class TillEndpoints
{
    /// <summary>A thousand lines fit several times.</summary>
    const int MostBytes = 1 << 20;

    public static void MapTill(this IEndpointRouteBuilder routes, Till till, StateStore state)
    {
        var clock = Clock(routes.ServiceProvider);
        var group = routes.MapGroup("/till/v1").WithTags("till");

        Describe<ReceiptMessage, AnswerMessage>(
            group.MapPost("/receipts/price", (Delegate)((HttpContext context) => Price(context, till, clock))),
            "priceReceipt", "Prices a receipt with the customer's offers. With reserve: true the offers are kept for it for 15 minutes; otherwise nothing is changed.");

        Describe<ReceiptMessage, AnswerMessage>(
            group.MapPost("/receipts/close", (Delegate)((HttpContext context) => Close(context, till, clock))),
            "closeReceipt", "Closes a receipt: its offers are spent. Safe to repeat with the same id and content: the answer is the first one, byte for byte.");

        Describe<ReceiptIdMessage, UndoneMessage>(
            group.MapPost("/receipts/cancel", (Delegate)((HttpContext context) => Answer(context, async () =>
                (await till.CancelAsync(TillMessages.ReadId((await Body(context)).Span), Key(context), store => AccessEndpoints.CheckStore(context, store))).Body))),
            "cancelReceipt", "Cancels a receipt, closed or not: its offers can be used again. Safe to repeat.");

        Describe<ReceiptIdMessage, UndoneMessage>(
            group.MapPost("/receipts/reopen", (Delegate)((HttpContext context) => Answer(context, async () =>
                (await till.ReopenAsync(TillMessages.ReadId((await Body(context)).Span), Key(context), store => AccessEndpoints.CheckStore(context, store))).Body))),
            "reopenReceipt", "Opens a priced receipt again, so that its content may change: its reserved offers are free. Safe to repeat.");

        Describe<ReturnMessage, UndoneMessage>(
            group.MapPost("/receipts/return", (Delegate)((HttpContext context) => Answer(context, async () =>
                (await till.ReturnAsync(TillMessages.ReadReturn((await Body(context)).Span), Key(context), store => AccessEndpoints.CheckStore(context, store))).Body))),
            "returnLines", "Takes back lines of a closed receipt, wholly or partly. Safe to repeat with the same return id and content.");

        DescribeRefusals(group
            .MapGet("/receipts/{**id}", (HttpContext context, string id) => Answer(context, async () =>
                await till.StateAsync(id, store => AccessEndpoints.CheckStore(context, store)) ?? throw ReceiptRefusals.Of(ReceiptRefusal.ReceiptUnknown, id)))
            .WithName("receiptState").WithSummary("Where a receipt stands, and what is left of it after returns.")
            .Produces<ReceiptStateMessage>().ProducesProblem(StatusCodes.Status404NotFound));

        DescribeRefusals(group
            .MapGet("/customers/{key}/offers", (HttpContext context, string key, string? store, DateTimeOffset? time) => LookUp(context, till, key, store ?? "", time ?? clock.GetLocalNow()))
            .WithName("customerOffers").WithSummary("What a customer can use in a store now, or at a given time.")
            .Produces<CustomerOffersMessage>());

        group.MapOffline(till, state);

        DescribeRefusals(group
            .MapGet("/refusals", (HttpContext context) =>
            {
                var language = Language(context.Request);
                return Enum.GetValues<TillRefusal>().Select(refusal => new RefusalMessage(refusal.Code(), refusal.Sentence().In(language)));
            })
            .WithName("refusals").WithSummary("The reasons why an offer isn't used on a line, with a sentence in the language of Accept-Language."));
    }

    /// <summary>
    /// Answers the calls that tills make for each customer before routing, which would cost a look-up as much as all the rest. Any other call goes on
    /// to <see cref="MapTill"/>, and one in another spelling with it.
    /// </summary>
    public static void UseShortWays(this IApplicationBuilder app, Till till)
    {
        const string Before = "/till/v1/customers/", After = "/offers", Query = "?store=";
        var clock = Clock(app.ApplicationServices);
        app.Use((context, next) =>
        {
            var (path, query) = (context.Request.Path.Value ?? "", context.Request.QueryString.Value ?? "");
            if (HttpMethods.IsPost(context.Request.Method))
                return path switch
                {
                    "/till/v1/receipts/price" => Price(context, till, clock),
                    "/till/v1/receipts/close" => Close(context, till, clock),
                    _ => next(context),
                };
            if (!HttpMethods.IsGet(context.Request.Method) || !path.StartsWith(Before, StringComparison.Ordinal) || !path.EndsWith(After, StringComparison.Ordinal)
                || !query.StartsWith(Query, StringComparison.Ordinal) || query.AsSpan().ContainsAny("&%+"))
                return next(context);
            var key = path.AsSpan(Before.Length, Math.Max(0, path.Length - Before.Length - After.Length));
            return key.IsEmpty || key.Contains('/') ? next(context) : LookUp(context, till, key.ToString(), query[Query.Length..], clock.GetLocalNow());
        });
    }

    static Task Price(HttpContext context, Till till, TimeProvider clock) => Answer(context, async () =>
    {
        var message = TillMessages.ReadMessage((await Body(context)).Span);
        var receipt = Receipt(message, context, till, clock);
        return message.Reserve ? (await till.ReserveAsync(receipt, Key(context))).Body : TillMessages.Write(await till.PriceAsync(receipt));
    });

    // Written out, because it is what tills wait for most: waits that don't come about cost nothing then.
    static Task Close(HttpContext context, Till till, TimeProvider clock)
    {
        try
        {
            CheckOrigin(context.Request);
            var body = Body(context);
            return Awaited(context, body.IsCompletedSuccessfully ? Closed(body.Result, context, till, clock) : Waited(body, context, till, clock));
        }
        catch (Exception failure) when (Problem(context.Request, failure) is { } problem)
        {
            return problem.ExecuteAsync(context);
        }

        static Task<TillReply> Closed(ReadOnlyMemory<byte> body, HttpContext context, Till till, TimeProvider clock) =>
            till.CloseAsync(Receipt(TillMessages.ReadMessage(body.Span), context, till, clock), Key(context));

        static async Task<TillReply> Waited(ValueTask<ReadOnlyMemory<byte>> body, HttpContext context, Till till, TimeProvider clock) => await Closed(await body, context, till, clock);

        static async Task Awaited(HttpContext context, Task<TillReply> closing)
        {
            try
            {
                Write(context.Response, (await closing).Body);
            }
            catch (Exception failure) when (Problem(context.Request, failure) is { } problem)
            {
                await problem.ExecuteAsync(context);
            }
        }
    }

    static Task LookUp(HttpContext context, Till till, string customer, string store, DateTimeOffset moment)
    {
        try
        {
            CheckOrigin(context.Request);
            AccessEndpoints.CheckStore(context, store);
            var answer = TillMessages.Buffer();
            till.WriteOffers(answer, customer, store, moment);
            Write(context.Response, answer.WrittenSpan);
            return Task.CompletedTask;
        }
        catch (Exception failure) when (Problem(context.Request, failure) is { } problem)
        {
            return problem.ExecuteAsync(context);
        }
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
    internal static Task Answer(HttpContext context, Func<ValueTask<byte[]>> work)
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

    static async Task Awaited(HttpContext context, ValueTask<byte[]> answer)
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
    static void Write(HttpResponse response, ReadOnlySpan<byte> json)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        json.CopyTo(response.BodyWriter.GetSpan(json.Length));
        response.BodyWriter.Advance(json.Length);
    }

    /// <summary>Null for mistakes of our own.</summary>
    internal static IResult? Problem(HttpRequest request, Exception failure) => failure switch
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
        OffersUnavailableException unavailable => Unavailable(request, unavailable),
        GuardException guard => Problem(ReceiptRefusals.HttpStatus(guard.Code), guard.Code, guard.Sentence, Language(request)),
        _ => null,
    };

    static IResult Unavailable(HttpRequest request, OffersUnavailableException unavailable)
    {
        Unreadable(request.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(TillEndpoints)), unavailable.Message, request.HttpContext.TraceIdentifier);
        return Problem(StatusCodes.Status503ServiceUnavailable, OffersUnavailableException.Code, unavailable.Sentence, Language(request));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Why} Request {Request} failed.")]
    static partial void Unreadable(ILogger log, string why, string request);

    /// <summary>
    /// A page of another site, open in a browser on this machine, must not spend offers: browsers say where a page comes from, and don't send JSON
    /// across sites without asking first.
    /// </summary>
    internal static void CheckOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (request.Headers["Sec-Fetch-Site"] == "cross-site" || (origin.Count > 0 && !origin.ToString().Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)))
            throw ReceiptCheck.Bad(
                "origin-foreign",
                "the request comes from a web page of another site; only tills may ask here", "запрос пришёл со страницы другого сайта; обращаться сюда могут только кассы");
        if (HttpMethods.IsPost(request.Method) && request.ContentType != "application/json" && !request.HasJsonContentType())
            throw ReceiptCheck.Bad(
                "json-expected",
                $"Content-Type: found “{request.ContentType}”, expected application/json", $"Content-Type: указано «{request.ContentType}», ожидается application/json");
    }

    internal static ValueTask<ReadOnlyMemory<byte>> Body(HttpContext context)
    {
        // Nearly always it came together with the head.
        var request = context.Request;
        if (request.ContentLength is not (<= MostBytes and var told) || !request.BodyReader.TryRead(out var read)) return WholeBody(context);
        if (read.Buffer.Length == told)
        {
            var body = read.Buffer.ToArray();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return new ValueTask<ReadOnlyMemory<byte>>(body);
        }

        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return WholeBody(context);
    }

    static async ValueTask<ReadOnlyMemory<byte>> WholeBody(HttpContext context)
    {
        var request = context.Request;
        // Read by hand, so that the limit holds for a body that doesn't tell its length, too.
        var body = new byte[Math.Min((request.ContentLength ?? 4_095) + 1, MostBytes + 1)];
        var length = 0;
        while (request.ContentLength is not > MostBytes && length <= MostBytes)
        {
            if (length == body.Length) Array.Resize(ref body, Math.Min(body.Length * 2, MostBytes + 1));
            var read = await request.Body.ReadAsync(body.AsMemory(length), context.RequestAborted);
            length += read;
            if (read == 0 || length == request.ContentLength) return body.AsMemory(0, length);
        }

        throw ReceiptCheck.Bad("body-too-large", $"the receipt is larger than {MostBytes} bytes", $"чек больше {MostBytes} байт");
    }

    /// <summary>The receipt that a message means, of a store that the caller's key is for.</summary>
    static TillReceipt Receipt(ReceiptMessage message, HttpContext context, Till till, TimeProvider clock)
    {
        var receipt = TillMessages.Meant(message);
        AccessEndpoints.CheckStore(context, receipt.Store);
        ReceiptCheck.CheckClock(receipt, clock.GetUtcNow(), mayBeLate: () => message.Replay || till.Knows(receipt.Id));
        return receipt;
    }

    /// <summary>Of the call; with or without the quotation marks of the draft (draft-ietf-httpapi-idempotency-key-header).</summary>
    static string Key(HttpContext context) => context.Request.Headers["Idempotency-Key"].ToString().Trim('"');

    static void Describe<TAsked, TAnswered>(RouteHandlerBuilder endpoint, string name, string summary)
        where TAsked : notnull => DescribeRefusals(endpoint
        .WithName(name).WithSummary(summary)
        .Accepts<TAsked>("application/json")
        .Produces<TAnswered>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity));

    internal static void DescribeRefusals(RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status429TooManyRequests)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static TimeProvider Clock(IServiceProvider services) => (TimeProvider?)services.GetService(typeof(TimeProvider)) ?? TimeProvider.System;
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
