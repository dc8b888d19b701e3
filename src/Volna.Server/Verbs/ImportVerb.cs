using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna import</c></summary>
static class ImportVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("import", new Text("Reads receipts and reference files into the data folder.", "Загружает чеки и справочники в папку данных."), "volna import");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
