using Dapper;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Volna.Publishing;

namespace Volna.Server;

/// <summary>Ready to serve: the state database answers, and today's published waves are loaded.</summary>
sealed class ReadyCheck(StateStore state, LiveDayStore live, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var connection = state.Connect();
            connection.ExecuteScalar<long>("select count(*) from schema_script");
            var waves = live.On(DateOnly.FromDateTime(time.GetLocalNow().DateTime)).Packs.Select(pack => pack.WaveId);
            return Task.FromResult(HealthCheckResult.Healthy(data: new Dictionary<string, object> { ["liveWaves"] = waves.ToArray() }));
        }
        catch (BadInputException bad)
        {
            // A damaged pack is told to whoever asks for readiness; it must not end the server, which still serves the rest.
            return Task.FromResult(HealthCheckResult.Unhealthy(bad.Sentence.English));
        }
    }
}

/// <summary>Health for whoever watches the process.</summary>
static class Health
{
    public static void MapVolnaHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = Write });
    }

    static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status,
        checks = report.Entries.Select(entry => new { name = entry.Key, status = entry.Value.Status, text = entry.Value.Description, data = entry.Value.Data }),
    }, Shell.JsonOptions);
}
