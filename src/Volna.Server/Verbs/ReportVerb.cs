using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna report</c></summary>
static class ReportVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("report", new Text("Shows what a wave brought against the customers held out.", "Показывает, что волна принесла относительно контрольной группы."), "volna report");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
