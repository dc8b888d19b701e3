using System.Text.Json.Serialization;

namespace Volna;

/// <summary>Whole business days from <see cref="Start"/>, included, to <see cref="End"/>, excluded, each store's by its own time zone.</summary>
public readonly record struct Period
{
    /// <exception cref="ArgumentException">The end lies before the start. An empty period is allowed.</exception>
    [JsonConstructor]
    public Period(DateOnly start, DateOnly end)
    {
        if (end < start) throw new ArgumentException($"A period can't end ({end:yyyy-MM-dd}) before it starts ({start:yyyy-MM-dd}).");
        Start = start;
        End = end;
    }

    public DateOnly Start { get; }

    public DateOnly End { get; }

    public int Days => End.DayNumber - Start.DayNumber;

    public bool Contains(DateOnly day) => day >= Start && day < End;

    /// <summary>Such as <c>2026-11-26..2026-12-03</c>, the end excluded.</summary>
    public override string ToString() => $"{Start:yyyy-MM-dd}..{End:yyyy-MM-dd}";
}
