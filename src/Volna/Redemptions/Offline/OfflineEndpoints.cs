using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Volna.Redemptions.Access;

namespace Volna.Redemptions.Offline;

/// <summary>What stores that go off-line ask over HTTP.</summary>
static class OfflineEndpoints
{
    public static void MapOffline(this RouteGroupBuilder tills, Till till, StateStore state)
    {
        TillEndpoints.DescribeRefusals(tills
            .MapGet("/stores/{key}/pack", (HttpContext context, string key, DateOnly? day) => Pack(context, till, key, day))
            .WithName("storePack")
            .WithSummary("The signed pack with which a store's tills price off-line; begins a lease for the store where none runs. 304 where If-None-Match names the same pack.")
            .Produces<System.IO.Stream>(contentType: "application/octet-stream").Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound));

        TillEndpoints.DescribeRefusals(tills
            .MapPost("/offline/upload", (Delegate)((HttpContext context) => TillEndpoints.Answer(context, async () =>
            {
                var upload = OfflineMessages.ReadUpload((await TillEndpoints.Body(context)).Span);
                AccessEndpoints.CheckStore(context, upload.Store ?? "");
                return await till.UploadAsync(upload, TillEndpoints.Language(context.Request));
            })))
            .WithName("uploadOffline")
            .WithSummary("Books receipts that a store sold off-line. May be repeated, in any order: each receipt counts once, and gets the same answer each time. A receipt that is refused doesn't hold up the others.")
            .Accepts<UploadMessage>("application/json").Produces<UploadedMessage>()
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType));

        TillEndpoints.DescribeRefusals(tills
            .MapPost("/offline/settle", (Delegate)((HttpContext context) => TillEndpoints.Answer(context, async () =>
            {
                var settle = OfflineMessages.ReadSettle((await TillEndpoints.Body(context)).Span);
                AccessEndpoints.CheckStore(context, settle.Store ?? "");
                return (await till.SettleAsync(settle)).Body;
            })))
            .WithName("settleLease")
            .WithSummary("Ends a store's lease after all its receipts came: what is left of its slice, and the rights, are free for others. May be repeated.")
            .Accepts<SettleMessage>("application/json").Produces<SettledMessage>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType));

        TillEndpoints.DescribeRefusals(tills
            .MapGet("/offline", (HttpContext context, string? wave) => TillEndpoints.Answer(context, () => new ValueTask<byte[]>(JsonSerializer.SerializeToUtf8Bytes(
                Report(context, till, state, wave), OfflineJson.Default.OfflineReportMessage))))
            .WithName("offlineReport")
            .WithSummary("What off-line times led to: each use of an offer that had been used before, and the leases that aren't settled; of the stores that the key is for.")
            .Produces<OfflineReportMessage>());
    }

    static OfflineReportMessage Report(HttpContext context, Till till, StateStore state, string? wave)
    {
        bool IsFor(string store) => context.Features.Get<AccessKey>()?.IsFor(store) ?? true;
        return new OfflineReportMessage(
            [.. new ExtraUseStore(state).List(wave).Where(extra => IsFor(extra.Store))],
            [.. till.OpenLeases().Where(lease => (wave is null || lease.Wave == wave) && IsFor(lease.Store))]);
    }

    static async Task<IResult> Pack(HttpContext context, Till till, string store, DateOnly? day)
    {
        try
        {
            TillEndpoints.CheckOrigin(context.Request);
            AccessEndpoints.CheckStore(context, store);
            var pack = await till.PackAsync(store, day);
            var tag = $"\"{StorePackFile.Name(pack)}\"";
            context.Response.Headers.ETag = tag;
            return context.Request.Headers.IfNoneMatch == tag ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(pack, "application/octet-stream");
        }
        catch (Exception failure) when (TillEndpoints.Problem(context.Request, failure) is { } problem)
        {
            return problem;
        }
    }
}
