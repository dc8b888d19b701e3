using System.CommandLine;

namespace Volna.Server.Verbs;

/// <summary><c>volna learn</c></summary>
static class LearnVerb
{
    public static Command Create(Verb verb)
    {
        var command = verb.Create("learn", new Text("Learns from the purchase history what customers will want.", "Учится по истории покупок, чего захотят покупатели."), "volna learn");
        verb.SetAction(command, (_, _) => throw new NotImplementedException());
        return command;
    }
}
