using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna simulate</c>: a make-believe retailer whose truth is known; by itself, with <c>--weeks</c>, the closed loop.</summary>
static class SimulateVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create(
            "simulate", new Text(
                "A make-believe retailer whose truth is known; with --weeks, Volna runs on it week by week beside other policies.",
                "Вымышленная сеть, о которой известно всё; с --weeks Volna неделю за неделей работает на ней рядом с другими политиками."),
            "volna simulate world --out retailer", "volna import --data shop retailer/*.csv", "volna simulate --weeks 52 --out year", "volna simulate --weeks 12 --customers 5000 --policies volna,mass --json");
        command.Subcommands.Add(SimulateWorldVerb.Create(verb));
        command.Subcommands.Add(SimulateFitVerb.Create(verb));
        SimulateLoop.AddTo(command, verb);
        return command;
    }
}
