using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna till</c></summary>
static class TillVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("till", new Text("Prices or closes one basket, as a till would.", "Рассчитывает или закрывает один чек, как это делает касса."), "volna till");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
