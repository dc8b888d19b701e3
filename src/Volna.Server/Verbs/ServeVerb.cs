using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna serve</c></summary>
static class ServeVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("serve", new Text("Runs the web server for tills, apps and people.", "Запускает веб-сервер для касс, приложений и людей."), "volna serve");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
