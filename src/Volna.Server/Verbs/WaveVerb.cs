using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna wave</c></summary>
static class WaveVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("wave", new Text("Makes, shows, approves and publishes waves of offers.", "Создаёт, показывает, согласует и публикует волны предложений."), "volna wave");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
