using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna doctor</c></summary>
static class DoctorVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("doctor", new Text("Checks the machine and the data folder.", "Проверяет машину и папку данных."), "volna doctor");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
