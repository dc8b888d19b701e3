namespace Volna.Publishing.Scheduled;

/// <summary>How a wave stands that was due by its plan's schedule. Stored, numbers are never reused.</summary>
public enum ScheduledState
{
    /// <summary>Begun; gone on with after a crash.</summary>
    Making = 0,

    /// <summary>Generated; a person decides.</summary>
    Waiting = 1,
    Published = 2,

    /// <summary>No server ran on its first day.</summary>
    Missed = 3,

    /// <summary>A rule or its data forbade it.</summary>
    Refused = 4,
}

/// <summary>A wave that was due.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Day">The day that the schedule names; black-out days may make the wave begin later.</param>
/// <param name="Wave">The wave's id; empty where none was made.</param>
/// <param name="Note">Why it stands so; empty where it went as it should.</param>
public sealed record ScheduledWave(string Plan, DateOnly Day, ScheduledState State, string Wave, Text Note)
{
    public static Text Nothing { get; } = new("", "");
}

/// <summary>How people call the states.</summary>
public static class ScheduledStateNames
{
    public static Text Name(this ScheduledState state) => state switch
    {
        ScheduledState.Making => new("being made", "формируется"),
        ScheduledState.Waiting => new("waits for a person", "ждёт решения человека"),
        ScheduledState.Published => new("published", "опубликована"),
        ScheduledState.Missed => new("missed", "пропущена"),
        ScheduledState.Refused => new("refused", "не создана"),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "No such state."),
    };
}
