using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna demo</c></summary>
static class DemoVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("demo", new Text("Shows a whole wave on a make-believe retailer.", "Показывает целую волну на вымышленной сети."), "volna demo");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
