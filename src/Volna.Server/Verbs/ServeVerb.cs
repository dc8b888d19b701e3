using System.CommandLine;
using System.Net;
using Volna.Redemptions;

namespace Volna.Server.Verbs;

/// <summary><c>volna serve</c></summary>
static class ServeVerb
{
    public static Command Create(Verb verb)
    {
        var port = new Option<int>("--port")
        {
            Description = verb.In("Port on this machine; 0 takes any free one", "Порт на этой машине; 0 — любой свободный"),
            HelpName = "PORT",
            DefaultValueFactory = _ => 5080,
        };
        verb.InBounds(port, 0, 65_535);
        var listen = new Option<string?>("--listen")
        {
            Description = verb.In("Address to listen at, for others than this machine; then every call needs a key (default: this machine alone)", "Адрес, на котором слушать не только эту машину; тогда каждому запросу нужен ключ (по умолчанию — только эта машина)"),
            HelpName = "ADDRESS",
        };
        listen.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } given && !IPAddress.TryParse(given, out _)) result.AddError(verb.In($"--listen: {given} isn't an address such as 0.0.0.0.", $"--listen: {given} — не адрес вида 0.0.0.0."));
        });
        var atOnce = new Option<int>("--till-calls-at-once")
        {
            Description = verb.In("Calls of tills in hand; more are answered by 503 at once", "Запросов касс в работе; остальным сразу ответ 503"),
            HelpName = "N",
            DefaultValueFactory = _ => HostOptions.DefaultTillCallsAtOnce,
        };
        verb.InBounds(atOnce, 1, int.MaxValue);
        var watch = new Option<int>("--watch-minutes")
        {
            Description = verb.In("How often waves are looked at, as `volna watch` does; 0 for never", "Как часто проверять волны, как `volna watch`; 0 — никогда"),
            HelpName = "N",
            DefaultValueFactory = _ => 15,
        };
        verb.InBounds(watch, 0, 1_440);
        var schedule = new Option<string[]>("--schedule")
        {
            Description = verb.In("Plan (file or kept plan) with a `schedule`: its waves are made, checked and published at their times; may be repeated", "План (файл или сохранённый) с `schedule`: его волны формируются, проверяются и публикуются по расписанию; можно повторять"),
            HelpName = "PLAN",
        };
        var command = verb.Create(
            "serve",
            new Text("Runs the web server for tills, apps and people, until Ctrl-C.", "Запускает веб-сервер для касс, приложений и людей; остановка — Ctrl-C."),
            "volna serve",
            "volna serve --port 8080 --data shop",
            "volna serve --schedule plan.json",
            "volna serve --listen 0.0.0.0 --port 5080",
            "volna serve --postgres \"Host=db;Database=volna;Username=volna\"");
        foreach (var option in (Option[])[port, listen, atOnce, watch, schedule, verb.Postgres]) command.Options.Add(option);
        verb.SetAsyncAction(command, async (parsed, shell) =>
        {
            using var state = shell.OpenState();
            var options = new HostOptions(parsed.GetValue(port), parsed.GetValue(listen) is { } given ? IPAddress.Parse(given) : null, parsed.GetValue(atOnce),
                parsed.GetValue(watch) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : null)
            {
                Schedules = parsed.GetValue(schedule) ?? [],
            };
            await using var app = Host.Build(shell.Folder, state, options, shell.Time);
            if (shell.DryRun) return Verb.Done;
            var till = app.Services.GetRequiredService<Till>();
            till.TakeWriter();
            try
            {
                await app.StartAsync(shell.Stop);
            }
            catch (IOException taken) when (taken.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                throw new BadInputException("port-taken", new Text(
                    $"--port {parsed.GetValue(port)}: another program listens there; give another port.",
                    $"--port {parsed.GetValue(port)}: порт занят другой программой; укажите другой."));
            }

            // Bound to one address where the port was chosen freely, to both IPv4 and IPv6 otherwise: one of them is enough to tell.
            var address = app.Urls.First();
            if (shell.Json) shell.PrintJson(new { address, console = $"{address}/", openApi = $"{address}/openapi/v1.json" });
            else shell.Data.WriteLine(address);
            shell.Say(options.IsOpen
                ? new Text(
                    $"Console: {address}/   API: {address}/openapi/v1.json. Every call needs a key (`volna key create`), which travels as it is: put TLS in front. Ctrl-C ends.",
                    $"Консоль: {address}/   API: {address}/openapi/v1.json. Каждому запросу нужен ключ (`volna key create`); он передаётся открыто, поэтому нужен TLS перед сервером. Остановка — Ctrl-C.")
                : new Text(
                    $"Console: {address}/   API: {address}/openapi/v1.json. Only this machine can connect; tills and apps need a key once one was made. Ctrl-C ends.",
                    $"Консоль: {address}/   API: {address}/openapi/v1.json. Подключиться можно только с этой машины; кассам и приложениям нужен ключ, как только создан хотя бы один. Остановка — Ctrl-C."));
            try
            {
                var ended = await Task.WhenAny(app.WaitForShutdownAsync(shell.Stop), till.Broken);
                // Calls in hand are answered before all is closed.
                if (ended == till.Broken) await app.StopAsync();
                // Books that don't balance end the process: the failure has the values.
                await ended;
            }
            catch (OperationCanceledException) when (shell.Stop.IsCancellationRequested)
            {
                // Ctrl-C is how it is meant to end.
            }

            return Verb.Done;
        });
        return command;
    }
}
