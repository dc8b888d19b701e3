using System.Net;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Console;
using Volna.Console;
using Volna.Publishing;
using Volna.Redemptions;

namespace Volna.Server;

/// <summary>The web host: for tills, apps and people. A table of contents: one Add for each concern, one Map for each stage.</summary>
static class Host
{
    /// <param name="port">0 takes any free one.</param>
    public static WebApplication Build(DataFolder folder, StateStore state, int port, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "Volna.Server", ContentRootPath = AppContext.BaseDirectory });
        // A start that fails is told by the verb in one sentence; everything else goes to stderr, stdout is for data.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (port == 0) kestrel.Listen(IPAddress.Loopback, 0);
            else kestrel.ListenLocalhost(port);
        });

        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton(state);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        builder.Services.AddSingleton<LiveDayStore>();
        builder.Services.AddSingleton(services => Till.Open(folder, state, services.GetRequiredService<LiveDayStore>(), time));
        builder.Services.AddHealthChecks().AddCheck<ReadyCheck>("ready");
        builder.Services.AddVolnaProblems();
        builder.Services.AddVolnaOpenApi();
        // Razor components ask for it; no page has anything to protect yet, so no key is kept on the disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRazorComponents();
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

        var app = builder.Build();
        app.UseVolnaRequests();
        app.MapVolnaHealth();
        app.MapOpenApi();
        app.MapApp(folder, state, app.Services.GetRequiredService<LiveDayStore>(), time);
        app.MapTill(app.Services.GetRequiredService<Till>());
        app.MapConsole();
        return app;
    }
}
