using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna simulate</c>: a make-believe retailer whose truth is known.</summary>
static class SimulateVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "simulate", new Text("A make-believe retailer whose truth is known.", "Вымышленная сеть, о которой известно всё."),
            "volna simulate world --out retailer", "volna import --data shop retailer/*.csv");
        command.Subcommands.Add(SimulateWorldVerb.Create(verb));
        return command;
    }
}
