using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Redemptions.Journal;
using Volna.Reports.Health;

namespace Volna.Server;

/// <summary>What holds for every request: who may ask, how failures are told, what the browser is allowed.</summary>
static partial class Requests
{
    /// <summary>Failures as problem+json (RFC 9457) with a stable code, a sentence in the caller's language, and the id of the request.</summary>
    public static void AddVolnaProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions["requestId"] = context.HttpContext.TraceIdentifier);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    /// <summary>
    /// Where only this machine may ask, no web page may ask in its name by a domain that resolves to it. Where others may, all need keys, which no
    /// page of another domain gets at.
    /// </summary>
    public static void UseOwnHost(this IApplicationBuilder app, bool isOpen)
    {
        if (isOpen) return;
        app.Use((context, next) =>
        {
            if (context.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]") return next(context);
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return Task.CompletedTask;
        });
    }

    /// <summary>Counts how long calls take; costs one that ends at once no more than two looks at the clock.</summary>
    public static void UseAnswerTimes(this IApplicationBuilder app, AnswerTimes times)
    {
        app.Use(next => context =>
        {
            var started = Stopwatch.GetTimestamp();
            var call = next(context);
            if (!call.IsCompletedSuccessfully) return WhenDone(call, started);
            times.Add(Stopwatch.GetElapsedTime(started));
            return call;
        });

        async Task WhenDone(Task call, long started)
        {
            await call;
            times.Add(Stopwatch.GetElapsedTime(started));
        }
    }

    public static void UseVolnaRequests(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            // At the last moment, because an answer to a failure starts from empty headers.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers["X-Request-Id"] = context.TraceIdentifier;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
                return Task.CompletedTask;
            });
            return next(context);
        });
        app.UseVolnaFailures();
    }

    /// <summary>Failures and unanswered calls as problems.</summary>
    public static void UseVolnaFailures(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = context => Problem(context, context.Features.Get<IExceptionHandlerFeature>()!.Error).ExecuteAsync(context),
            // What the caller did wrong is told to the caller; the log is for our mistakes.
            SuppressDiagnosticsCallback = failure => failure.Exception is BadInputException or GuardException or BadHttpRequestException,
        });
        app.UseStatusCodePages(page => Unanswered(page.HttpContext).ExecuteAsync(page.HttpContext));
    }

    /// <summary>The same for calls of tills, which the framework's handlers would cost a tenth of their time.</summary>
    public static void UseTillFailures(this IApplicationBuilder app, ILogger log)
    {
        app.Use((context, next) =>
        {
            try
            {
                var call = next(context);
                return call.IsCompletedSuccessfully && context.Response.StatusCode < StatusCodes.Status400BadRequest ? call : Awaited(context, call);
            }
            catch (Exception failure) when (!context.Response.HasStarted)
            {
                return Failed(context, failure);
            }
        });

        async Task Awaited(HttpContext context, Task call)
        {
            try
            {
                await call;
            }
            catch (Exception failure) when (!context.Response.HasStarted)
            {
                await Failed(context, failure);
                return;
            }

            if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest, ContentLength: null, ContentType: null }) await Unanswered(context).ExecuteAsync(context);
        }

        Task Failed(HttpContext context, Exception failure)
        {
            if (failure is OperationCanceledException && context.RequestAborted.IsCancellationRequested) return Task.CompletedTask;
            if (failure is not (BadInputException or GuardException or BadHttpRequestException)) Broken(log, failure, context.TraceIdentifier);
            context.Response.Clear();
            return Problem(context, failure).ExecuteAsync(context);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {Request} failed.")]
    static partial void Broken(ILogger log, Exception failure, string request);

    static IResult Unanswered(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => TillEndpoints.Problem(
            StatusCodes.Status404NotFound, "address-unknown",
            new Text($"{context.Request.Path}: nothing answers here; /openapi/v1.json lists what does.", $"{context.Request.Path}: по этому адресу ничего нет; что есть, перечисляет /openapi/v1.json."),
            TillEndpoints.Language(context.Request)),
        var status => TillEndpoints.Problem(
            status, "request-refused", new Text($"{context.Request.Method} {context.Request.Path}: refused.", $"{context.Request.Method} {context.Request.Path}: отказано."), TillEndpoints.Language(context.Request)),
    };

    static IResult Problem(HttpContext context, Exception failure)
    {
        var language = TillEndpoints.Language(context.Request);
        return failure switch
        {
            BadInputException bad => TillEndpoints.Problem(
                bad.Code.EndsWith("-unknown", StringComparison.Ordinal) ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, bad.Code, bad.Sentence, language),
            // Where the journal is, is told in the log alone.
            JournalLostException => TillEndpoints.Problem(
                StatusCodes.Status503ServiceUnavailable, "till-journal-lost",
                new Text("the connection to the tills' journal broke; ask again when the server has been started anew.", "связь с журналом касс прервалась; повторите, когда сервер запустят снова."), language),
            OffersUnavailableException unavailable => TillEndpoints.Problem(StatusCodes.Status503ServiceUnavailable, OffersUnavailableException.Code, unavailable.Sentence, language),
            GuardException guard => TillEndpoints.Problem(StatusCodes.Status409Conflict, guard.Code, guard.Sentence, language),
            BadHttpRequestException bad => TillEndpoints.Problem(
                bad.StatusCode, "request-invalid", new Text($"the request can't be read: {bad.Message}", $"запрос не читается: {bad.Message}"), language),
            _ => TillEndpoints.Problem(
                StatusCodes.Status500InternalServerError, "internal",
                new Text($"a mistake of ours; the log names it under request {context.TraceIdentifier}.", $"ошибка на нашей стороне; в журнале она записана под номером запроса {context.TraceIdentifier}."),
                language),
        };
    }
}
