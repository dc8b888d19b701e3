using System.IO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Volna.Intake.Catalog;

namespace Volna.Offers.Plans;

/// <summary>A version of a plan, without its text.</summary>
public sealed record PlanVersion(string Digest, string Name, DateTimeOffset KeptAt, string KeptBy)
{
    internal static PlanVersion Of(KeptPlan plan) => new(plan.Digest, plan.Name, plan.KeptAt, plan.KeptBy);
}

/// <summary>All mistakes of a plan, a sentence each; none where it can be used.</summary>
public sealed record PlanMistakes(IReadOnlyList<string> Mistakes);

/// <summary>Plans for programs, such as a retailer's own planning: read, check, hand in a version. Waves take it by its name or digest.</summary>
public static class PlanEndpoints
{
    const int MostBytes = 1 << 20;

    public static void MapPlans(this IEndpointRouteBuilder routes, StateStore state, TimeProvider time)
    {
        var group = routes.MapGroup("/plans/v1").WithTags("plans");
        group.MapGet("/", () => new PlanStore(state).List().Select(PlanVersion.Of))
            .WithName("plans").WithSummary("All versions of plans that were used or handed in, the newest first.");
        group.MapGet("/{plan}", (string plan) => Results.Text(new PlanStore(state).Get(plan).Text, "application/json; charset=utf-8"))
            .WithName("plan").WithSummary("A plan's text, by the digest of a version or its beginning, or the newest by its name.")
            .Produces<string>(contentType: "application/json").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/validate", async (HttpRequest request) => new PlanMistakes(Mistakes(await Text(request), state, time, Languages.OfCode(request.Query["lang"]))))
            .WithName("validatePlan").WithSummary("Checks a plan, also against the catalogue, and keeps nothing; sentences in `lang` (en, ru).").WithMetadata(Body);
        group.MapPut("/", async (HttpRequest request, HttpContext context) =>
        {
            var text = await Text(request);
            var plan = PlanFile.Parse("plan", text);
            foreach (var mistake in PlanFile.Against(plan, "plan", Catalog(state, time))) throw mistake;
            return PlanVersion.Of(new PlanStore(state).Keep(text, "api", time.GetLocalNow()));
        }).WithName("keepPlan").WithSummary("Keeps a version of a plan, if it has no mistakes; the same text is kept once.").WithMetadata(Body)
            .Produces<PlanVersion>().ProducesProblem(StatusCodes.Status400BadRequest);
    }

    static AcceptsMetadata Body => new(["application/json"], typeof(object));

    static IReadOnlyList<string> Mistakes(string text, StateStore state, TimeProvider time, Language language)
    {
        var (plan, mistakes) = PlanFile.Check("plan", text);
        return [.. (plan is null ? mistakes : PlanFile.Against(plan, "plan", Catalog(state, time)).Select(mistake => mistake.Sentence)).Select(mistake => mistake.In(language))];
    }

    static Catalog Catalog(StateStore state, TimeProvider time) => new CatalogStore(state).LoadGoodsAndStores(DateOnly.FromDateTime(time.GetLocalNow().DateTime));

    static async Task<string> Text(HttpRequest request)
    {
        if (request.ContentLength is not <= MostBytes)
            throw new BadInputException("plan-length", new Text($"a plan: expected Content-Length, at most {MostBytes} bytes.", $"план: ожидался заголовок Content-Length, не больше {MostBytes} байт."));
        using var reader = new StreamReader(request.Body);
        return await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
    }
}
