using System.Net;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Console;
using Volna.Console;
using Volna.Offers.Plans;
using Volna.Publishing;
using Volna.Redemptions;
using Volna.Redemptions.Access;
using Volna.Reports;
using Volna.Reports.Health;

namespace Volna.Server;

/// <summary>Where the host listens and how much it takes on.</summary>
/// <param name="Port">0 takes any free one.</param>
/// <param name="Address">Null for this machine alone.</param>
/// <param name="TillCallsAtOnce">Calls of tills in hand; more are refused at once.</param>
/// <param name="WatchEvery">How often waves are looked at; null for never.</param>
sealed record HostOptions(int Port, IPAddress? Address = null, int TillCallsAtOnce = HostOptions.DefaultTillCallsAtOnce, TimeSpan? WatchEvery = null)
{
    /// <summary>Files of plans whose waves are made at the times of their schedules.</summary>
    public IReadOnlyList<string> Schedules { get; init; } = [];

    public const int DefaultTillCallsAtOnce = 1_024;

    /// <summary>True if others than this machine can connect.</summary>
    public bool IsOpen => Address is not null && !IPAddress.IsLoopback(Address);
}

/// <summary>The web host: for tills, apps and people. A table of contents: one Add for each concern, one Map for each stage.</summary>
static class Host
{
    public static WebApplication Build(DataFolder folder, StateStore state, HostOptions options, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Volna.Server", ContentRootPath = AppContext.BaseDirectory });
        // A start that fails is told by the verb in one sentence; everything else goes to stderr, stdout is for data.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // Says nothing that others don't say as well, but would begin an activity and a scope for each call.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (options.Address is { } address) kestrel.Listen(address, options.Port);
            else if (options.Port == 0) kestrel.Listen(IPAddress.Loopback, 0);
            else kestrel.ListenLocalhost(options.Port);
        });

        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton(state);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        builder.Services.AddSingleton<LiveDayStore>();
        builder.Services.AddSingleton<AccessKeyStore>();
        builder.Services.AddSingleton(services => Till.Open(folder, state, services.GetRequiredService<LiveDayStore>(), time));
        builder.Services.AddSingleton<AnswerTimes>();
        if (options.WatchEvery is not null) builder.Services.AddSingleton(options).AddHostedService<WatchLoop>();
        builder.Services.AddScheduledWaves(state, options.Schedules, time);
        builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("ready");
        builder.Services.AddVolnaProblems();
        builder.Services.AddVolnaOpenApi();
        // Razor components ask for it; no page has anything to protect yet, so no key is kept on the disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRazorComponents();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

        var app = builder.Build();
        var keys = app.Services.GetRequiredService<AccessKeyStore>();
        // Tills have a short way of their own: what a page needs (headers for browsers, error pages) would cost them a third of their time.
        app.MapWhen(context => context.Request.Path.StartsWithSegments("/till"), tills =>
        {
            if (options.WatchEvery is not null) tills.UseAnswerTimes(app.Services.GetRequiredService<AnswerTimes>());
            tills.UseOverload(options.TillCallsAtOnce);
            tills.UseTillFailures(app.Logger);
            tills.UseOwnHost(options.IsOpen);
            tills.UseAccessKeys(keys, time, options.IsOpen);
            tills.UseShortWays(app.Services.GetRequiredService<Till>());
            tills.UseRouting();
            tills.UseEndpoints(routes => routes.MapTill(app.Services.GetRequiredService<Till>(), state));
        });
        app.UseVolnaRequests();
        app.UseOwnHost(options.IsOpen);
        app.UseAccessKeys(keys, time, options.IsOpen);
        app.UseRouting();
        app.MapVolnaHealth();
        app.MapOpenApi();
        app.MapApp(folder, state, app.Services.GetRequiredService<LiveDayStore>(), time);
        app.MapPlans(state, time);
        app.MapReports(folder, state);
        app.MapConsole();
        return app;
    }
}
