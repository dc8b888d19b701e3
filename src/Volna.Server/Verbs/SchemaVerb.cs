using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna schema</c></summary>
static class SchemaVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("schema", new Text("Prints file formats and template files.", "Печатает форматы файлов и файлы-образцы."), "volna schema");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
