using System.CommandLine;

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
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65_535) result.AddError(verb.In("--port: expected 0 to 65535", "--port: ожидалось число от 0 до 65535"));
        });
        var command = verb.Create(
            "serve",
            new Text("Runs the web server for tills, apps and people, until Ctrl-C.", "Запускает веб-сервер для касс, приложений и людей; остановка — Ctrl-C."),
            "volna serve",
            "volna serve --port 8080 --data shop");
        command.Options.Add(port);
        verb.SetAsyncAction(command, async (parsed, shell) =>
        {
            using var state = shell.OpenState();
            await using var app = Host.Build(shell.Folder, state, parsed.GetValue(port), shell.Time);
            if (shell.DryRun) return Verb.Done;
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
            shell.Say(new Text(
                $"Console: {address}/   API: {address}/openapi/v1.json. Only this machine can connect: there are no keys or users yet. Ctrl-C ends.",
                $"Консоль: {address}/   API: {address}/openapi/v1.json. Подключиться можно только с этой машины: ключей и пользователей пока нет. Остановка — Ctrl-C."));
            try
            {
                await app.WaitForShutdownAsync(shell.Stop);
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
